"""Where a version of the list, or what it says of one entry, is in effect, as pages show it: one card for each TSM."""

from datetime import datetime, timedelta
from typing import Any

from whitelist import consumers, entry_changes, heads
from whitelist.consumers import EffectState
from whitelist.messages import publication_words
from whitelist.models import Entry, ListVersion
from whitelist.policy.change_log import Change

_MEANINGS = {
    EffectState.LIVE: "ok",
    EffectState.WAITING: "waiting",
    EffectState.LATE: "warning",
    EffectState.WRONG: "error",
}
_ENDS = (Change.SUSPENDED, Change.REMOVED)
_QUICKLY, _PATIENTLY = 2_000, 15_000  # milliseconds until the page asks again
_A_DAY = timedelta(days=1)


def shown(version: ListVersion, *, at: datetime) -> dict[str, Any]:
    """Cards in order of name, how many run the version, and whether anything must be looked at."""
    found = consumers.effects(version, at=at)
    states = {effect.state for effect in found}
    cards = [_card(effect, version, at) for effect in found]
    live = sum(effect.state is EffectState.LIVE for effect in found)
    return {
        "cards": cards,
        "live": live,
        "all": len(found),
        "is_everywhere": live == len(found) > 0,
        "is_late": EffectState.LATE in states,
        "is_wrong": EffectState.WRONG in states,
        "is_silent": any(card["is_silent"] for card in cards),
    }


def of_entry(entry: Entry, *, at: datetime) -> dict[str, Any] | None:
    """The newest change of the list about `entry` and where it is in effect; None for an entry older than the log.

    every: milliseconds until the page asks again, None when there is nothing more to wait for.
    """
    change = entry_changes.newest(entry)
    if change is None:
        is_coming = entry_changes.is_awaited(entry, None)
        return {"version": None, "words": "", "tsm": None, "every": _QUICKLY} if is_coming else None
    if entry_changes.is_awaited(entry, change):
        return {"version": None, "words": "", "tsm": None, "every": _QUICKLY}
    tsm = shown(change.version, at=at) | {"ends": change.kind in _ENDS}
    return {
        "version": change.version,
        "words": publication_words.entry_change(change.kind),
        "tsm": tsm,
        "every": _wait(tsm),
    }


def _wait(tsm: dict[str, Any]) -> int | None:
    """Who may still confirm soon is asked about often; who is late or silent, now and then."""
    if tsm["live"] == tsm["all"]:
        return None
    return _PATIENTLY if tsm["is_late"] or tsm["is_wrong"] else _QUICKLY


def _card(effect: consumers.Effect, version: ListVersion, at: datetime) -> dict[str, Any]:
    after = round((effect.at - version.published_at).total_seconds()) if effect.at else None
    return {
        "effect": effect,
        "name": effect.consumer.name,
        "state": str(effect.state),
        "meaning": _MEANINGS[effect.state],
        "after": max(after, 0) if after is not None else None,
        "is_today": effect.at is not None and at - effect.at < _A_DAY,
        "is_silent": effect.seen_at is None or at - effect.seen_at > heads.validity(),
    }
