"""What both sides see of a production entry: the same facts for its provider and for reviewers."""

from datetime import datetime, timedelta
from typing import Any

from whitelist import impact, rechecks, suspensions
from whitelist.messages import case_words, entry_words, finding_words
from whitelist.models import Entry, Retirement
from whitelist.policy.workflow import EntryEvent, EntryState, possible_events

SHOWN_DAYS = 30


def shown(entry: Entry, *, at: datetime) -> dict[str, Any]:
    """Template context of an entry's page."""
    suspension = suspensions.open_suspension(entry)
    events = possible_events(EntryState(entry.state))
    history = list(entry.rechecks.filter(at__gt=at - timedelta(days=SHOWN_DAYS)).order_by("-at"))
    return {
        "entry": entry,
        "state": state(entry),
        "purposes": [case_words.PURPOSES[purpose] for purpose in entry.purposes],
        "ways_in": [case_words.WAYS_IN[way] for way in entry.ways_in],
        "suspension": suspension,
        "suspension_reason": entry_words.SUSPENSION_REASONS[suspension.reason] if suspension else "",
        "proposal": suspensions.standing_proposal(suspension) if suspension else None,
        "retirement": Retirement.objects.filter(entry=entry).select_related("successor").first(),
        "can_suspend": EntryEvent.SUSPEND in events and suspension is None,
        "can_retire": EntryEvent.RETIRE in events,
        "can_keep": EntryEvent.KEEP in events,
        "impact": impact.of(entry, at=at),
        "strikes": rechecks.strikes_now(entry),
        "rechecks": [_row(recheck) for recheck in history],
        "strip": _strip(history, at),
        "shown_days": SHOWN_DAYS,
        "at": at,
    }


def state(entry: Entry) -> dict[str, Any]:
    return {"meaning": entry_words.STATE_MEANINGS[entry.state], "words": case_words.ENTRY_STATES[entry.state]}


def _row(recheck: Any) -> dict[str, Any]:
    return {
        "at": recheck.at,
        "meaning": entry_words.HEALTH_MEANINGS[recheck.health],
        "words": entry_words.HEALTH[recheck.health],
        "strike": recheck.strike,
        "codes": [
            {"code": code, "title": finding_words.title(code)} for code in (*recheck.blocking, *recheck.inconclusive)
        ],
        "rule_set": recheck.rule_set_version,
    }


def _strip(history: list[Any], at: datetime) -> list[dict[str, Any]]:
    """One cell per day, oldest first, for the drawing: the gravest result of the day, or nothing looked at."""
    gravest: dict[int, str] = {}
    order = ("healthy", "inconclusive", "failing")
    for recheck in history:
        age = (at - recheck.at).days
        gravest[age] = max(gravest.get(age, "healthy"), recheck.health, key=order.index)
    cells = []
    for place, age in enumerate(range(SHOWN_DAYS - 1, -1, -1)):
        health = gravest.get(age)
        cells.append({"x": place * 12, "meaning": entry_words.HEALTH_MEANINGS[health] if health else "not_run"})
    return cells
