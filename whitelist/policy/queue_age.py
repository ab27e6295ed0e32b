"""How old the open cases are: how many have waited how many working days, by how close their period's end is. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from whitelist.policy.legal_clock import Clock

SHOWN_DAYS = 40  # a case that has waited as long or longer is counted on the last day shown


class Urgency(StrEnum):
    """What the colour of a clock says, gravest last but for the one that stands still."""

    PAUSED = "paused"
    IN_TIME = "in_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Day:
    """How many cases have used `day` working days of their period, by urgency; every urgency has its number."""

    day: int
    counts: Mapping[Urgency, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def urgency(clock: Clock) -> Urgency:
    """Due soon is the last fifth of the period."""
    if clock.is_paused:
        return Urgency.PAUSED
    if clock.is_overdue:
        return Urgency.OVERDUE
    return Urgency.DUE_SOON if clock.left * 5 <= clock.period else Urgency.IN_TIME


def ages(clocks: Iterable[Clock]) -> tuple[Day, ...]:
    """Every day from 0 to the longest wait, at most SHOWN_DAYS; empty without clocks."""
    counted = Counter((min(max(clock.used, 0), SHOWN_DAYS), urgency(clock)) for clock in clocks)
    longest = max((day for day, _ in counted), default=-1)
    return tuple(Day(day, {kind: counted[day, kind] for kind in Urgency}) for day in range(longest + 1))


def totals(days: Sequence[Day]) -> dict[Urgency, int]:
    """Cases by urgency over all days."""
    return {kind: sum(day.counts[kind] for day in days) for kind in Urgency}
