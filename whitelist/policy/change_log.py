"""The change log of a list: which leaves a new version adds, and the list that a row of leaves adds up to.

One leaf says one change: an entry entered, suspended, reinstated, removed or changed, the list's key changed, or a
version published. A leaf's bytes are canonical JSON and are what the Merkle tree hashes. Whoever replays all leaves has
the list: the log is the history, and a version is only a place in it. Pure.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from whitelist.policy.revision import canonical_json


class Change(StrEnum):
    ENTERED = "entered"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REMOVED = "removed"
    CHANGED = "changed"
    KEY_CHANGED = "key_changed"
    VERSION = "version"


_LISTS = frozenset({Change.ENTERED, Change.REINSTATED, Change.CHANGED})
_ENDS = frozenset({Change.SUSPENDED, Change.REMOVED})


class Standing:
    """What stands after a row of leaves: entries by id as the list shows them, and the version that was last."""

    def __init__(self) -> None:
        self.listed: dict[str, Mapping[str, Any]] = {}
        self.suspended: set[str] = set()
        self.version: Mapping[str, Any] | None = None
        self.kid: str | None = None

    def apply(self, leaf: Mapping[str, Any]) -> None:
        """Take one leaf in. Raises ValueError for a change that cannot follow what stands."""
        change = Change(leaf["change"])
        if change in _LISTS:
            self._list(change, leaf["entry"])
        elif change in _ENDS:
            self._end(change, leaf["entry_id"])
        elif change is Change.KEY_CHANGED:
            self.kid = leaf["kid"]
        else:
            self.version = leaf

    def _list(self, change: Change, entry: Mapping[str, Any]) -> None:
        identity = entry["id"]
        if (identity in self.listed) != (change is Change.CHANGED):
            raise ValueError(f"{identity} cannot be {change}")
        if (identity in self.suspended) != (change is Change.REINSTATED):
            raise ValueError(f"{identity} cannot be {change}")
        self.suspended.discard(identity)
        self.listed[identity] = entry

    def _end(self, change: Change, identity: str) -> None:
        if identity not in self.listed and not (change is Change.REMOVED and identity in self.suspended):
            raise ValueError(f"{identity} cannot be {change}")
        self.listed.pop(identity, None)
        self.suspended.discard(identity)
        if change is Change.SUSPENDED:
            self.suspended.add(identity)


def changes(
    standing: Standing, now: Iterable[Mapping[str, Any]], *, ended: Mapping[str, bool], kid: str
) -> list[dict[str, Any]]:
    """The changes that lead from `standing` to the entries `now`, in the order they are written.

    now: every entry to be listed, as ListedEntry.as_json gives it. ended: for ids that are not listed now, whether the
    entry has ended for good (else it is suspended). kid: the key the new version is signed with.
    """
    present = {str(entry["id"]): entry for entry in now}
    found: list[dict[str, Any]] = []
    if kid != standing.kid:
        found.append({"change": Change.KEY_CHANGED, "purpose": "list", "kid": kid, "before": standing.kid})
    for identity in sorted((standing.listed.keys() | standing.suspended) - present.keys()):
        has_ended = ended.get(identity, True)
        if has_ended or identity in standing.listed:
            found.append({"change": Change.REMOVED if has_ended else Change.SUSPENDED, "entry_id": identity})
    for identity in sorted(present):
        change = _change_of(standing, identity, present[identity])
        if change is not None:
            found.append({"change": change, "entry": present[identity]})
    return found


def _change_of(standing: Standing, identity: str, entry: Mapping[str, Any]) -> Change | None:
    if identity in standing.suspended:
        return Change.REINSTATED
    known = standing.listed.get(identity)
    if known is None:
        return Change.ENTERED
    return Change.CHANGED if known != entry else None


def leaf_content(change: Mapping[str, Any], *, environment_id: str, index: int, at: str) -> bytes:
    """The bytes of leaf number `index` (from 0); `at` is UTC text. Its place in it makes every leaf different."""
    return canonical_json({**change, "environment": environment_id, "index": index, "at": at})
