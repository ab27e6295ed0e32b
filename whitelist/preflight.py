"""Will it match? The answer of the list itself first; only where that is no, why not and what is nearest.

Equality of bytes decides, nothing else. Whatever looks into a URL here (policy.difference) comes after the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.environments import services as environments
from whitelist import consumers, services, snapshot
from whitelist.models import Entry, ListVersion
from whitelist.policy.difference import nearest
from whitelist.policy.workflow import LISTED, EntryState
from whitelist.services import Near
from whitelist.snapshot import Listing

# Kinds of differences after which it is hardly the same server any more.
_FOREIGN = frozenset({"url.host", "url.slashes"})


class State(StrEnum):
    """What becomes of an answer to these bytes, and the reason that is looked for first."""

    MATCH = "match"
    NOT_YET_AT_TSM = "not_yet_at_tsm"
    SUSPENDED = "suspended"
    BEING_PUBLISHED = "being_published"
    ONLY_IN_SANDBOX = "only_in_sandbox"
    ONLY_IN_PRODUCTION = "only_in_production"
    REMOVED = "removed"
    NEAR = "near"
    NOTHING_NEAR = "nothing_near"
    NOTHING_LISTED = "nothing_listed"


@dataclass(frozen=True)
class Preflight:
    """`entry` has exactly these bytes, whatever its state; `near` are the nearest listed ones, nearest first."""

    asked: bytes
    state: State
    list_version: int
    entry: Listing | None
    near: tuple[Near, ...]
    waiting_at: tuple[str, ...] = ()  # TSMs that have not said yet that they run a list with the entry

    @property
    def is_match(self) -> bool:
        return self.state in (State.MATCH, State.NOT_YET_AT_TSM)


def preflight(environment: Any, asked: bytes, *, provider: Any, at: datetime) -> Preflight:
    """What the environment's list says about exactly these bytes at `at` (real time); only own entries are explained.

    `provider` is an organisation or its row's id; None stands for everybody in the environment: the public
    demonstration has no organisation.
    """
    found = services.lookup(environment, asked)
    if found.entry is not None:
        waiting = _waiting_at(environment, found.entry.public_id, at) if environment.is_production else ()
        reached = State.NOT_YET_AT_TSM if waiting else State.MATCH
        return Preflight(asked, reached, found.list_version, found.entry, (), waiting)
    near = _near(environment, asked, provider)
    entry, state = _same_bytes(environment, asked, provider)
    if entry is None or state is None:
        return Preflight(asked, _nearness(near), found.list_version, None, near)
    return Preflight(asked, state, found.list_version, snapshot.listing(entry), near)


def _waiting_at(environment: Any, public_id: str, at: datetime) -> tuple[str, ...]:
    """A sandbox has no such wait: there the simulator asks this site."""
    granted = Entry.objects.values_list("created_at", flat=True).get(public_id=public_id)
    since = granted.replace(microsecond=0)  # versions are dated in whole seconds
    versions = ListVersion.objects.filter(environment=environment, published_at__gte=since).order_by("number")
    version = next((version for version in versions.iterator() if public_id in version.added), None)
    if version is None:
        return ()
    effects = consumers.effects(version, at=at)
    return tuple(e.consumer.name for e in effects if e.state is not consumers.EffectState.LIVE)


def _own(provider: Any) -> Any:
    """Entries of the provider, and those with no provider in its place; newest first."""
    entries = Entry.objects.select_related("provider", "environment").order_by("-id")
    return entries if provider is None else entries.filter(provider=provider)


def _near(environment: Any, asked: bytes, provider: Any, limit: int = 3) -> tuple[Near, ...]:
    entries = _own(provider).filter(environment=environment).listed()
    listings = [snapshot.listing(entry) for entry in entries]
    candidates = nearest(asked, [listing.url for listing in listings], limit=limit)
    return tuple(Near(listings[candidate.index], candidate) for candidate in candidates)


def _same_bytes(environment: Any, asked: bytes, provider: Any) -> tuple[Entry | None, State | None]:
    """An own entry of exactly these bytes that the list does not show, and why it does not."""
    same = list(_own(provider).filter(url=asked))
    here = [entry for entry in same if entry.environment_id == environment.pk]
    reasons = ((EntryState.SUSPENDED, State.SUSPENDED), (EntryState.APPROVED, State.BEING_PUBLISHED))
    for entry_state, state in reasons:
        if entry := next((entry for entry in here if entry.state == entry_state), None):
            return entry, state
    if entry := next((entry for entry in here if entry.state in LISTED), None):
        return entry, State.BEING_PUBLISHED  # live, and the next version of the list is on its way
    if provider is not None and (entry := _in_the_other_world(environment, same)):
        return entry, State.ONLY_IN_SANDBOX if environment.is_production else State.ONLY_IN_PRODUCTION
    return (here[0], State.REMOVED) if here else (None, None)


def _in_the_other_world(environment: Any, same: Sequence[Entry]) -> Entry | None:
    return next(
        (e for e in same if e.state in LISTED and e.environment.is_production != environment.is_production), None
    )


def _nearness(near: Sequence[Near]) -> State:
    if not near:
        return State.NOTHING_LISTED
    kinds = {difference.kind for difference in near[0].candidate.differences}
    return State.NOTHING_NEAR if kinds & _FOREIGN else State.NEAR


def in_the_world(provider: Any, asked: bytes, world: str, *, at: datetime) -> Preflight:
    """The same for a person, who chooses between the test environment and production."""
    sandbox = environments.sandbox_of(provider)
    environment = sandbox if world == "sandbox" and sandbox is not None else environments.production()
    return preflight(environment, asked, provider=provider, at=at)
