"""Who may decide: each refusal once in the verbs and once in the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.providers.models import Delegation, Membership
from tests.applications import seen
from tests.whitelist.conftest import URL, approve, verdict
from whitelist import applications, claims, reviews
from whitelist.models import Entry, Review
from whitelist.policy.second_look import CONFLICT_STATEMENT
from whitelist.refusals import Overtaken, Refused


def refuse_of(application, by, at, **changes):
    application.refresh_from_db()
    with pytest.raises(Refused) as refused:
        reviews.decide(application, verdict=verdict(application, **changes), by=by, at=at)
    return refused.value.code


def test_second_approval_by_the_same_person_is_refused(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    assert refuse_of(submitted, cast.reiko, now) == "review.same_reviewer"
    submitted.refresh_from_db()
    assert (submitted.state, Entry.objects.count()) == ("first_approved", 0)


def test_a_member_of_the_applicant_cannot_review(submitted, cast, now):
    Membership.objects.create(provider=cast.bank, user=cast.reiko)
    assert refuse_of(submitted, cast.reiko, now) == "review.member_of_applicant"


def test_a_member_of_the_platform_operator_cannot_review(submitted, cast, now):
    Delegation.objects.create(provider=cast.bank, operator=cast.other, valid_from=now.date())
    Membership.objects.create(provider=cast.other, user=cast.reiko)
    assert refuse_of(submitted, cast.reiko, now) == "review.member_of_applicant"


def test_who_edited_a_draft_once_cannot_review_although_gone(submitted, cast, now):
    submitted.editors.add(cast.reiko)
    assert refuse_of(submitted, cast.reiko, now) == "review.edited_revision"


@pytest.mark.parametrize("name", ["hanako", "jiro", "osamu"])
def test_only_reviewers_review(submitted, cast, now, name):
    assert refuse_of(submitted, getattr(cast, name), now) == "review.not_a_reviewer"


def test_who_left_the_desk_cannot_review(submitted, cast, now):
    cast.reiko.is_active = False
    assert refuse_of(submitted, cast.reiko, now) == "review.not_a_reviewer"


def test_a_claimed_case_is_left_alone_until_the_claim_lapses(submitted, cast, now):
    claims.claim(submitted, by=cast.reiko, at=now)
    assert refuse_of(submitted, cast.renji, now) == "review.claimed_by_another"
    submitted.refresh_from_db()
    claims.claim(submitted, by=cast.renji, at=now + timedelta(days=30))
    submitted.refresh_from_db()
    assert submitted.claimed_by == cast.renji


def test_a_handed_back_case_is_free_again(submitted, cast, now):
    claims.claim(submitted, by=cast.reiko, at=now)
    claims.hand_back(submitted, by=cast.reiko, at=now)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.claimed_by) == ("submitted", None)


def test_a_first_approval_expires_after_seven_days(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    submitted.refresh_from_db()
    with pytest.raises(Overtaken, match=r"review\.first_approval_expired"):
        reviews.decide(submitted, verdict=verdict(submitted), by=cast.renji, at=now + timedelta(days=7))
    submitted.refresh_from_db()
    assert submitted.state == "in_review"
    assert Review.objects.get().void_reason == "review.first_approval_expired"


def test_another_check_result_voids_the_first_approval(submitted, cast, now, monkeypatch):
    approve(submitted, cast.reiko, now)
    report_for = reviews.reporting.report_for
    monkeypatch.setattr(reviews.reporting, "report_for", lambda url, **asked: report_for(url + "?v=1", **asked))
    reviews.report_on_look(URL.encode(), at=now)
    submitted.refresh_from_db()
    assert submitted.state == "in_review"
    assert Review.objects.get().void_reason == "review.binding_changed"


def test_the_same_check_result_leaves_the_first_approval_standing(submitted, cast, now):
    approve(submitted, cast.reiko, now)
    reviews.report_on_look(URL.encode(), at=now)
    submitted.refresh_from_db()
    assert submitted.state == "first_approved"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"criteria": ("1-1",)}, "review.criteria_unticked"),
        ({"decision": "request_changes", "message": " "}, "review.message_missing"),
        ({"decision": "refuse", "message": "no", "criterion": "9-9"}, "review.criterion_missing"),
        ({"decision": "shrug", "message": "no"}, "review.decision_missing"),
        ({"binding": "0" * 64}, "review.evidence_changed"),
    ],
)
def test_an_incomplete_decision_is_not_recorded(submitted, cast, now, changes, code):
    assert refuse_of(submitted, cast.reiko, now, **changes) == code
    assert Review.objects.count() == 0


def test_warnings_must_be_ticked(application, cast, now):
    content = application.draft | {"url": "https://bank.example.jp:8443/return"}
    changed = applications.save_draft(application, content=content, seen_version=application.version, by=cast.hanako)
    seen("https://bank.example.jp:8443/return")
    applications.submit(changed, seen_version=changed.version, by=cast.hanako, at=now)
    assert refuse_of(application, cast.reiko, now, findings_seen=()) == "review.findings_unseen"
    assert approve(application, cast.reiko, now).state == "first_approved"


def bare_review(application, reviewer, at, stage="first"):
    report = application.current_revision.latest_report
    with transaction.atomic():
        return Review.objects.create(
            revision=report.revision,
            report=report,
            reviewer=reviewer,
            stage=stage,
            decision="approve",
            binding=report.binding,
            no_conflict=CONFLICT_STATEMENT,
            created_at=at,
        )


def test_database_refuses_a_review_by_an_editor(submitted, cast, now):
    with pytest.raises(IntegrityError, match="involved"):
        bare_review(submitted, cast.hanako, now)


def test_database_refuses_a_review_by_a_member(submitted, cast, now):
    Membership.objects.create(provider=cast.bank, user=cast.reiko)
    with pytest.raises(IntegrityError, match="involved"):
        bare_review(submitted, cast.reiko, now)


def test_database_refuses_a_review_by_the_platform_operator(submitted, cast, now):
    Delegation.objects.create(provider=cast.bank, operator=cast.other, valid_from=now.date())
    Membership.objects.create(provider=cast.other, user=cast.reiko)
    with pytest.raises(IntegrityError, match="involved"):
        bare_review(submitted, cast.reiko, now)


def test_database_refuses_two_reviews_by_one_person(submitted, cast, now):
    bare_review(submitted, cast.reiko, now)
    with pytest.raises(IntegrityError):
        bare_review(submitted, cast.reiko, now, stage="second")


def test_database_refuses_two_reviews_of_one_stage(submitted, cast, now):
    bare_review(submitted, cast.reiko, now)
    with pytest.raises(IntegrityError):
        bare_review(submitted, cast.renji, now)
