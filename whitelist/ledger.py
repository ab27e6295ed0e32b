"""The change log as a process holds it: the Merkle tree over its leaves, and what the leaves add up to.

Leaves are never changed, so a kept ledger only has to read what was appended since. The last leaf it knows is read
again with them: if it is not the same, the ledger is of another database and is built anew.
"""

import json
import threading
from collections import OrderedDict
from typing import Any

from portal import merkle
from whitelist.models import ListVersion, LogLeaf
from whitelist.policy.change_log import Standing

_KEPT_LEDGERS = 64
_kept: "OrderedDict[int, Ledger]" = OrderedDict()
_lock = threading.Lock()


class Ledger:
    """The leaves of one environment, from the first to the last one read."""

    def __init__(self) -> None:
        self.tree = merkle.Tree()
        self.standing = Standing()

    @property
    def size(self) -> int:
        return len(self.tree)

    @property
    def version(self) -> int:
        """The number of the list version that the leaves end with, 0 before the first."""
        return int(self.standing.version["version"]) if self.standing.version else 0

    def root(self, size: int | None = None) -> str:
        return self.tree.root(size).hex()

    def take(self, content: str) -> None:
        self.tree.append(merkle.leaf_hash(content.encode()))
        self.standing.apply(json.loads(content))


def of(environment_id: int) -> Ledger:
    """The ledger of the environment as the database has it now. Shared: read it, never change it."""
    with _lock:
        ledger = _kept.get(environment_id)
        fresh = _read_on(environment_id, ledger) if ledger else None
        if fresh is None:
            fresh = Ledger()
            for content in _contents(environment_id, 0):
                fresh.take(content)
        _kept[environment_id] = fresh
        _kept.move_to_end(environment_id)
        if len(_kept) > _KEPT_LEDGERS:
            _kept.popitem(last=False)
    return fresh


def _read_on(environment_id: int, ledger: Ledger) -> Ledger | None:
    """The ledger with what was appended since; None when its last leaf is not the database's."""
    last = ledger.size - 1
    contents = list(_contents(environment_id, max(last, 0)))
    if last >= 0 and (not contents or merkle.leaf_hash(contents[0].encode()) != ledger.tree.leaf(last)):
        return None
    if len(contents) > 1 or last < 0:
        # Readers may hold the old standing: it is not changed under them.
        ledger = _twin(ledger)
        for content in contents[1 if last >= 0 else 0 :]:
            ledger.take(content)
    return ledger


def _twin(ledger: Ledger) -> Ledger:
    twin, standing = Ledger(), ledger.standing
    twin.tree = ledger.tree.copy()
    twin.standing.listed, twin.standing.suspended = dict(standing.listed), set(standing.suspended)
    twin.standing.version, twin.standing.kid = standing.version, standing.kid
    return twin


def _contents(environment_id: int, start: int) -> Any:
    rows = LogLeaf.objects.filter(environment_id=environment_id, index__gte=start).order_by("index")
    return rows.values_list("content", flat=True).iterator(chunk_size=5000)


def listed_in(version: ListVersion) -> list[dict[str, Any]]:
    """The entries of any version, as its document has them: replayed from the leaves below it."""
    if version.tree_size is None:
        return list(json.loads(version.document_json)["entries"])
    ledger = of(version.environment_id)
    if ledger.version == version.number:
        return [dict(entry) for entry in ledger.standing.listed.values()]
    past = Standing()
    for content in leaves(version.environment_id, 0, version.tree_size):
        past.apply(json.loads(content))
    return [dict(entry) for entry in past.listed.values()]


def leaves(environment_id: int, start: int, end: int) -> list[str]:
    """The contents of the leaves from `start` up to but not including `end`."""
    rows = LogLeaf.objects.filter(environment_id=environment_id, index__gte=start, index__lt=end).order_by("index")
    return list(rows.values_list("content", flat=True))
