"""Working days of the Japanese administration.

Days off are those of administrative organs: Saturdays, Sundays, national holidays (with their substitutes) and
29 December to 3 January (Act on Holidays of Administrative Organs, 1988 No. 91, article 1). The national holidays come
from the package jpholiday, which computes them from the Act on National Holidays (1948 No. 178). The first day is not
counted (Civil Code, article 140). Dates are Japanese calendar days.
"""

from datetime import date, timedelta

import jpholiday

STANDARD_PERIOD = 20  # sample value of this site, not J-LIS's
FAST_PERIOD = 1  # what this site sets itself for the fast lane; the standard period is what counts as late
CLAIM_LIFETIME = 2


def is_working_day(day: date) -> bool:
    turn_of_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not turn_of_year and not jpholiday.is_holiday(day)


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
