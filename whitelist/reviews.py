"""Deciding on applications: claim, look again, approve twice, ask for changes, refuse.

Four eyes stand in whitelist.permissions.review_refusal and once more in the database; a decision is bound to the
revision, the report and the rule set it was made over, and to the version of the case that was shown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from portal.audit import services as audit
from portal.environments import services as environments
from whitelist import register, reporting
from whitelist.applications import JAPAN, after, lock, mail_members, make_report, update
from whitelist.models import Application, CheckReport, Entry, Review
from whitelist.permissions import review_refusal, standing_first_approval
from whitelist.policy import workflow, working_days
from whitelist.policy.criteria import CRITERIA
from whitelist.policy.finding import Severity
from whitelist.policy.workflow import ApplicationEvent, ApplicationState
from whitelist.refusals import Overtaken, Refused


@dataclass(frozen=True)
class Verdict:
    """What a reviewer sends: the decision, and exactly what it was made over.

    seen_version, stage, binding: of the page the reviewer looked at. criteria: numbers ticked. findings_seen: codes of
    warnings ticked. criterion: number that a refusal rests on. message: to the applicant. note: for reviewers only.
    """

    seen_version: int
    stage: str
    binding: str
    decision: str
    criteria: tuple[str, ...] = ()
    findings_seen: tuple[str, ...] = ()
    criterion: str = ""
    message: str = ""
    note: str = ""


def stage_of(application: Application) -> str | None:
    """The stage that waits for a reviewer now, None when no decision is open."""
    if application.status in (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW):
        return Review.Stage.FIRST.value
    return Review.Stage.SECOND.value if application.status is ApplicationState.FIRST_APPROVED else None


def is_claimed(application: Application, at: datetime) -> bool:
    """True while somebody's claim stands; it lapses after two working days without action."""
    if application.claimed_by_id is None or application.claimed_at is None:
        return False
    passed = working_days.days_between(application.claimed_at.astimezone(JAPAN).date(), at.astimezone(JAPAN).date())
    return passed <= working_days.CLAIM_LIFETIME


@transaction.atomic
def claim(application: Application, *, by: Any, at: datetime) -> Application:
    """Take the case for the stage that waits. Raises Refused: decided, claimed by another, or not permitted."""
    locked = lock(application)
    _require_open_to(locked, by=by, at=at)
    if locked.claimed_by_id == by.pk and is_claimed(locked, at):
        return locked
    changes: dict[str, Any] = {"claimed_by": by, "claimed_at": at}
    if locked.status is ApplicationState.SUBMITTED:
        changes["state"] = after(locked, ApplicationEvent.START_REVIEW)
    update(locked, **changes)
    audit.record("application.claimed", locked, by=by, provider=locked.provider, details={"stage": stage_of(locked)})
    return locked


@transaction.atomic
def hand_back(application: Application, *, by: Any) -> Application:
    """Give the case back to the queue; raises Refused when `by` does not hold it."""
    locked = lock(application)
    if stage_of(locked) is None or locked.claimed_by_id != by.pk:
        raise Refused("review.not_yours")
    changes: dict[str, Any] = {"claimed_by": None, "claimed_at": None}
    if locked.status is ApplicationState.IN_REVIEW:
        changes["state"] = after(locked, ApplicationEvent.HAND_BACK)
    update(locked, **changes)
    audit.record("application.handed_back", locked, by=by, provider=locked.provider)
    return locked


@transaction.atomic
def recheck(application: Application, *, by: Any, at: datetime) -> CheckReport:
    """Look again under the present rules. A first approval over another result is void from then on."""
    locked = lock(application)
    if stage_of(locked) is None or locked.current_revision is None:
        raise Refused("review.not_open")
    url = locked.current_revision.content["url"]
    report = reporting.report_for(url, provider=locked.provider, world="production", at=at)
    kept = make_report(locked.current_revision, report, at=at)
    audit.record("application.rechecked", locked, by=by, provider=locked.provider, details={"binding": kept.binding})
    _void_stale_approval(locked, at=at)
    update(locked)
    return kept


def decide(application: Application, *, verdict: Verdict, by: Any, at: datetime) -> Review:
    """Record a reviewer's decision at the stage that waits; the second approval makes the entry and has it published.

    Raises Overtaken when the case is no longer as it was shown (somebody else was first, a revision or report came,
    the form was sent twice), Refused for everything four eyes or the criteria forbid. Nothing is half done.
    """
    with transaction.atomic():  # on its own: an approval found void stays void although this decision is refused
        void = _void_stale_approval(lock(application), at=at)
    if void:
        raise Overtaken(void)
    try:
        with transaction.atomic():
            return _decide(lock(application), verdict=verdict, by=by, at=at)
    except IntegrityError:
        # The database's own refusal: a rule above should have spoken first, so somebody was quicker.
        raise Overtaken("review.decided_meanwhile") from None


