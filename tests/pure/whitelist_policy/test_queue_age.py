"""How many cases have waited how long, by the colour of their clocks."""

from datetime import date

import pytest

from whitelist.policy.legal_clock import Clock
from whitelist.policy.queue_age import SHOWN_DAYS, Urgency, ages, totals, urgency


def clock(used, *, period=20, is_paused=False):
    day = date(2026, 11, 2)
    return Clock(day, used, 0, day, is_paused=is_paused, is_stopped=False, period=period)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (clock(0), Urgency.IN_TIME),
        (clock(15), Urgency.IN_TIME),
        (clock(16), Urgency.DUE_SOON),
        (clock(20), Urgency.DUE_SOON),
        (clock(21), Urgency.OVERDUE),
        (clock(1, period=1), Urgency.DUE_SOON),
        (clock(30, is_paused=True), Urgency.PAUSED),
    ],
)
def test_the_colour_of_a_clock(found, said):
    assert urgency(found) is said


def test_every_day_up_to_the_longest_has_its_numbers():
    days = ages([clock(0), clock(2), clock(2, is_paused=True), clock(2, period=1)])
    assert [day.day for day in days] == [0, 1, 2]
    assert [day.total for day in days] == [1, 0, 3]
    assert days[2].counts == {Urgency.IN_TIME: 1, Urgency.PAUSED: 1, Urgency.OVERDUE: 1, Urgency.DUE_SOON: 0}
    assert totals(days) == {Urgency.IN_TIME: 2, Urgency.PAUSED: 1, Urgency.OVERDUE: 1, Urgency.DUE_SOON: 0}


def test_who_waits_very_long_is_counted_on_the_last_day():
    days = ages([clock(SHOWN_DAYS), clock(400), clock(-1)])
    assert (days[-1].day, days[-1].total, days[0].total) == (SHOWN_DAYS, 2, 1)


def test_nothing_open_is_no_day():
    assert ages([]) == ()
    assert set(totals(()).values()) == {0}
