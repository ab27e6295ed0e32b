"""Both looked at the same page; whoever is second changes nothing."""

import pytest

from tests.whitelist.conftest import verdict
from whitelist import reviews
from whitelist.models import Review
from whitelist.refusals import Overtaken


def test_one_wins_and_the_other_is_told(submitted, cast, now):
    seen = verdict(submitted)
    reviews.decide(submitted, verdict=seen, by=cast.reiko, at=now)
    with pytest.raises(Overtaken, match=r"review\.decided_meanwhile"):
        reviews.decide(submitted, verdict=seen, by=cast.renji, at=now)
    submitted.refresh_from_db()
    assert (submitted.state, Review.objects.get().reviewer) == ("first_approved", cast.reiko)


def test_a_decision_sent_twice_counts_once(submitted, cast, now):
    seen = verdict(submitted)
    reviews.decide(submitted, verdict=seen, by=cast.reiko, at=now)
    with pytest.raises(Overtaken):
        reviews.decide(submitted, verdict=seen, by=cast.reiko, at=now)
    assert Review.objects.count() == 1


def test_without_locks_the_version_decides(submitted, cast, now, monkeypatch):
    """Both read the row before either wrote: the conditional update lets one through."""
    seen = verdict(submitted)
    stale = type(submitted).objects.get(pk=submitted.pk)
    reviews.decide(submitted, verdict=seen, by=cast.reiko, at=now)
    monkeypatch.setattr(reviews, "lock", lambda application: stale)
    with pytest.raises(Overtaken):
        reviews.decide(submitted, verdict=seen, by=cast.renji, at=now)
    assert Review.objects.count() == 1
