"""An entry leaves the list: its successor has taken over, or its owner gives it up. Always on a day known beforehand.

Changing an entry is never an edit: the approved change is a new entry. With other bytes, both stay listed for OVERLAP
so that the service can be switched over; with the same bytes (only purposes or ways in changed) the new one takes the
old one's place in the same list version, because a URL stands in the list once.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from portal.jobs import services as jobs
from portal.providers import permissions as providers
from whitelist import register
from whitelist.models import Entry, Retirement
from whitelist.policy.workflow import EntryEvent, EntryState
from whitelist.refusals import Refused

OVERLAP = timedelta(days=14)  # sample setting of this site
LONGEST = timedelta(days=90)


def replace(old: Entry, *, successor: Entry, by: Any, at: datetime) -> Retirement | None:
    """The successor is listed now: the old entry retires in OVERLAP, or ends at once when nothing can overlap (the
    bytes are the same, or nothing was sent there anyway). None when it has ended.

    Call inside the transaction that lists the successor, before its row says so: a URL is listed once.
    """
    locked = register.lock(old)
    if locked.state in (EntryState.REMOVED, EntryState.RETIRING):
        return None
    if bytes(locked.url) == bytes(successor.url) or locked.state == EntryState.SUSPENDED:
        _end(locked, by=by, at=at)
        return None
    return _retire(locked, successor=successor, due_at=at + OVERLAP, impact={}, by=by, at=at)


@transaction.atomic
def give_up(entry: Entry, *, due_at: datetime, impact: dict[str, Any], by: Any, at: datetime) -> Retirement:
    """The owner gives the entry up on `due_at` (aware, at most LONGEST ahead; not before `at`).

    impact: what the preview said, kept with the decision. Raises Refused: not an owner, day out of range; Overtaken.
    """
    locked = register.lock(entry)
    _require_owner(by, locked)
    if not at <= due_at <= at + LONGEST:
        raise Refused("retirement.day_out_of_range")
    return _retire(locked, successor=None, due_at=due_at, impact=impact, by=by, at=at)


@transaction.atomic
def keep(entry: Entry, *, by: Any, at: datetime) -> Entry:
    """Take a retirement back before its day: the entry stays. Raises Refused or Overtaken."""
    locked = register.lock(entry)
    _require_owner(by, locked)
    left = register.move(locked, EntryEvent.KEEP)
    Retirement.objects.filter(entry=locked).delete()
    register.record_change("entry.kept", locked, left, by=by)
    return locked


def due(at: datetime) -> list[int]:
    """Keys of the entries whose day has come."""
    found = Retirement.objects.filter(due_at__lte=at, entry__state=EntryState.RETIRING).order_by("due_at")
    return list(found.values_list("entry_id", flat=True))


@transaction.atomic
def finish(entry_id: int, *, at: datetime) -> bool:
    """Remove one entry whose day has come; False when somebody kept it, suspended it or was quicker."""
    locked = register.lock(Entry(pk=entry_id))
    retirement = Retirement.objects.filter(entry=locked, due_at__lte=at).first()
    if retirement is None or locked.state != EntryState.RETIRING:
        return False
    _end(locked, by="worker", at=at)
    return True


def _require_owner(by: Any, entry: Entry) -> None:
    if entry.provider is None or not providers.is_owner(by, entry.provider):
        raise Refused("entry.only_owner")


def _retire(
    locked: Entry, *, successor: Entry | None, due_at: datetime, impact: dict[str, Any], by: Any, at: datetime
) -> Retirement:
    left = register.move(locked, EntryEvent.RETIRE)
    person = None if isinstance(by, str) else by  # a swap after an approved change is the machine's act
    retirement = Retirement.objects.create(
        entry=locked, successor=successor, asked_by=person, asked_at=at, due_at=due_at, impact=impact
    )
    day = due_at.isoformat()
    # At that very second; the minute's round finds what this one missed.
    jobs.enqueue("whitelist.retire_entries", due=due_at, key=f"whitelist.retire_entries:{locked.public_id}:{day}")
    details = {"due_at": day, "successor": successor.public_id if successor else None}
    register.record_change("entry.retiring", locked, left, by=by, details=details)
    register.tell(locked, "retiring", key=day)
    return retirement


def _end(locked: Entry, *, by: Any, at: datetime) -> None:
    left = register.move(locked, EntryEvent.REMOVE)
    Entry.objects.filter(pk=locked.pk).update(ended_at=at)
    register.record_change("entry.removed", locked, left, by=by)
    register.tell(locked, "removed", key="")
