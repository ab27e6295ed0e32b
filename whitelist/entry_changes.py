"""What the published list says of one entry: the newest change of the log about it, and whether another is awaited."""

from dataclasses import dataclass

from whitelist.models import Entry, ListVersion, LogLeaf
from whitelist.policy.change_log import Change
from whitelist.policy.workflow import EntryState

_SAYS = {EntryState.SUSPENDED: Change.SUSPENDED, EntryState.REMOVED: Change.REMOVED}
_ENDS = frozenset(_SAYS.values())


@dataclass(frozen=True)
class EntryChange:
    """kind: a Change about an entry; version: the list version that brought it."""

    kind: Change
    version: ListVersion


def newest(entry: Entry) -> EntryChange | None:
    """The last change of the log about the entry; None before its first one."""
    leaves = LogLeaf.objects.filter(environment=entry.environment_id, entry_public_id=entry.public_id)
    leaf = leaves.order_by("-index").first()
    if leaf is None:
        return None
    version = ListVersion.objects.get(environment=entry.environment_id, number=leaf.list_version)
    return EntryChange(Change(leaf.change), version)


def is_awaited(entry: Entry, change: EntryChange | None) -> bool:
    """Whether the entry's state differs from what the list says of it: the next version will tell.

    An approved entry that was given up before it was published is never told. Entries that were published before there
    was a log have no change; nothing is awaited for them until they leave.
    """
    if change is None:
        return entry.state == EntryState.APPROVED
    if entry.state == EntryState.APPROVED:
        return False
    said = _SAYS.get(EntryState(entry.state))
    return change.kind is not said if said else change.kind in _ENDS
