"""The clock of the standard processing period (標準処理期間), told by the trail of an application's states.

It starts with the submission (that day is not counted), stands still while the ball is with the applicant, and stops
with the decision; what is reopened and submitted again has a clock of its own. Administrative Procedure Act, article 6:
the period from arrival at the office to the disposition is laid down and made public; time needed for the correction of
an application is customarily not part of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from whitelist.policy.workflow import ApplicationState
from whitelist.policy.working_days import STANDARD_PERIOD, day_after, days_between

JAPAN = timezone(timedelta(hours=9))  # no daylight saving time since 1952
RUNNING = frozenset({ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.FIRST_APPROVED})
PAUSED = frozenset({ApplicationState.CHANGES_REQUESTED})
WARN_AT = (50, 80, 100)  # per cent of the standard period


@dataclass(frozen=True, slots=True)
class Span:
    """The application was in `state` from `since` to `until` (aware times); `until` None: it still is."""

    state: ApplicationState
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """submitted: the day; used: working days counted; paused: working days with the applicant, not counted.

    due: the last day of the period; while it stands still, the last day if the answer came now.
    """

    submitted: date
    used: int
    paused: int
    due: date
    is_paused: bool
    is_stopped: bool
    period: int = STANDARD_PERIOD

    @property
    def left(self) -> int:
        """Days left of the period; negative when it is over."""
        return self.period - self.used

    @property
    def per_cent(self) -> int:
        return self.used * 100 // self.period

    @property
    def is_overdue(self) -> bool:
        return self.left < 0


def spans(entered: Iterable[tuple[str, datetime]]) -> tuple[Span, ...]:
    """Spans from the moments at which states were entered, in order; the same state twice in a row is one span."""
    found: list[Span] = []
    for state, at in entered:
        if found and found[-1].state == state:
            continue
        if found:
            found[-1] = Span(found[-1].state, found[-1].since, at)
        found.append(Span(ApplicationState(state), at))
    return tuple(found)


def clock(trail: Sequence[Span], at: datetime, *, period: int = STANDARD_PERIOD) -> Clock | None:
    """The clock as of `at` (aware) of the last submission in `trail`; None before the first. Later spans count not.

    period: working days allowed; the standard period, or the shorter one this site sets itself for the fast lane.
    """
    begun = last_round([span for span in trail if span.since <= at])
    if not begun:
        return None
    last = begun[-1]
    is_stopped = last.until is not None and last.until <= at
    end = day_of(last.until if is_stopped and last.until else at)
    submitted = day_of(begun[0].since)
    paused = sum(days_between(day_of(s.since), _end_day(s, end)) for s in begun if s.state in PAUSED)
    return Clock(
        submitted=submitted,
        used=days_between(submitted, end) - paused,
        paused=paused,
        due=day_after(submitted, period + paused),
        is_paused=not is_stopped and last.state in PAUSED,
        is_stopped=is_stopped,
        period=period,
    )


def last_round(trail: Sequence[Span]) -> list[Span]:
    """From the last submission to its decision, or to now: the spans in which the clock runs or stands still."""
    found: list[Span] = []
    is_open = False
    for span in trail:
        counts = span.state in RUNNING or span.state in PAUSED
        if counts and not is_open:
            found = []
        if counts:
            found.append(span)
        is_open = counts
    return found


def warning_reached(per_cent: int) -> int:
    """The highest of WARN_AT that `per_cent` has reached; 0 below the first."""
    return max((step for step in WARN_AT if per_cent >= step), default=0)


def day_of(moment: datetime) -> date:
    """The Japanese calendar day of an aware moment."""
    return moment.astimezone(JAPAN).date()


def _end_day(span: Span, end: date) -> date:
    return min(day_of(span.until), end) if span.until else end
