"""Stopping an entry at once, and the way back, which takes two.

The service provider may stop its own entry; one reviewer may stop any, at most ALONE_PER_HOUR times an hour: a stolen
session or a bad day must not empty the list. Past that number a suspension waits for a second reviewer. Coming back is
proposed by one reviewer and confirmed by another, nobody excepted; the database refuses an entry that is live again
without such a pair (migration of this app, trigger `entry_reinstated_by_two`).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from portal import identifiers
from portal.audit import services as audit
from portal.providers import permissions as providers
from whitelist import register
from whitelist.models import Entry, Reinstatement, Suspension
from whitelist.policy.workflow import EntryEvent, EntryState
from whitelist.refusals import Overtaken, Refused

ALONE_PER_HOUR = 3


@transaction.atomic
def suspend(entry: Entry, *, reason: str, words: str, by: Any, at: datetime) -> Suspension:
    """Take the entry out of the list; in effect at once, or, past the hourly number, when a second reviewer joins.

    reason: a value of Suspension.Reason; words: for the provider and the desk; by: an owner of the entry's provider or
    a reviewer; at: aware. Raises Refused: not permitted, not in the list, stopped already.
    """
    locked = register.lock(entry)
    as_owner = locked.provider is not None and providers.is_owner(by, locked.provider)
    if not as_owner and not (by.is_active and by.is_reviewer):
        raise Refused("entry.may_not_suspend")
    if open_suspension(locked) is not None:
        raise Overtaken("entry.suspended_already")
    register.reached(locked, EntryEvent.SUSPEND)
    suspension = Suspension.objects.create(
        public_id=identifiers.new("sus"),
        entry=locked,
        reason=reason,
        words=words,
        by_provider=as_owner,
        asked_by=by,
        asked_at=at,
    )
    _record_step("entry.suspension_asked", suspension, None, "asked", by=by)
    if as_owner or _alone_lately(by, at) < ALONE_PER_HOUR:
        _take_effect(suspension, locked, by=by, at=at)
    else:
        register.tell(locked, "second", key=suspension.public_id)
    return suspension


@transaction.atomic
def second(suspension: Suspension, *, by: Any, at: datetime) -> Suspension:
    """The second reviewer's word: the waiting suspension takes effect. Raises Refused for the first one's own."""
    locked = register.lock(suspension.entry)
    found = Suspension.objects.select_for_update(of=("self",)).get(pk=suspension.pk)
    if found.effective_at is not None or found.ended_at is not None:
        raise Overtaken("suspension.not_waiting")
    _require_second(by, found.asked_by_id, locked)
    found.seconded_by = by
    found.save(update_fields=["seconded_by"])
    _take_effect(found, locked, by=by, at=at)
    return found


@transaction.atomic
def drop(suspension: Suspension, *, by: Any, at: datetime) -> None:
    """A reviewer takes back a suspension that still waits; the entry was never out of the list."""
    found = Suspension.objects.select_for_update(of=("self",)).get(pk=suspension.pk)
    if found.effective_at is not None or found.ended_at is not None:
        raise Overtaken("suspension.not_waiting")
    if not by.is_reviewer:
        raise Refused("entry.may_not_suspend")
    Suspension.objects.filter(pk=found.pk).update(ended_at=at)
    _record_step("entry.suspension_dropped", found, "asked", "dropped", by=by)


@transaction.atomic
def propose_return(suspension: Suspension, *, words: str, by: Any, at: datetime) -> Reinstatement:
    """One reviewer's half of the way back. Raises Refused, Overtaken when somebody has proposed already."""
    locked = register.lock(suspension.entry)
    found = Suspension.objects.get(pk=suspension.pk)
    if found.effective_at is None or found.ended_at is not None or locked.state != EntryState.SUSPENDED:
        raise Overtaken("suspension.not_in_effect")
    _require_reviewer(by, locked)
    if standing_proposal(found) is not None:
        raise Overtaken("reinstatement.proposed_already")
    proposal = Reinstatement.objects.create(suspension=found, words=words, proposed_by=by, proposed_at=at)
    _record_step("entry.return_proposed", found, "in_effect", "return_proposed", by=by)
    return proposal


