"""Asking for a look: one waiting look per URL, a limit per host and hour, facts kept once."""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest

from testenv.internet.standing_in import Internet
from whitelist import probing
from whitelist.models import Probe
from whitelist.policy.server_facts import Outcome

URL = b"https://bank.example.jp/jpki/return"
pytestmark = pytest.mark.django_db


def test_a_look_asked_for_is_taken_and_kept(internet: Internet, commit: Any, now: datetime) -> None:
    assert probing.latest(URL) is None
    with commit():
        probe = probing.ask(URL, reason="draft", at=now)
        assert probing.waiting(URL) == probe
    facts = probing.latest(URL)
    assert facts is not None
    assert (facts.dns.outcome, facts.web and facts.web.status) == (Outcome.ANSWERED, 405)
    assert probing.waiting(URL) is None
    probe.refresh_from_db()
    assert (probe.state, probe.host, probe.reason) == ("looked", "bank.example.jp", "draft")


def test_a_look_that_waits_is_not_asked_for_twice(now: datetime) -> None:
    assert probing.ask(URL, reason="draft", at=now) == probing.ask(URL, reason="review", at=now)
    assert Probe.objects.count() == 1


def test_the_newest_look_speaks_and_only_for_its_very_bytes(internet: Internet, commit: Any, now: datetime) -> None:
    for _ in range(2):
        with commit():
            probing.ask(URL, reason="draft", at=now)
    assert Probe.objects.count() == 2
    assert probing.latest(URL + b"/") is None
    facts = probing.latest(URL)
    assert facts is not None
    assert facts.looked_at >= now


def test_facts_once_kept_stay(internet: Internet, commit: Any, now: datetime) -> None:
    with commit():
        probe = probing.ask(URL, reason="draft", at=now)
    before = probing.latest(URL)
    assert before is not None
    probing.record(probe.pk, dataclasses.replace(before, looked_at=now + timedelta(days=1)))
    assert probing.latest(URL) == before
    assert probing.asked(probe.pk) is None


def test_a_host_is_looked_at_so_often_an_hour_and_no_more(settings: Any, now: datetime) -> None:
    settings.PROBES_PER_HOST_AND_HOUR = 3
    dues = []
    for number in range(7):
        url = b"https://bank.example.jp/%d" % number
        dues.append(probing.ask(url, reason="draft", at=now + timedelta(minutes=number)).due_at)
    assert dues[:3] == [now + timedelta(minutes=n) for n in range(3)]
    assert dues[3:6] == [now + timedelta(minutes=60 + n) for n in range(3)]
    assert dues[6] == now + timedelta(minutes=120)
    other = probing.ask(b"https://other.example.jp/", reason="draft", at=now)
    assert other.due_at == now


def test_what_waits_for_its_turn_is_not_looked_at_yet(
    settings: Any, internet: Internet, commit: Any, now: datetime
) -> None:
    settings.PROBES_PER_HOST_AND_HOUR = 1
    with commit():
        probing.ask(URL, reason="draft", at=now)
        probing.ask(URL + b"/2", reason="draft", at=now)
    assert probing.latest(URL) is not None
    assert probing.latest(URL + b"/2") is None


@pytest.mark.parametrize("url", [b"http://localhost:8002/return", b"jp.example.app:/return", b"https:///x"])
def test_only_https_is_looked_at(url: bytes, now: datetime) -> None:
    with pytest.raises(ValueError, match="https"):
        probing.ask(url, reason="draft", at=now)
