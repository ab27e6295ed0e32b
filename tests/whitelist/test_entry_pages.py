"""Pages of a live entry: what each side may press, and that the host is typed by hand before it is given up."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests import organisations
from tests.cast import browser_of, person, proof
from whitelist import suspensions
from whitelist.models import Entry, Suspension
from whitelist.policy.workflow import EntryState


@pytest.fixture
def entry(published):
    return published.live_entry


def url(name, entry):
    return reverse(name, args=[entry.public_id])


def test_the_owner_stops_it_with_a_code_and_not_without(entry, cast):
    hanako = browser_of(cast.hanako)
    page = hanako.get(url("whitelist:entry-detail", entry))
    assert url("whitelist:entry-suspend", entry) in page.content.decode()
    asked = hanako.post(url("whitelist:entry-suspend", entry), {"reason": "incident"})
    assert asked.status_code == 200
    assert not Suspension.objects.exists()
    done = hanako.post(url("whitelist:entry-suspend", entry), {"reason": "incident", **proof(cast.hanako)}, follow=True)
    assert Entry.objects.get(pk=entry.pk).state == EntryState.SUSPENDED
    assert url("whitelist:entry-suspend", entry) not in done.content.decode()


def test_another_reason_must_be_said(entry, cast):
    reiko = browser_of(cast.reiko)
    answer = reiko.post(url("review:entry-suspend", entry), {"reason": "other", **proof(cast.reiko)})
    assert answer.status_code == 200
    assert "id_words_error" in answer.content.decode()
    assert not Suspension.objects.exists()


def test_a_wrong_host_gives_nothing_up(entry, cast, now):
    hanako = browser_of(cast.hanako)
    day = (now + timedelta(days=5)).date().isoformat()
    path = url("whitelist:entry-retire", entry)
    answer = hanako.post(path, {"day": day, "host": "bank.example.com", **proof(cast.hanako)})
    assert "id_host_error" in answer.content.decode()
    assert Entry.objects.get(pk=entry.pk).state == EntryState.LIVE


def test_giving_up_and_keeping(entry, cast, now):
    hanako = browser_of(cast.hanako)
    day = (now + timedelta(days=5)).date().isoformat()
    hanako.post(url("whitelist:entry-retire", entry), {"day": day, "host": entry.host, **proof(cast.hanako)})
    assert Entry.objects.get(pk=entry.pk).state == EntryState.RETIRING
    hanako.post(url("whitelist:entry-keep", entry))
    assert Entry.objects.get(pk=entry.pk).state == EntryState.LIVE


def test_a_member_sees_no_red_button(published, entry, cast):
    mika = person("Mika")
    organisations.seat(mika, cast.bank)
    page = browser_of(mika).get(url("whitelist:entry-detail", entry)).content.decode()
    assert url("whitelist:entry-suspend", entry) not in page


def test_the_board_finds_an_entry_by_its_host(entry, cast):
    reiko = browser_of(cast.reiko)
    empty = reiko.get(reverse("review:health-board")).content.decode()
    assert entry.public_id not in empty
    found = reiko.get(reverse("review:health-board"), {"q": "bank.example"}).content.decode()
    assert entry.public_id in found
    assert entry.public_id not in reiko.get(reverse("review:health-board"), {"q": "other"}).content.decode()


def test_a_waiting_proposal_stands_on_the_board_and_the_proposer_cannot_confirm_it(entry, cast, now):
    suspension = suspensions.suspend(entry, reason="incident", words="", by=cast.reiko, at=now)
    suspensions.propose_return(suspension, words="mended", by=cast.reiko, at=now)
    board = browser_of(cast.renji).get(reverse("review:health-board")).content.decode()
    assert entry.public_id in board
    confirm = url("review:return-confirm", entry)
    assert confirm not in browser_of(cast.reiko).get(url("review:entry-detail", entry)).content.decode()
    assert confirm in browser_of(cast.renji).get(url("review:entry-detail", entry)).content.decode()
    browser_of(cast.reiko).post(confirm, proof(cast.reiko))
    assert Entry.objects.get(pk=entry.pk).state == EntryState.SUSPENDED
    browser_of(cast.renji).post(confirm, proof(cast.renji))
    assert Entry.objects.get(pk=entry.pk).state == EntryState.LIVE
