"""What no code path may do, because the database says no."""

import pytest
from django.db import IntegrityError, transaction

from portal.environments import services as environments
from portal.providers.models import Delegation, Membership
from tests.whitelist.conftest import verdict
from whitelist import register, services
from whitelist.models import (
    CheckReport,
    Entry,
    FieldRequest,
    ListVersion,
    ProvisionalVerdict,
    Review,
    Revision,
    Transition,
)
from whitelist.policy.corrections import Request
from whitelist.reviews import decide


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


@pytest.mark.parametrize("model", [Revision, CheckReport, ListVersion])
def test_append_only_rows_are_neither_changed_nor_deleted(published, model):
    assert model.objects.exists()
    refused(lambda: model.objects.update(digest="0" * 64))
    refused(lambda: model.objects.all()._raw_delete("default"))


@pytest.mark.parametrize("model", [Transition, ProvisionalVerdict])
def test_what_was_thought_and_when_is_neither_changed_nor_deleted(published, model):
    field = "state" if model is Transition else "decision"
    assert model.objects.exists()
    refused(lambda: model.objects.update(**{field: "refused" if model is Transition else "refuse"}))
    refused(lambda: model.objects.all()._raw_delete("default"))


def test_what_a_correction_asked_is_a_fact(submitted, cast, now):
    asked = (Request("url", "url_not_as_sent"),)
    decide(submitted, verdict=verdict(submitted, "request_changes", field_requests=asked), by=cast.reiko, at=now)
    refused(lambda: FieldRequest.objects.update(text="x"))
    refused(lambda: FieldRequest.objects.all()._raw_delete("default"))


def test_an_entry_is_a_fact(published):
    refused(lambda: Entry.objects.update(url=b"https://evil.example.com/", url_text="https://evil.example.com/"))
    refused(lambda: Entry.objects.update(purposes=["signature"]))
    refused(lambda: Entry.objects.all()._raw_delete("default"))


def test_a_review_is_a_fact(published):
    refused(lambda: Review.objects.update(decision="refuse", criterion="1-1", message="x"))
    refused(lambda: Review.objects.all()._raw_delete("default"))


def grant(cast, url=b"https://shop.example.jp/return", environment=None, **changes):
    values = {"first_approver": cast.reiko, "second_approver": cast.renji, "provider": cast.bank} | changes
    return register.create(
        environment or environments.production(),
        url=url,
        kind="browser",
        purposes=["signature"],
        ways_in=["qr"],
        by=cast.hanako,
        rules="r",
        **values,
    )


def reviewed(submitted, by, stage, decision="approve"):
    report = submitted.current_revision.latest_report
    Review.objects.create(
        revision=report.revision,
        report=report,
        reviewer=by,
        stage=stage,
        decision=decision,
        binding=report.binding,
        no_conflict="2026-11/1",
        created_at=report.created_at,
    )


@pytest.fixture
def revision(submitted, cast):
    reviewed(submitted, cast.reiko, "first")
    reviewed(submitted, cast.renji, "second")
    return submitted.current_revision


def test_production_entry_that_nobody_approved(cast, submitted):
    refused(lambda: grant(cast, revision=submitted.current_revision))


def test_production_entry_with_the_first_approval_alone(cast, submitted):
    reviewed(submitted, cast.reiko, "first")
    refused(lambda: grant(cast, revision=submitted.current_revision))


def test_production_entry_whose_approval_was_voided(cast, revision, now):
    Review.objects.filter(reviewer=cast.reiko).update(voided_at=now, void_reason="review.binding_changed")
    refused(lambda: grant(cast, revision=revision))


def test_production_entry_that_names_other_approvers(cast, revision):
    refused(lambda: grant(cast, revision=revision, first_approver=cast.renji, second_approver=cast.reiko))


def test_a_review_needs_the_statement_of_no_conflict(cast, submitted):
    report = submitted.current_revision.latest_report
    values = {"stage": "first", "decision": "approve", "binding": report.binding, "created_at": report.created_at}
    refused(lambda: Review.objects.create(revision=report.revision, report=report, reviewer=cast.reiko, **values))


def test_nobody_of_a_served_organisation_reviews(cast, submitted, now):
    """Taro's colleague Reiko has a seat at an organisation for which the applicant is the platform operator."""
    Delegation.objects.create(provider=cast.other, operator=cast.bank, valid_from=now.date())
    Membership.objects.create(provider=cast.other, user=cast.reiko)
    refused(lambda: reviewed(submitted, cast.reiko, "first"))


def test_production_entry_with_two_approvers_is_accepted(cast, revision):
    assert grant(cast, revision=revision).public_id == "E-00001"


@pytest.mark.parametrize("changes", [{"first_approver": None}, {"second_approver": None}, {"provider": None}])
def test_production_entry_without_both_approvers(cast, revision, changes):
    refused(lambda: grant(cast, revision=revision, **changes))


def test_production_entry_without_a_revision(cast):
    refused(lambda: grant(cast))


def test_production_entry_with_one_approver_twice(cast, revision):
    refused(lambda: grant(cast, revision=revision, second_approver=cast.reiko))


@pytest.mark.parametrize(
    "url",
    [
        b"http://shop.example.jp/return",
        b"https://localhost/return",
        b"https://app.localhost:8443/return",
        b"https://127.0.0.1/return",
        b"https://[::1]/return",
        b"https://[::1]:8443/return",
    ],
)
def test_loopback_and_http_are_not_for_production(cast, revision, url):
    refused(lambda: grant(cast, revision=revision, url=url))


def test_a_url_is_listed_once_per_environment(cast, sandbox):
    services.enter_in_sandbox(
        sandbox, url="http://localhost:8002/r", purposes=["signature"], ways_in=["qr"], by=cast.hanako
    )
    refused(lambda: grant(cast, environment=sandbox, url=b"http://localhost:8002/r"))


def test_an_entry_lives_in_the_world_of_its_environment(cast, sandbox, revision):
    sandbox.kind = "production"
    refused(lambda: grant(cast, environment=sandbox, revision=revision))
