"""The evidence of an application, the same for the applicant's summary, the status page and the reviewer's desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from portal.audit import services as audit
from portal.providers import members
from portal.providers.messages import LEGAL_BASES
from whitelist.applications import JAPAN
from whitelist.messages import case_words
from whitelist.models import Application, CheckReport, Entry, Review, Revision
from whitelist.policy import workflow, working_days
from whitelist.policy.workflow import ApplicationState
from whitelist.views import findings

COMPARED = ("url", "kind", "purposes", "ways_in", "security_contact", "purpose_of_use", "note", "provider")
MEANINGS = {
    "draft": "not_run",
    "checked": "not_run",
    "submitted": "info",
    "in_review": "info",
    "first_approved": "info",
    "approved": "waiting",
    "publishing": "waiting",
    "reopened": "paused",
    "published": "ok",
    "changes_requested": "paused",
    "refused": "error",
    "withdrawn": "not_run",
}
ENTRY_MEANINGS = {
    "approved": "waiting",
    "live": "ok",
    "warned": "warning",
    "at_risk": "warning",
    "review_due": "warning",
    "suspended": "paused",
    "retiring": "info",
    "removed": "not_run",
}


@dataclass(frozen=True)
class Change:
    label: str | Promise
    before: str
    after: str
    is_url: bool


@dataclass(frozen=True)
class Event:
    at: datetime
    words: str
    actor: str | Promise
    message: str


def of(application: Application, *, at: datetime, for_reviewer: bool = False) -> dict[str, Any]:
    """What the templates under whitelist/evidence/ read, for an application that has been submitted."""
    revision = application.current_revision
    assert revision is not None
    report = revision.latest_report
    content = revision.content
    return {
        "application": application,
        "revision": revision,
        "report": report,
        "content": content,
        "facts": content_facts(content),
        "findings": findings.shown_json(report.report),
        "changes": changes(revision),
        "events": events(application, for_reviewer=for_reviewer),
        "state": state(application),
        "clock": clock(application, at),
        "standard_period": working_days.STANDARD_PERIOD,
        "owners": members.owner_count(application.provider),
        "legal_basis": LEGAL_BASES[application.provider.legal_basis],
        "accreditation": application.provider.accreditations.order_by("-valid_until").first(),
    }


def state(application: Application) -> dict[str, Any]:
    waits_for = workflow.WAITS_FOR[application.status]
    return {
        "meaning": MEANINGS[application.state],
        "word": case_words.APPLICATION_STATES[application.state],
        "waits_for": case_words.WAITS_FOR[waits_for] if waits_for else "",
        "is_applicants_turn": waits_for == "applicant",
    }


def entry_state(entry: Entry) -> dict[str, Any]:
    return {"meaning": ENTRY_MEANINGS[entry.state], "word": case_words.ENTRY_STATES[entry.state]}


def content_facts(content: Mapping[str, Any]) -> dict[str, str]:
    return {name: _words(name, content.get(name)) for name in COMPARED}


def changes(revision: Revision) -> list[Change]:
    """What this revision says otherwise than the one before it; empty for the first."""
    before = Revision.objects.filter(application=revision.application_id, number=revision.number - 1).first()
    if before is None:
        return []
    old, new = content_facts(before.content), content_facts(revision.content)
    return [
        Change(case_words.FIELDS[name], old[name], new[name], name == "url")
        for name in COMPARED
        if old[name] != new[name]
    ]


def _words(name: str, value: Any) -> str:
    if name == "purposes":
        return "、".join(str(case_words.PURPOSES[item]) for item in value or ())
    if name == "ways_in":
        return "、".join(str(case_words.WAYS_IN[item]) for item in value or ())
    if name == "provider":
        value = value or {}
        return " ".join(str(value.get(key, "")) for key in ("name", "corporate_number"))
    return str(value or "")


def events(application: Application, *, for_reviewer: bool) -> list[Event]:
    """The trail in words, newest first. An applicant sees reviewers by their role, never by name."""
    reviews = list(Review.objects.filter(revision__application=application))
    told = {(r.decision, r.revision.number): r.message for r in reviews if r.message}
    shown = []
    for event in audit.history(application).select_related("actor").order_by("-id"):
        words = case_words.HISTORY.get(event.action)
        if words is None:
            continue
        number = event.details.get("revision")
        decision = {"application.changes_requested": "request_changes", "application.refused": "refuse"}
        message = told.get((decision.get(event.action, ""), number), "")
        shown.append(Event(event.at, str(words) % _Lenient(event.details), _actor(event, for_reviewer), message))
    return shown


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def _actor(event: Any, for_reviewer: bool) -> str | Promise:
    if event.actor is None:
        return case_words.ACTORS["machine"]
    if event.actor.role == "member":
        return case_words.ACTORS["applicant"] if for_reviewer else str(event.actor)
    return str(event.actor) if for_reviewer else case_words.ACTORS["reviewer"]


def clock(application: Application, at: datetime) -> working_days.Clock | None:
    """How much of the standard period is used; it stops at the decision and pauses while the applicant corrects."""
    if application.submitted_at is None:
        return None
    end = _day(application.decided_at or at)
    pauses = []
    for review in Review.objects.filter(revision__application=application, decision="request_changes"):
        answer = Revision.objects.filter(application=application, number=review.revision.number + 1).first()
        pauses.append((_day(review.created_at), _day(answer.created_at) if answer else end))
    return working_days.clock(_day(application.submitted_at), pauses, end)


def _day(moment: datetime) -> Any:
    return moment.astimezone(JAPAN).date()


def is_paused(application: Application) -> bool:
    return application.status is ApplicationState.CHANGES_REQUESTED


def warning_codes(report: CheckReport) -> list[str]:
    return [finding["code"] for finding in report.report["findings"] if finding["severity"] == "warn"]
