"""The age of the queue as a drawing and as the table beside it, both from the same numbers."""

from collections.abc import Iterable
from typing import Any

from whitelist.messages import case_words
from whitelist.policy import queue_age
from whitelist.policy.legal_clock import Clock
from whitelist.policy.queue_age import SHOWN_DAYS, Day, Urgency

MEANINGS = {
    Urgency.IN_TIME: "info",
    Urgency.DUE_SOON: "warning",
    Urgency.OVERDUE: "error",
    Urgency.PAUSED: "paused",
}
_HIGH, _WIDE, _FEWEST = 96, 16, 21  # units of the drawing: height, width of a day, days it has room for at least


def of(clocks: Iterable[Clock]) -> dict[str, Any]:
    """Context of whitelist/evidence/queue_age.html."""
    days = queue_age.ages(clocks)
    sums, highest = queue_age.totals(days), max((day.total for day in days), default=1)
    return {
        "total": sum(sums.values()),
        "longest": days[-1].day if days else 0,
        "is_cut": bool(days) and days[-1].day == SHOWN_DAYS,
        "shown_days": SHOWN_DAYS,
        "width": max(len(days), _FEWEST) * _WIDE,
        "last_day": max(len(days), _FEWEST) - 1,
        "kinds": [
            {"meaning": meaning, "words": case_words.URGENCIES[kind], "count": sums[kind]}
            for kind, meaning in MEANINGS.items()
        ],
        "bars": [bar for day in days for bar in _bars(day, highest)],
        "rows": [
            {"day": day.day, "total": day.total, "counts": _counts(day), "is_last": day.day == SHOWN_DAYS}
            for day in days
            if day.total
        ],
    }


def _counts(day: Day) -> list[dict[str, Any]]:
    return [{"words": case_words.URGENCIES[kind], "count": day.counts[kind]} for kind in MEANINGS]


def _bars(day: Day, highest: int) -> list[dict[str, Any]]:
    """The parts of one day's column, the most urgent at the bottom, where columns are compared."""
    found: list[dict[str, Any]] = []
    below = 0.0
    for kind in (Urgency.OVERDUE, Urgency.DUE_SOON, Urgency.IN_TIME, Urgency.PAUSED):
        height = day.counts[kind] * _HIGH / highest
        if height:
            y = _HIGH + 2 - below - height
            found.append(
                {"meaning": MEANINGS[kind], "x": day.day * _WIDE + 2, "y": f"{y:.1f}", "height": f"{height:.1f}"}
            )
            below += height
    return found
