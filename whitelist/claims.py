"""Taking a case up, handing it back, and the claims that lapse: who works on what.

Four eyes (whitelist.permissions.review_refusal) are asked before a claim as they are before a decision.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from whitelist.applications import after, lock, record_change, standing_of, update
from whitelist.models import Application, Review
from whitelist.permissions import review_refusal
from whitelist.policy import working_days
from whitelist.policy.legal_clock import day_of
from whitelist.policy.workflow import ApplicationEvent, ApplicationState
from whitelist.refusals import Overtaken, Refused


def stage_of(application: Application) -> str | None:
    """The stage that waits for a reviewer now, None when no decision is open."""
    if application.status in (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW):
        return Review.Stage.FIRST.value
    return Review.Stage.SECOND.value if application.status is ApplicationState.FIRST_APPROVED else None


def is_claimed(application: Application, at: datetime) -> bool:
    """True while somebody's claim stands; it lapses after two working days without action."""
    if application.claimed_by_id is None or application.claimed_at is None:
        return False
    passed = working_days.days_between(day_of(application.claimed_at), day_of(at))
    return passed <= working_days.CLAIM_LIFETIME


def require_open_to(application: Application, *, by: Any, at: datetime) -> None:
    """Raises Overtaken when no decision is open, Refused when `by` may not decide or another's claim stands."""
    if stage_of(application) is None:
        raise Overtaken("review.not_open")
    refusal = review_refusal(application, by)
    if refusal:
        raise Refused(refusal)
    if application.claimed_by_id != by.pk and is_claimed(application, at):
        raise Refused("review.claimed_by_another")


@transaction.atomic
def claim(application: Application, *, by: Any, at: datetime) -> Application:
    """Take the case for the stage that waits. Raises Refused: decided, claimed by another, or not permitted."""
    locked = lock(application)
    require_open_to(locked, by=by, at=at)
    if locked.claimed_by_id == by.pk and is_claimed(locked, at):
        return locked
    before = standing_of(locked)
    changes: dict[str, Any] = {"claimed_by": by, "claimed_at": at}
    if locked.status is ApplicationState.SUBMITTED:
        changes["state"] = after(locked, ApplicationEvent.START_REVIEW)
    update(locked, at=at, **changes)
    record_change("application.claimed", locked, before, by=by, details={"stage": stage_of(locked)})
    return locked


@transaction.atomic
def hand_back(application: Application, *, by: Any, at: datetime) -> Application:
    """Give the case back to the queue; raises Refused when `by` does not hold it."""
    locked = lock(application)
    if stage_of(locked) is None or locked.claimed_by_id != by.pk:
        raise Refused("review.not_yours")
    before = standing_of(locked)
    _free(locked, at)
    record_change("application.handed_back", locked, before, by=by)
    return locked


def lapse(at: datetime) -> int:
    """Free every case whose claim has lapsed at `at`; how many. Each is a transaction of its own."""
    held = Application.objects.filter(claimed_by__isnull=False)
    return sum(_lapse(application, at) for application in held if not is_claimed(application, at))


@transaction.atomic
def _lapse(application: Application, at: datetime) -> bool:
    locked = lock(application)
    if locked.claimed_by_id is None or is_claimed(locked, at) or stage_of(locked) is None:
        return False
    before, details = standing_of(locked), {"held_by": locked.claimed_by_id}
    _free(locked, at)
    record_change("application.claim_lapsed", locked, before, by="workflow", details=details)
    return True


def _free(locked: Application, at: datetime) -> None:
    changes: dict[str, Any] = {"claimed_by": None, "claimed_at": None}
    if locked.status is ApplicationState.IN_REVIEW:
        changes["state"] = after(locked, ApplicationEvent.HAND_BACK)
    update(locked, at=at, **changes)
