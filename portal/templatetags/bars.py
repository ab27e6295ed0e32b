"""Bars drawn as SVG with numbers computed here: the content security policy allows no inline style for widths."""

from datetime import datetime
from typing import Any

from django import template

register = template.Library()


def _share(part: float, whole: float) -> float:
    if whole <= 0:
        return 0.0
    return round(100 * min(max(part / whole, 0.0), 1.0), 2)


@register.inclusion_tag("components/meter.html")
def meter(
    used: float, whole: float, words: str, *, paused: float = 0, meaning: str = "", value: str = ""
) -> dict[str, Any]:
    """How much of `whole` is used (filled) and paused (hatched, after the filled part).

    `words` says what is measured, `value` the number at the right; together they are the sentence a screen reader gets.
    `meaning` (warning, error, …) colours the filled part.
    """
    filled = _share(used, whole)
    return {
        "filled": filled,
        "paused": min(_share(paused, whole), 100 - filled),
        "words": words,
        "value": value,
        "meaning": meaning,
    }


@register.inclusion_tag("components/freshness.html")
def freshness(start: datetime, end: datetime | None, at: datetime) -> dict[str, Any]:
    """The span of a fact with a time (a CRL from thisUpdate to nextUpdate) with the moment `at` marked on it."""
    span = (end - start).total_seconds() if end else 0
    return {
        "start": start,
        "end": end,
        "at": at,
        "is_fresh": end is not None and start <= at <= end,
        "position": min(_share((at - start).total_seconds(), span), 99),
    }
