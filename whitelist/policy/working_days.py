"""Working days of the review, and how much of the standard processing period is used.

Days off are those of administrative organs: Saturdays, Sundays, national holidays and 29 December to 3 January (Act on
Holidays of Administrative Organs, 1988 No. 91, article 1). The national holidays are the ones the Cabinet Office has
published; a year that is not in the table has weekends and the turn of the year only. The first day is not counted
(Civil Code, article 140). Dates are Japanese calendar days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

STANDARD_PERIOD = 20  # sample value of this site, not J-LIS's
CLAIM_LIFETIME = 2

_NATIONAL_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2026-01-12 2026-02-11 2026-02-23 2026-03-20 2026-04-29 2026-05-03 2026-05-04 2026-05-05 2026-05-06 2026-07-20 "
        "2026-08-11 2026-09-21 2026-09-22 2026-09-23 2026-10-12 2026-11-03 2026-11-23 "
        "2027-01-11 2027-02-11 2027-02-23 2027-03-21 2027-03-22 2027-04-29 2027-05-03 2027-05-04 2027-05-05 2027-07-19 "
        "2027-08-11 2027-09-20 2027-09-23 2027-10-11 2027-11-03 2027-11-23"
    ).split()
)


def is_working_day(day: date) -> bool:
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not turn_of_year and day not in _NATIONAL_HOLIDAYS


def days_between(start: date, end: date) -> int:
    """Working days after `start`, up to and including `end`; 0 when `end` is not later."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def day_after(start: date, working_days: int) -> date:
    """The day on which `working_days` have passed since `start`, `start` itself not counted."""
    day = start
    while working_days > 0:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day


@dataclass(frozen=True, slots=True)
class Clock:
    """used: working days counted; paused: working days awaiting the applicant, not counted; due: the last day."""

    used: int
    paused: int
    due: date

    @property
    def left(self) -> int:
        """Days left of the period; negative when it is over."""
        return STANDARD_PERIOD - self.used


def clock(submitted: date, pauses: Iterable[tuple[date, date]], at: date) -> Clock:
    """The clock of an application submitted on `submitted`, as of `at`.

    pauses: (day a correction was asked for, day it was answered or `at`), in order, not overlapping.
    """
    paused = sum(days_between(start, end) for start, end in pauses)
    used = days_between(submitted, at) - paused
    return Clock(used=used, paused=paused, due=day_after(submitted, STANDARD_PERIOD + paused))
