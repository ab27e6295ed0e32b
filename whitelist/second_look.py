"""The second reviewer's own opinion, given before the first one's ticks and notes are shown."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from portal.audit import services as audit
from whitelist.applications import lock
from whitelist.claims import require_open_to, stage_of
from whitelist.models import Application, CheckReport, ProvisionalVerdict, Review
from whitelist.refusals import Overtaken, Refused


@transaction.atomic
def give(application: Application, *, decision: str, binding: str, by: Any, at: datetime) -> ProvisionalVerdict:
    """Record what `by` thinks of the evidence bound by `binding`; given once, a second time gives the first.

    Raises Overtaken when the evidence is another one by now, Refused when `by` may not decide or chose nothing.
    """
    locked = lock(application)
    require_open_to(locked, by=by, at=at)
    if stage_of(locked) != Review.Stage.SECOND or locked.current_revision is None:
        raise Overtaken("review.not_open")
    if decision not in Review.Decision.values:
        raise Refused("review.decision_missing")
    if binding != locked.current_revision.latest_report.binding:
        raise Overtaken("review.evidence_changed")
    verdict, is_new = ProvisionalVerdict.objects.get_or_create(
        revision=locked.current_revision,
        reviewer=by,
        binding=binding,
        defaults={"decision": decision, "created_at": at},
    )
    if is_new:
        details = {"binding": binding, "decision": decision}
        audit.record("application.second_look", locked, by=by, provider=locked.provider, details=details)
    return verdict


def given(report: CheckReport, reviewer: Any) -> ProvisionalVerdict | None:
    """What `reviewer` thought of exactly this evidence, None when they have not said."""
    return ProvisionalVerdict.objects.filter(
        revision=report.revision, reviewer=reviewer, binding=report.binding
    ).first()


def is_blind(application: Application, reviewer: Any) -> bool:
    """True while the first one's ticks and notes are to be kept from `reviewer`: their own opinion is still due."""
    if not settings.BLIND_SECOND_LOOK or stage_of(application) != Review.Stage.SECOND:
        return False
    assert application.current_revision is not None
    return given(application.current_revision.latest_report, reviewer) is None
