"""Where a version is in effect, as pages show it: one card for each TSM."""

from datetime import datetime
from typing import Any

from whitelist import consumers
from whitelist.consumers import EffectState
from whitelist.models import ListVersion

_MEANINGS = {
    EffectState.LIVE: "ok",
    EffectState.WAITING: "waiting",
    EffectState.LATE: "warning",
    EffectState.WRONG: "error",
}


def shown(version: ListVersion, *, at: datetime) -> dict[str, Any]:
    """Cards in order of name, how many run the version, and whether anything must be looked at."""
    found = consumers.effects(version, at=at)
    states = {effect.state for effect in found}
    cards = [_card(effect, version) for effect in found]
    live = sum(effect.state is EffectState.LIVE for effect in found)
    return {
        "cards": cards,
        "live": live,
        "all": len(found),
        "is_everywhere": live == len(found) > 0,
        "is_late": EffectState.LATE in states,
        "is_wrong": EffectState.WRONG in states,
    }


def _card(effect: consumers.Effect, version: ListVersion) -> dict[str, Any]:
    after = round((effect.at - version.published_at).total_seconds()) if effect.at else None
    return {
        "effect": effect,
        "name": effect.consumer.name,
        "state": str(effect.state),
        "meaning": _MEANINGS[effect.state],
        "after": max(after, 0) if after is not None else None,
    }
