"""Deciding on applications: look again, approve twice, ask for changes field by field, refuse.

Four eyes stand in whitelist.permissions.review_refusal and once more in the database; a decision is bound to the
revision, the report and the rule set it was made over, and to the version of the case that was shown.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from portal.audit import services as audit
from portal.environments import services as environments
from whitelist import casework, looks, register, reporting, second_look
from whitelist.applications import after, lock, mail_members, make_report, record_change, standing_of, update
from whitelist.claims import require_open_to, stage_of
from whitelist.models import Application, CheckReport, Entry, FieldRequest, Probe, Review
from whitelist.permissions import standing_first_approval
from whitelist.policy import corrections, workflow
from whitelist.policy.finding import Severity
from whitelist.policy.objection import OBJECTION_VERSION
from whitelist.policy.second_look import conflict_refusal, report_refusal
from whitelist.policy.workflow import ApplicationEvent, ApplicationState
from whitelist.refusals import Overtaken, Refused

OPEN_STATES = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.FIRST_APPROVED)


@dataclass(frozen=True)
class Verdict:
    """What a reviewer sends: the decision, and exactly what it was made over.

    seen_version, stage, binding: of the page the reviewer looked at. criteria: numbers ticked. findings_seen: codes of
    warnings ticked. criterion: number that a refusal rests on. message: to the applicant. note: for reviewers only.
    no_conflict: version of the statement of no conflict of interest that was ticked. field_requests: what a correction
    asks, field by field.
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
    no_conflict: str = ""
    field_requests: tuple[corrections.Request, ...] = ()


@transaction.atomic
def look_again(application: Application, *, by: Any, at: datetime) -> Probe:
    """Have the server of an open case looked at anew; what is seen becomes the newest report (`report_on_look`).

    Nothing is judged here: a report on what was seen before would only look young. Raises Refused: review.not_open.
    """
    locked = lock(application)
    if stage_of(locked) is None or locked.current_revision is None:
        raise Refused("review.not_open")
    content = locked.current_revision.content
    probe = looks.ask(content["url"].encode("ascii"), content, holder=locked.provider, reason="review", at=at)
    audit.record("application.look_asked", locked, by=by, provider=locked.provider)
    return probe


def report_on_look(url: bytes, *, at: datetime) -> list[CheckReport]:
    """What has just been seen of `url` becomes the newest report of every open case about it.

    Call inside a transaction. A look that left out something a case names is asked for anew instead. Who has the case
    before them is overtaken only where the report says something else than before.
    """
    made = [_report_on_look(lock(case), url, at=at) for case in _open_cases(url)]
    return [report for report in made if report is not None]


def _open_cases(url: bytes) -> list[Application]:
    """Cases a decision is open on whose present revision is about exactly this URL, in the order of their rows."""
    written = f'"url":{json.dumps(url.decode("ascii"))}'
    found = Application.objects.filter(state__in=OPEN_STATES, current_revision__content_json__contains=written)
    return list(found.order_by("pk"))


def _report_on_look(locked: Application, url: bytes, *, at: datetime) -> CheckReport | None:
    revision = locked.current_revision
    if stage_of(locked) is None or revision is None or revision.content["url"].encode("ascii") != url:
        return None
    if not looks.is_fresh(url, revision.content, holder=locked.provider, at=at):
        looks.ask(url, revision.content, holder=locked.provider, reason="review", at=at)
        return None
    before = revision.latest_report.binding
    kept = make_report(revision, reporting.report_on(revision.content, provider=locked.provider, at=at), at=at)
    _record_report(locked, before, kept, by="worker")
    if kept.binding != before:
        _void_stale_approval(locked, at=at)
        update(locked, at=at)
    return kept


def _record_report(locked: Application, before: str, kept: CheckReport, *, by: Any) -> None:
    """The trail names what approvals are bound to: over the report that stood, and over the new one."""
    old, new = {"binding": before}, {"binding": kept.binding}
    audit.record("application.rechecked", locked, by=by, provider=locked.provider, before=old, after=new)


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
    require_open_to(locked, by=by, at=at)
    assert locked.current_revision is not None
    report = locked.current_revision.latest_report
    if verdict.binding != report.binding:
        raise Overtaken("review.evidence_changed")
    if second_look.is_blind(locked, by):
        raise Refused("review.provisional_missing")
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
        no_conflict=verdict.no_conflict,
        objection=OBJECTION_VERSION if verdict.decision == Review.Decision.REFUSE else "",
        created_at=at,
    )
    for asked in verdict.field_requests:
        FieldRequest.objects.create(
            review=review, field=asked.field, template_code=asked.template_code, text=asked.text
        )
    _follow(locked, review, by=by, at=at)
    return review


def verdict_refusals(report: CheckReport, verdict: Verdict, *, at: datetime) -> list[str]:
    """Codes of what the decision still lacks; empty when it may be recorded."""
    refusals = [conflict_refusal(verdict.no_conflict), report_refusal(report.created_at, at)]
    found = [code for code in refusals if code]
    if verdict.decision == Review.Decision.APPROVE:
        return found + _approval_refusals(report, verdict, at=at)
    if verdict.decision == Review.Decision.REQUEST_CHANGES:
        return found + _correction_refusals(verdict)
    if verdict.decision == Review.Decision.REFUSE:
        return found + _refusal_refusals(report, verdict)
    return [*found, "review.decision_missing"]


def _approval_refusals(report: CheckReport, verdict: Verdict, *, at: datetime) -> list[str]:
    findings = report.report["findings"]
    refusals = []
    if report.rule_set_version != reporting.version_in_force(at):
        refusals.append("review.rules_changed")
    if report.report.get("waiting"):
        refusals.append("review.facts_missing")
    if any(finding["severity"] == Severity.BLOCK for finding in findings):
        refusals.append("review.report_blocks")
    if {finding["code"] for finding in findings if finding["severity"] == Severity.WARN} - set(verdict.findings_seen):
        refusals.append("review.findings_unseen")
    if _numbers_for(report) - set(verdict.criteria):
        refusals.append("review.criteria_unticked")
    return refusals


def _correction_refusals(verdict: Verdict) -> list[str]:
    if not verdict.field_requests and not verdict.message.strip():
        return ["review.message_missing"]
    return corrections.refusals(verdict.field_requests)


def _refusal_refusals(report: CheckReport, verdict: Verdict) -> list[str]:
    refusals = [] if verdict.message.strip() else ["review.message_missing"]
    if verdict.criterion not in _numbers_for(report):
        refusals.append("review.criterion_missing")
    return refusals


def _numbers_for(report: CheckReport) -> set[str]:
    return {criterion.number for criterion in casework.criteria_for(report.revision)}


_ACTIONS = {
    ApplicationEvent.APPROVE_FIRST: "application.first_approved",
    ApplicationEvent.APPROVE_SECOND: "application.approved",
    ApplicationEvent.REQUEST_CHANGES: "application.changes_requested",
    ApplicationEvent.REFUSE: "application.refused",
}


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
    before = standing_of(locked)
    update(locked, at=at, **changes)
    details = {"stage": review.stage, "revision": review.revision.number, "binding": review.binding}
    if review.criterion:
        details["criterion"] = review.criterion
    gives_back = reached is ApplicationState.PUBLISHED  # a reopening is refused: what is published stays
    action = "application.reopening_refused" if gives_back else _ACTIONS[event]
    record_change(action, locked, before, by=by, reason=review.criterion, details=details)
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
    before = standing_of(locked)
    update(locked, at=at, state=reached, claimed_by=None, claimed_at=None)
    record_change("application.approval_voided", locked, before, by="workflow", reason=reason)
    return reason
