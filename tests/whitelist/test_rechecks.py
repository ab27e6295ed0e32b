"""Looking again at live entries: when, what is recorded, who hears of it, and that nothing is ever switched off."""

from datetime import timedelta

import pytest
from django.core import mail

from portal.audit import services as audit
from portal.environments import services as environments
from whitelist import rechecks, reporting, services, suspensions
from whitelist.models import Entry, Probe, Recheck
from whitelist.policy.finding import Finding, Report, Severity
from whitelist.policy.workflow import EntryState

URL = b"https://bank.example.jp/jpki/return"


@pytest.fixture
def entry(published):
    Probe.objects.all().delete()  # the look that the submission asked for
    return published.live_entry


def report(*findings):
    return Report(URL.decode(), "production", tuple(findings), (), URL, "2026-11/r1")


@pytest.fixture
def found(monkeypatch):
    """What the engine finds from now on: the judging is tested here, the finding elsewhere."""
    findings = []
    monkeypatch.setattr(reporting, "report_for", lambda url, **_: report(*findings))

    def say(*said):
        findings[:] = said

    return say


EXPIRED = Finding("tls.expiry", Severity.BLOCK)
UNREACHABLE = Finding("tls.connect", Severity.INCONCLUSIVE)


def look(entry, at):
    recheck = rechecks.judge(entry.pk, at=at)
    return recheck.strike, Entry.objects.get(pk=entry.pk).state


def test_three_strikes_call_a_reviewer_and_the_entry_stays_listed(entry, cast, now, commit, found):
    found(EXPIRED)
    for day, expected in ((0, (1, "warned")), (1, (0, "warned")), (3, (2, "at_risk")), (6, (3, "review_due"))):
        with commit():
            assert look(entry, now + timedelta(days=day)) == expected
        assert services.lookup(environments.production(), URL).entry is not None
    told = [(m.subject.partition(" /")[0], m.to) for m in mail.outbox if "E-00001" in m.subject]
    to_owner = [subject for subject, to in told if to == [cast.hanako.email]]
    assert len(to_owner) == 3
    assert len(set(to_owner)) == 3
    assert {to[0] for _, to in told} == {cast.hanako.email, cast.taro.email, cast.reiko.email, cast.renji.email}
    steps = [event.after["state"] for event in audit.history(entry) if event.action == "entry.rechecked"]
    assert steps == ["warned", "at_risk", "review_due"]


def test_a_reviewer_leaves_it_live(entry, cast, now, found):
    Entry.objects.filter(pk=entry.pk).update(state="review_due")
    rechecks.settle(entry, by=cast.reiko, at=now)
    assert Entry.objects.get(pk=entry.pk).state == EntryState.LIVE
    found(EXPIRED)
    assert look(entry, now) == (1, "warned")


def test_a_mended_server_is_clear_again(entry, now, found):
    found(EXPIRED)
    look(entry, now)
    found()
    assert look(entry, now + timedelta(days=1)) == (0, "live")
    found(EXPIRED)
    assert look(entry, now + timedelta(days=2)) == (0, "live"), "a new strike waits for its interval"
    assert look(entry, now + timedelta(days=3)) == (1, "warned")


def test_an_unreachable_server_gets_no_strike(entry, now, found):
    found(UNREACHABLE)
    assert look(entry, now) == (0, "live")
    kept = Recheck.objects.get(entry=entry)
    assert (kept.health, kept.inconclusive, kept.blocking) == ("inconclusive", ["tls.connect"], [])


def test_what_is_stopped_or_gone_is_not_looked_at(entry, cast, now):
    assert list(rechecks.watched()) == [entry]
    suspensions.suspend(entry, reason="incident", words="", by=cast.hanako, at=now)
    assert list(rechecks.watched()) == []
    assert rechecks.judge(entry.pk, at=now) is None


def test_a_look_is_asked_for_once_a_day(entry, now):
    assert rechecks.ask_where_due(now) == 1
    assert rechecks.ask_where_due(now + timedelta(hours=23)) == 0
    assert rechecks.ask_where_due(now + rechecks.EVERY) == 1
    assert Probe.objects.filter(url=URL, reason="recheck").count() == 1, "the one that still waits serves"


def test_only_new_facts_are_judged(entry, now, found):
    found()
    assert rechecks.with_new_facts() == []
    probe = Probe.objects.create(
        url=URL, url_text=URL.decode(), host="bank.example.jp", reason="recheck", asked_at=now, due_at=now
    )
    Probe.objects.filter(pk=probe.pk).update(state="looked", looked_at=now, facts_json={})
    assert rechecks.with_new_facts() == [entry.pk]
    rechecks.judge(entry.pk, at=now + timedelta(seconds=5))
    assert rechecks.with_new_facts() == []
