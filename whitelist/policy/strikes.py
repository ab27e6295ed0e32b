"""The ladder of a live entry whose server no longer passes its checks: warn, escalate, prepare, and never switch off.

A wrong removal breaks a service of the citizens, so the machine only climbs towards a person: a first strike warns the
service provider, a second one at least STRIKE_INTERVAL later puts the entry at risk, a third calls a reviewer. A check
that could not look (unreachable, time-out) is no strike and no recovery: hstspreload.org learnt that scanners are
blocked by firewalls. A name that was let go and now answers for somebody else calls the reviewer at once.
The lengths are sample settings of this site.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from whitelist.policy.workflow import EntryEvent, EntryState

STRIKE_INTERVAL = timedelta(days=3)
# A name in the hands of a stranger: what makes a failing check a takeover.
TAKEOVER_CODES = frozenset({"dns.dangling"})


class Health(StrEnum):
    """What one re-check says: the checks passed, one of them blocks, or it could not look."""

    HEALTHY = "healthy"
    FAILING = "failing"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from a re-check: the event on the entry (None: it stays), and the strike it counts as (0: none)."""

    event: EntryEvent | None
    strike: int = 0


_CLIMB = {
    EntryState.LIVE: (EntryEvent.WARN, 1),
    EntryState.WARNED: (EntryEvent.ESCALATE, 2),
    EntryState.AT_RISK: (EntryEvent.CALL_REVIEW, 3),
}
_RECOVERING = (EntryState.WARNED, EntryState.AT_RISK)
_WATCHED = (*_CLIMB, EntryState.REVIEW_DUE)


def is_watched(state: EntryState) -> bool:
    """Whether entries of this state are re-checked: in the list, and not about to leave it by their owner's will."""
    return state in _WATCHED


def health(blocking: Collection[str], inconclusive: Collection[str]) -> Health:
    """Health from the codes of a report's blocking and inconclusive findings; a definite fault outweighs a doubt."""
    if blocking:
        return Health.FAILING
    return Health.INCONCLUSIVE if inconclusive else Health.HEALTHY


def step(
    state: EntryState, seen: Health, *, blocking: Collection[str], last_strike: datetime | None, at: datetime
) -> Step:
    """The next rung for an entry in `state` whose re-check said `seen` with these `blocking` codes.

    last_strike: when the last strike was counted, None when the entry has none; at: the moment of the re-check (both
    aware). Whoever is called for review stays so until a person has decided.
    """
    if seen is Health.HEALTHY:
        return Step(EntryEvent.CLEAR) if state in _RECOVERING else Step(None)
    if seen is Health.INCONCLUSIVE or state not in _CLIMB:
        return Step(None)
    if TAKEOVER_CODES & set(blocking):
        return Step(EntryEvent.CALL_REVIEW, 3)
    if last_strike is not None and at < last_strike + STRIKE_INTERVAL:
        return Step(None)
    return Step(*_CLIMB[state])