@transaction.atomic
def confirm_return(suspension: Suspension, *, by: Any, at: datetime) -> Entry:
    """The other half: another reviewer confirms, and the entry is in the list again. Raises Refused or Overtaken."""
    locked = register.lock(suspension.entry)
    proposal = standing_proposal(suspension)
    if proposal is None or proposal.confirmed_at is not None or locked.state != EntryState.SUSPENDED:
        raise Overtaken("reinstatement.not_waiting")
    _require_second(by, proposal.proposed_by_id, locked)
    Reinstatement.objects.filter(pk=proposal.pk).update(confirmed_by=by, confirmed_at=at)
    Suspension.objects.filter(pk=suspension.pk).update(ended_at=at)
    left = register.move(locked, EntryEvent.REINSTATE)
    details = {"suspension": suspension.public_id}
    register.record_change("entry.reinstated", locked, left, by=by, details=details)
    register.tell(locked, "reinstated", key=suspension.public_id)
    return locked


@transaction.atomic
def withdraw_return(suspension: Suspension, *, by: Any, at: datetime) -> None:
    """A reviewer takes a proposal to reinstate back."""
    register.lock(suspension.entry)
    proposal = standing_proposal(suspension)
    if proposal is None or proposal.confirmed_at is not None:
        raise Overtaken("reinstatement.not_waiting")
    _require_reviewer(by, suspension.entry)
    Reinstatement.objects.filter(pk=proposal.pk).update(withdrawn_at=at)
    _record_step("entry.return_withdrawn", suspension, "return_proposed", "in_effect", by=by)


def open_suspension(entry: Entry) -> Suspension | None:
    """The suspension that holds or waits to hold the entry."""
    return Suspension.objects.filter(entry=entry, ended_at=None).select_related("asked_by").first()


def standing_proposal(suspension: Suspension) -> Reinstatement | None:
    return Reinstatement.objects.filter(suspension=suspension, withdrawn_at=None).select_related("proposed_by").first()


def _take_effect(suspension: Suspension, locked: Entry, *, by: Any, at: datetime) -> None:
    Suspension.objects.filter(pk=suspension.pk).update(effective_at=at)
    suspension.effective_at = at
    left = register.move(locked, EntryEvent.SUSPEND)
    details = {"suspension": suspension.public_id}
    register.record_change("entry.suspended", locked, left, by=by, reason=suspension.reason, details=details)
    register.tell(locked, "suspended", key=suspension.public_id)


def _record_step(action: str, suspension: Suspension, before: str | None, after: str, *, by: Any) -> None:
    """A step of the suspension itself, which leaves the entry where it is."""
    old, new, entry = {"suspension": before}, {"suspension": after}, suspension.entry
    details = {"suspension": suspension.public_id, "url": entry.url_text}
    audit.record(
        action,
        entry,
        by=by,
        provider=entry.provider,
        reason=suspension.reason,
        before=old,
        after=new,
        details=details,
    )


def _alone_lately(by: Any, at: datetime) -> int:
    """How many suspensions this person brought into effect alone within the last hour; counted under a lock."""
    register.hold(f"suspensions of {by.pk}")
    return Suspension.objects.filter(
        asked_by=by, by_provider=False, seconded_by=None, effective_at__gt=at - timedelta(hours=1)
    ).count()


def _require_reviewer(by: Any, entry: Entry) -> None:
    if not (by.is_active and by.is_reviewer):
        raise Refused("review.not_a_reviewer")
    if entry.provider is not None and by.pk in providers.member_ids(entry.provider):
        raise Refused("review.member_of_applicant")


def _require_second(by: Any, first_id: int | None, entry: Entry) -> None:
    _require_reviewer(by, entry)
    if first_id is None or by.pk == first_id:
        raise Refused("review.same_reviewer")
