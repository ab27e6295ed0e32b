"""What would stop working if an entry were gone: matches per day, when the last one was, and who says so.

A figure without its source is worthless here, and silence is not zero: who has not reported for long is named.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from whitelist import matches
from whitelist.models import Entry

_JAPAN = ZoneInfo("Asia/Tokyo")
SHOWN_DAYS = 7


@dataclass(frozen=True, slots=True)
class Impact:
    """days: (Japanese calendar day, matches), newest first, today included; yesterday: the figure people ask for."""

    last_match_at: datetime | None
    days: tuple[tuple[date, int], ...]
    sources: tuple[matches.Source, ...]

    @property
    def yesterday(self) -> int:
        return self.days[1][1] if len(self.days) > 1 else 0

    def as_json(self) -> dict[str, Any]:
        """Plain values, kept with a decision that was made over them."""
        return {
            "last_match_at": self.last_match_at.isoformat() if self.last_match_at else None,
            "days": [[day.isoformat(), count] for day, count in self.days],
            "sources": [
                {"name": source.name, "told_at": source.told_at.isoformat() if source.told_at else None}
                for source in self.sources
            ],
        }


def of(entry: Entry, *, at: datetime) -> Impact:
    """The impact of removing `entry`, as known at `at` (aware)."""
    today = at.astimezone(_JAPAN).date()
    shown = [today - timedelta(days=back) for back in range(SHOWN_DAYS)]
    per_day: Counter[date] = Counter()
    for hour, count in matches.hours_of(entry, since=at - timedelta(days=SHOWN_DAYS)):
        per_day[hour.astimezone(_JAPAN).date()] += count
    told = matches.sources(entry.environment_id, at=at)
    return Impact(
        last_match_at=matches.last_hour_of(entry),
        days=tuple((day, per_day[day]) for day in shown) if told else (),
        sources=tuple(told),
    )