def _decide(locked: Application, *, verdict: Verdict, by: Any, at: datetime) -> Review:
    if locked.version != verdict.seen_version or stage_of(locked) != verdict.stage:
        raise Overtaken("review.decided_meanwhile")
    _require_open_to(locked, by=by, at=at)
    assert locked.current_revision is not None
    report = locked.current_revision.latest_report
    if verdict.binding != report.binding:
        raise Overtaken("review.evidence_changed")
    missing = verdict_refusals(report, verdict, at=at)
    if missing:
        raise Refused(missing[0])
    review = Review.objects.create(
        revision=locked.current_revision,
        report=report,
        reviewer=by,
        stage=verdict.stage,
        decision=verdict.decision,
        binding=report.binding,
        criteria=sorted(verdict.criteria),
        findings_seen=sorted(verdict.findings_seen),
        criterion=verdict.criterion,
        message=verdict.message,
        note=verdict.note,
        created_at=at,
    )
    _follow(locked, review, by=by, at=at)
    return review


def verdict_refusals(report: CheckReport, verdict: Verdict, *, at: datetime) -> list[str]:
    """Codes of what the decision still lacks; empty when it may be recorded."""
    if verdict.decision == Review.Decision.APPROVE:
        warnings = {f["code"] for f in report.report["findings"] if f["severity"] == Severity.WARN}
        refusals = []
        if report.rule_set_version != reporting.version_in_force(at):
            refusals.append("review.rules_changed")
        if warnings - set(verdict.findings_seen):
            refusals.append("review.findings_unseen")
        if {criterion.number for criterion in CRITERIA} - set(verdict.criteria):
            refusals.append("review.criteria_unticked")
        return refusals
    refusals = [] if verdict.message.strip() else ["review.message_missing"]
    numbers = {criterion.number for criterion in CRITERIA}
    if verdict.decision == Review.Decision.REFUSE and verdict.criterion not in numbers:
        refusals.append("review.criterion_missing")
    return refusals if verdict.decision in Review.Decision.values else ["review.decision_missing"]


def _follow(locked: Application, review: Review, *, by: Any, at: datetime) -> None:
    """Move the application as the decision says, with its trail, its mail and, at the end, its entry."""
    taken_up = [ApplicationEvent.START_REVIEW] if locked.status is ApplicationState.SUBMITTED else []
    is_second = review.stage == Review.Stage.SECOND
    event = {
        "approve": ApplicationEvent.APPROVE_SECOND if is_second else ApplicationEvent.APPROVE_FIRST,
        "request_changes": ApplicationEvent.REQUEST_CHANGES,
        "refuse": ApplicationEvent.REFUSE,
    }[review.decision]
    reached = after(locked, *taken_up, event)
    is_refused = event is ApplicationEvent.REFUSE
    changes: dict[str, Any] = {"state": reached, "claimed_by": None, "claimed_at": None}
    if reached is ApplicationState.APPROVED or is_refused:
        changes["decided_at"] = at
    update(locked, **changes)
    details = {"stage": review.stage, "revision": review.revision.number, "binding": review.binding}
    if review.criterion:
        details["criterion"] = review.criterion
    gives_back = reached is ApplicationState.PUBLISHED  # a reopening is refused: what is published stays
    action = "application.reopening_refused" if gives_back else f"application.{reached}"
    audit.record(action, locked, by=by, provider=locked.provider, details=details)
    if reached is ApplicationState.APPROVED:
        _grant(locked, review)
    elif is_refused or reached is ApplicationState.CHANGES_REQUESTED:
        mail_members(locked, "refused" if is_refused else str(reached), number=review.revision.number)


def _grant(application: Application, second: Review) -> Entry:
    first = standing_first_approval(application)
    assert first is not None  # the workflow table leads here only past a first approval
    production, content = environments.production(), second.revision.content
    register.mark_changed(production)
    url = content["url"].encode("ascii")
    if register.is_taken(production, url, but_for=application.live_entry):
        raise Refused("entry.already_listed")
    entry = register.create(
        production,
        url=url,
        kind=content["kind"],
        purposes=content["purposes"],
        ways_in=content["ways_in"],
        by=second.revision.created_by,
        rules=second.report.rule_set_version,
        provider=application.provider,
        first_approver=first.reviewer,
        second_approver=second.reviewer,
        revision=second.revision,
    )
    details = {"url": entry.url_text, "application": application.public_id}
    audit.record("entry.granted", entry, by=second.reviewer, provider=application.provider, details=details)
    register.ask_for_publication(production)
    return entry


def _require_open_to(application: Application, *, by: Any, at: datetime) -> None:
    if stage_of(application) is None:
        raise Overtaken("review.not_open")
    refusal = review_refusal(application, by)
    if refusal:
        raise Refused(refusal)
    if application.claimed_by_id != by.pk and is_claimed(application, at):
        raise Refused("review.claimed_by_another")


def _void_stale_approval(locked: Application, *, at: datetime) -> str | None:
    """Void a first approval that is too old or bound to something else; the code why, None when nothing was void."""
    first = standing_first_approval(locked)
    if locked.status is not ApplicationState.FIRST_APPROVED or first is None or locked.current_revision is None:
        return None
    present = locked.current_revision.latest_report.binding
    reason = workflow.first_approval_refusal(first.binding, present, given_at=first.created_at, at=at)
    if reason is None:
        return None
    Review.objects.filter(pk=first.pk).update(voided_at=at, void_reason=reason)
    reached = after(locked, ApplicationEvent.VOID_APPROVAL)
    update(locked, state=reached, claimed_by=None, claimed_at=None)
    audit.record(
        "application.approval_voided", locked, by="workflow", provider=locked.provider, details={"reason": reason}
    )
    return reason
