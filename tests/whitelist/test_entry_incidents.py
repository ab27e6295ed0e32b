"""Stopping an entry, bringing it back, giving it up: who may, how many it takes, and what the database refuses."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from portal.audit import services as audit
from portal.environments import services as environments
from whitelist import retirement, services, suspensions
from whitelist.models import Entry, Recheck, Reinstatement, Suspension
from whitelist.policy.workflow import EntryState
from whitelist.refusals import Overtaken, Refused

URL = b"https://bank.example.jp/jpki/return"


@pytest.fixture
def entry(published):
    return published.live_entry


def is_listed():
    return services.lookup(environments.production(), URL).entry is not None


def stop(entry, by, at, reason="incident"):
    return suspensions.suspend(entry, reason=reason, words="", by=by, at=at)


def test_the_owner_stops_the_entry_and_the_list_says_so(entry, cast, now, commit):
    assert is_listed()
    with commit():
        stopped = stop(entry, cast.hanako, now)
    assert (stopped.by_provider, stopped.effective_at) == (True, now)
    assert not is_listed()
    assert Entry.objects.get(pk=entry.pk).state == EntryState.SUSPENDED
    assert [m.subject for m in mail.outbox if "E-00001" in m.subject]
    assert {event.action for event in audit.history(entry)} >= {"entry.suspension_asked", "entry.suspended"}


def test_a_stranger_and_an_operator_stop_nothing(entry, cast, now):
    for person in (cast.jiro, cast.osamu):
        with pytest.raises(Refused, match=r"entry\.may_not_suspend"):
            stop(entry, person, now)


def test_a_reviewer_stops_it_alone_and_two_bring_it_back(entry, cast, now, commit):
    with commit():
        suspension = stop(entry, cast.reiko, now)
    assert not is_listed()
    suspensions.propose_return(suspension, words="mended", by=cast.reiko, at=now)
    with pytest.raises(Refused, match=r"review\.same_reviewer"):
        suspensions.confirm_return(suspension, by=cast.reiko, at=now)
    assert not is_listed()
    with commit():
        suspensions.confirm_return(suspension, by=cast.renji, at=now)
    assert is_listed()
    suspension.refresh_from_db()
    assert suspension.ended_at == now


def test_the_owner_does_not_bring_it_back(entry, cast, now):
    suspension = stop(entry, cast.hanako, now)
    with pytest.raises(Refused, match=r"review\.not_a_reviewer"):
        suspensions.propose_return(suspension, words="we are fine", by=cast.hanako, at=now)


def test_a_proposal_can_be_taken_back_and_made_anew(entry, cast, now):
    suspension = stop(entry, cast.reiko, now)
    suspensions.propose_return(suspension, words="mended", by=cast.reiko, at=now)
    with pytest.raises(Overtaken, match=r"reinstatement\.proposed_already"):
        suspensions.propose_return(suspension, words="mended", by=cast.renji, at=now)
    suspensions.withdraw_return(suspension, by=cast.reiko, at=now)
    with pytest.raises(Overtaken, match=r"reinstatement\.not_waiting"):
        suspensions.confirm_return(suspension, by=cast.renji, at=now)
    suspensions.propose_return(suspension, words="mended", by=cast.renji, at=now)


def test_the_fourth_stop_within_an_hour_waits_for_a_second_reviewer(entry, cast, now, commit):
    for turn in range(suspensions.ALONE_PER_HOUR):
        suspension = stop(entry, cast.reiko, now + timedelta(minutes=turn))
        assert suspension.effective_at is not None
        suspensions.propose_return(suspension, words="drill", by=cast.reiko, at=now)
        suspensions.confirm_return(suspension, by=cast.renji, at=now)
    later = now + timedelta(minutes=10)
    with commit():
        waiting = stop(entry, cast.reiko, later)
    assert waiting.effective_at is None
    assert is_listed()
    assert any("E-00001" in message.subject and message.to == [cast.renji.email] for message in mail.outbox)
    with pytest.raises(Refused, match=r"review\.same_reviewer"):
        suspensions.second(waiting, by=cast.reiko, at=later)
    with pytest.raises(Overtaken, match=r"entry\.suspended_already"):
        stop(entry, cast.renji, later)
    with commit():
        suspensions.second(waiting, by=cast.renji, at=later)
    assert not is_listed()


def test_after_an_hour_one_may_stop_alone_again(entry, cast, now):
    for _turn in range(suspensions.ALONE_PER_HOUR):
        suspension = stop(entry, cast.reiko, now)
        suspensions.propose_return(suspension, words="drill", by=cast.reiko, at=now)
        suspensions.confirm_return(suspension, by=cast.renji, at=now)
    assert stop(entry, cast.reiko, now + timedelta(hours=1)).effective_at is not None


def test_a_waiting_stop_can_be_taken_back(entry, cast, now):
    waiting = Suspension.objects.create(
        public_id="sus_x", entry=entry, reason="other", by_provider=False, asked_by=cast.reiko, asked_at=now
    )
    suspensions.drop(waiting, by=cast.reiko, at=now)
    assert suspensions.open_suspension(entry) is None
    assert stop(entry, cast.renji, now).effective_at == now


def test_the_database_refuses_a_return_that_two_people_did_not_sign(entry, cast, now):
    suspension = stop(entry, cast.reiko, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(state="live")
    half = Reinstatement.objects.create(suspension=suspension, words="x", proposed_by=cast.reiko, proposed_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(state="warned")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reinstatement.objects.filter(pk=half.pk).update(confirmed_by=cast.reiko, confirmed_at=now)
    Reinstatement.objects.filter(pk=half.pk).update(confirmed_by=cast.renji, confirmed_at=now)
    assert Entry.objects.filter(pk=entry.pk).update(state="live") == 1


def test_an_old_signature_does_not_serve_a_new_stop(entry, cast, now):
    first = stop(entry, cast.reiko, now)
    suspensions.propose_return(first, words="mended", by=cast.reiko, at=now)
    suspensions.confirm_return(first, by=cast.renji, at=now)
    stop(entry, cast.reiko, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(state="live")


def test_the_database_keeps_what_was_asked(entry, cast, now):
    suspension = stop(entry, cast.reiko, now)
    for change in ({"asked_by": cast.renji}, {"reason": "other"}, {"words": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.filter(pk=suspension.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        suspension.delete()
    look = Recheck.objects.create(entry=entry, at=now, health="healthy", rule_set_version="r", report_digest="0" * 64)
    for spoil in (
        f"UPDATE whitelist_recheck SET health = 'failing' WHERE id = {look.pk}",
        "DELETE FROM whitelist_recheck",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(spoil)


def test_an_entry_is_given_up_on_its_day(entry, cast, now, commit):
    due = now + timedelta(days=3)
    with commit():
        retirement.give_up(entry, due_at=due, impact={}, by=cast.hanako, at=now)
    assert is_listed()
    assert retirement.due(due - timedelta(seconds=1)) == []
    assert retirement.due(due) == [entry.pk]
    with commit():
        assert retirement.finish(entry.pk, at=due)
    assert not is_listed()
    assert not retirement.finish(entry.pk, at=due)
    ended = Entry.objects.get(pk=entry.pk)
    assert (ended.state, ended.ended_at) == (EntryState.REMOVED, due)


def test_until_then_the_owner_may_keep_it(entry, cast, now):
    retirement.give_up(entry, due_at=now + timedelta(days=3), impact={}, by=cast.hanako, at=now)
    retirement.keep(entry, by=cast.taro, at=now)
    assert Entry.objects.get(pk=entry.pk).state == EntryState.LIVE
    assert retirement.due(now + timedelta(days=9)) == []
    retirement.give_up(entry, due_at=now + timedelta(days=4), impact={}, by=cast.hanako, at=now)


@pytest.mark.parametrize("days", [-1, 91])
def test_the_day_is_within_reach(entry, cast, now, days):
    with pytest.raises(Refused, match=r"retirement\.day_out_of_range"):
        retirement.give_up(entry, due_at=now + timedelta(days=days), impact={}, by=cast.hanako, at=now)


def test_only_an_owner_gives_it_up(entry, cast, now):
    for person in (cast.jiro, cast.reiko):
        with pytest.raises(Refused, match=r"entry\.only_owner"):
            retirement.give_up(entry, due_at=now, impact={}, by=person, at=now)


def test_a_stopped_entry_does_not_come_back_by_retiring(entry, cast, now):
    retirement.give_up(entry, due_at=now + timedelta(days=3), impact={}, by=cast.hanako, at=now)
    stop(entry, cast.reiko, now)
    with pytest.raises(Overtaken):
        retirement.keep(entry, by=cast.hanako, at=now)
    assert not retirement.finish(entry.pk, at=now + timedelta(days=4))
