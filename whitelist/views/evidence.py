"""The evidence of an application, the same for the applicant's summary, the status page and the reviewer's desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.audit import services as audit
from portal.listing import listed
from portal.providers import members
from portal.providers.messages import LEGAL_BASES
from whitelist import deadlines
from whitelist.messages import case_words, content_words, measure_words
from whitelist.models import Application, CheckReport, Entry, Review, Revision
from whitelist.policy import content, measures, workflow, working_days
from whitelist.views import findings

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


_WHERE_SAID = ("app.", "evidence", "note")
_STATUS_MEANINGS = {"met": "ok", "planned": "waiting", "not_applicable": "not_run"}


@dataclass(frozen=True)
class Fact:
    key: str
    label: str
    text: str

    @property
    def is_mono(self) -> bool:
        return self.key in content_words.MONO


@dataclass(frozen=True)
class MeasureFact:
    """One security measure with its answer, for the evidence pages."""

    code: str
    number: str
    title: str | Promise
    statement: str | Promise
    meaning: str
    word: str | Promise
    by: str
    reason: str


@dataclass(frozen=True)
class Change:
    label: str
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
    said = revision.content
    return {
        "application": application,
        "revision": revision,
        "report": report,
        "content": said,
        "facts": content_facts(said),
        "findings": findings.shown_json(report.report),
        "changes": changes(revision),
        "events": events(application, for_reviewer=for_reviewer),
        "state": state(application),
        "clock": deadlines.clock_of(application, at),
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


def content_facts(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a revision or a draft says, in words: by field with `_` for the dot, and row by row for lists."""
    shaped = content.read(said)
    keys = [key for key in content.FIELDS if not key.startswith("measures.")]
    rows = [Fact(key, content_words.label(key), content_words.words(key, content.value(shaped, key))) for key in keys]
    if shaped["served_providers"]:
        names = listed(one["name"] for one in shaped["served_providers"])
        rows.append(Fact("served_providers", _("Organisations served"), names))
    return {row.key.replace(".", "_"): row.text for row in rows} | {
        "rows": [row for row in rows if row.key != "url" and (row.text or not row.key.startswith(_WHERE_SAID))],
        # Revisions from before the measures were asked have no answers to show.
        "measures": measure_facts(shaped) if shaped["measures"] else [],
    }


def measure_facts(shaped: Mapping[str, Any]) -> list[MeasureFact]:
    """The measures asked of this kind of entry with their answers; `shaped` as content.read gives it."""
    answers = shaped["measures"]
    return [_measure_fact(measure, answers.get(measure.code) or {}) for measure in measures.applicable(shaped["kind"])]


def _measure_fact(measure: measures.Measure, answer: Mapping[str, Any]) -> MeasureFact:
    words, status = measure_words.MEASURES[measure.code], str(answer.get("status") or "")
    return MeasureFact(
        measure.code,
        measure.criterion_number,
        words.title,
        words.statement,
        _STATUS_MEANINGS.get(status, "not_run"),
        measure_words.STATUSES.get(status, "—"),
        answer.get("by") or "",
        str(answer.get("reason") or ""),
    )


def changes(revision: Revision) -> list[Change]:
    """What this revision says otherwise than the one before it; empty for the first."""
    before = Revision.objects.filter(application=revision.application_id, number=revision.number - 1).first()
    return differences(before.content, revision.content) if before else []


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Two contents field by field, in words."""
    return [
        Change(
            content_words.label(found.key),
            content_words.words(found.key, found.before),
            content_words.words(found.key, found.after),
            found.key in content_words.MONO,
        )
        for found in content.diff(before, after)
    ]


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


def warning_codes(report: CheckReport) -> list[str]:
    return [finding["code"] for finding in report.report["findings"] if finding["severity"] == "warn"]
