"""Severities are changed by two people over a dry run; entries keep their own until the notice has run out."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from portal.audit.models import AuditEvent
from tests.applications import proven, seen
from tests.whitelist.conftest import URL, approve, draft
from whitelist import applications, reporting, rule_changes, rule_sets
from whitelist.models import ContactConfirmation, Entry, RuleSetVersion
from whitelist.policy.finding import Severity
from whitelist.policy.rule_set import RULE_SET
from whitelist.refusals import Overtaken, Refused

PORT_BLOCKS = {"url.port": (Severity.INFO, Severity.BLOCK)}
PORT_URL = "https://bank.example.jp:8443/jpki/return"


def propose(by, now, changes=PORT_BLOCKS, **asked):
    values = {"note": "Only port 443 is reached from everywhere.", "effective_from": now, "notice_days": 30}
    return rule_changes.propose(changes, by=by, at=now, **(values | asked))


@pytest.fixture
def with_port(cast, now, commit, keys):
    """A live entry with an unusual port, listed under the seed."""
    proven(cast.bank, "bank.example.jp", by=cast.hanako)
    application = applications.start_application(
        cast.bank, form_key=uuid.uuid4(), content=draft(PORT_URL), by=cast.hanako
    )
    seen(PORT_URL)
    applications.submit(application, seen_version=application.version, by=cast.hanako, at=now)
    with commit():
        approve(application, cast.reiko, now)
        approve(application, cast.renji, now)
    return Entry.objects.get(url_text=PORT_URL)


def test_the_seed_is_in_force_before_anybody_changes_it(db, now):
    assert rule_sets.in_force(now) is RULE_SET


def test_a_dry_run_names_who_would_fail_and_changes_nothing(with_port, published, cast, now):
    trial = rule_changes.dry_run(PORT_BLOCKS, at=now)

    assert trial.looked == 2
    assert [(row.url, row.codes, row.provider) for row in trial.failing] == [(PORT_URL, ("url.port",), "見本銀行")]
    assert rule_sets.in_force(now) is RULE_SET
    assert not RuleSetVersion.objects.exists()


def test_a_second_person_puts_it_in_force_and_the_providers_are_told(with_port, cast, now, commit):
    row = propose(cast.reiko, now)
    assert rule_sets.in_force(now) is RULE_SET
    mail.outbox.clear()
    with commit():
        rule_changes.confirm(row, by=cast.osamu, at=now)

    assert rule_sets.in_force(now).version == row.name
    report = reporting.report_for(PORT_URL, provider=cast.bank, world="production", at=now)
    assert report.rule_set_version == row.name
    assert "url.port" in {finding.code for finding in report.of(Severity.BLOCK)}
    told = {message.to[0] for message in mail.outbox}
    assert told == {cast.hanako.email, cast.taro.email}
    assert PORT_URL in mail.outbox[0].body
    assert "url.port" in mail.outbox[0].body
    assert [event.action for event in AuditEvent.objects.filter(action__startswith="rules.")] == [
        "rules.proposed",
        "rules.confirmed",
    ]


def test_an_entry_keeps_its_own_until_the_notice_has_run_out(with_port, cast, now):
    row = rule_changes.confirm(propose(cast.reiko, now), by=cast.renji, at=now)
    before, after = row.notice_until - timedelta(seconds=1), row.notice_until

    assert rule_sets.for_entry(with_port.rule_set_version, before) is RULE_SET
    assert rule_sets.for_entry(with_port.rule_set_version, after).version == row.name


def test_a_later_first_day_is_waited_for(db, cast, now):
    row = rule_changes.confirm(propose(cast.reiko, now, effective_from=now + timedelta(days=10)), by=cast.renji, at=now)
    assert rule_sets.in_force(now + timedelta(days=9)) is RULE_SET
    assert rule_sets.in_force(now + timedelta(days=10)).version == row.name
    assert row.notice_until == now + timedelta(days=40)


def test_the_same_person_cannot_confirm(cast, now):
    row = propose(cast.reiko, now)
    with pytest.raises(Refused, match=r"rules\.same_person"):
        rule_changes.confirm(row, by=cast.reiko, at=now)
    values = {"state": "confirmed", "closed_by": cast.reiko, "closed_at": now, "notice_until": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSetVersion.objects.filter(pk=row.pk).update(**values)


def test_the_database_keeps_what_was_proposed_and_decided(cast, now):
    row = propose(cast.reiko, now)
    for refused in (
        lambda: RuleSetVersion.objects.filter(pk=row.pk).update(severities={}),
        lambda: RuleSetVersion.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    rule_changes.confirm(row, by=cast.renji, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleSetVersion.objects.filter(pk=row.pk).update(effective_from=now + timedelta(days=1))


def test_other_entries_than_were_shown_need_another_proposal(cast, now, commit, keys, request):
    row = propose(cast.reiko, now)
    request.getfixturevalue("with_port")
    with pytest.raises(Overtaken, match=r"rules\.dry_run_changed"):
        rule_changes.confirm(row, by=cast.renji, at=now)


def test_withdrawn_is_withdrawn(cast, now):
    row = propose(cast.reiko, now)
    rule_changes.withdraw(row, by=cast.osamu, at=now)
    for again in (rule_changes.confirm, rule_changes.withdraw):
        with pytest.raises(Overtaken, match=r"rules\.not_waiting"):
            again(row, by=cast.renji, at=now)
    assert propose(cast.reiko, now).number == row.number + 1


@pytest.mark.parametrize(
    ("changes", "asked", "code"),
    [
        ({}, {}, "rules.nothing_changed"),
        ({"url.port": RULE_SET.severities["url.port"]}, {}, "rules.nothing_changed"),
        ({"url.nothing": (Severity.INFO, Severity.BLOCK)}, {}, "rules.unknown_code"),
        ({"url.port": (Severity.BLOCK, Severity.INFO)}, {}, "rules.production_milder"),
        (PORT_BLOCKS, {"note": "  "}, "rules.note_missing"),
        (PORT_BLOCKS, {"notice_days": 3}, "rules.notice_too_short"),
    ],
)
def test_refused(cast, now, changes, asked, code):
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        propose(cast.reiko, now, changes, **asked)


def test_one_proposal_at_a_time(cast, now):
    propose(cast.reiko, now)
    with pytest.raises(Refused, match=r"rules\.one_proposal_at_a_time"):
        propose(cast.renji, now)


def test_a_decision_over_the_old_rules_is_void(submitted, cast, now):
    rule_changes.confirm(propose(cast.reiko, now), by=cast.osamu, at=now)
    submitted.refresh_from_db()
    assert submitted.current_revision.latest_report.rule_set_version == RULE_SET.version
    with pytest.raises(Refused, match=r"review\.rules_changed"):
        approve(submitted, cast.renji, now)


def test_the_url_of_another_provider_is_a_duplicate(published, cast, now):
    theirs = reporting.report_for(URL, provider=cast.other, world="production", at=now)
    own = reporting.report_for(URL, provider=cast.bank, world="production", at=now)
    assert "dom.duplicate" in {finding.code for finding in theirs.of(Severity.BLOCK)}
    assert "dom.duplicate" in {finding.code for finding in own.of(Severity.PASSED)}


def test_a_contact_that_never_answered_is_told(application, cast, now):
    ContactConfirmation.objects.all().delete()
    report = applications.check_draft(application, at=now)
    (finding,) = (finding for finding in report.findings if finding.code == "list.contact")
    assert "security" in finding.observed
    assert finding.severity == RULE_SET.severity("list.contact", "", "production")


def test_what_nobody_looked_at_waits(application, now):
    report = applications.check_draft(application, at=now)
    assert "tls.chain" in report.waiting
    assert "list.conformance" in {finding.code for finding in report.of(Severity.NOT_RUN)}
