"""What is listed in an environment, kept in the process: exact bytes -> listing.

A sandbox shows its live entries at once. Production shows the current published list version and nothing else, so that
an answer never runs ahead of what was published under signature. The one-row marker of the environment says when a
kept map is out of date; hot callers look at it at most once a second.
"""

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from portal.environments import services as environments
from whitelist import ledger
from whitelist.models import Entry, ListMarker


@dataclass(frozen=True, slots=True)
class Listing:
    """A listed entry as others may see it."""

    public_id: str
    url: bytes
    kind: str
    purposes: tuple[str, ...]
    ways_in: tuple[str, ...]
    provider_name: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """environment_id: the public one; list_version: number of the newest published version, 0 before the first."""

    environment_id: str
    is_production: bool
    stamp: uuid.UUID | None
    list_version: int
    listings: Mapping[bytes, Listing]
    # Answers signed over this snapshot, by asked bytes: they are gone with it when the list changes.
    signed: dict[bytes, object] = field(default_factory=dict)


_kept: dict[int, tuple[float, Snapshot]] = {}


def of(environment_id: int, *, seconds: float = 0.0) -> Snapshot:
    """The environment's snapshot, at most `seconds` behind the database (0: asked now)."""
    now = time.monotonic()
    kept = _kept.get(environment_id)
    if kept is not None and now - kept[0] < seconds:
        return kept[1]
    stamp = ListMarker.objects.filter(pk=environment_id).values_list("stamp", flat=True).first()
    if kept is not None and kept[1].stamp == stamp:
        snapshot = kept[1]
    else:
        snapshot = _build(environment_id, stamp)
    _kept[environment_id] = (now, snapshot)
    return snapshot


def _build(environment_id: int, stamp: uuid.UUID | None) -> Snapshot:
    environment = environments.by_id(environment_id)
    book = ledger.of(environment_id)
    entries = Entry.objects.filter(environment_id=environment_id).select_related("provider")
    if not environment.is_production:
        shown: Iterable[Entry] = entries.listed()
    else:
        shown = (entry for entry in entries.iterator() if entry.public_id in book.standing.listed)
    return Snapshot(
        environment_id=environment.public_id,
        is_production=environment.is_production,
        stamp=stamp,
        list_version=book.version,
        listings={bytes(entry.url): listing(entry) for entry in shown},
    )


def listing(entry: Entry) -> Listing:
    return Listing(
        public_id=entry.public_id,
        url=bytes(entry.url),
        kind=entry.kind,
        purposes=tuple(entry.purposes),
        ways_in=tuple(entry.ways_in),
        provider_name=entry.provider.name if entry.provider else "",
    )
