"""Applying for a production entry: draft, submit, answer a correction, withdraw.

Subject first, the rest by keyword; `by` is the person, `at` the moment (aware, UTC). Each verb is one transaction: it
locks its row, asks the workflow table, moves the row by a conditional update, and writes the audit trail.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.audit import services as audit
from portal.environments import services as environments
from portal.jobs import services as jobs
from portal.providers import members
from whitelist import contacts, deadlines, looks, permissions, register, reporting, serving
from whitelist.models import Application, CheckReport, Revision
from whitelist.policy import app_identifier, measures, workflow
from whitelist.policy import content as shape
from whitelist.policy.finding import Report, Severity
from whitelist.policy.revision import canonical_json
from whitelist.policy.workflow import ApplicationEvent, ApplicationState
from whitelist.refusals import Overtaken, Refused

JAPAN = ZoneInfo("Asia/Tokyo")
# Rules that are not about the URL: each has a refusal of its own that says where it is mended.
DOMAIN_PROOF, CONTACTS_ANSWER = "dns.txt_proof", "list.contact"


@transaction.atomic
def start_application(provider: Any, *, form_key: uuid.UUID, content: Mapping[str, Any], by: Any) -> Application:
    """A new draft. The same form sent twice gives the draft it already made."""
    standing = Application.objects.filter(form_key=form_key, provider=provider).first()
    if standing is not None:
        return standing
    now = timezone.now()
    year = now.astimezone(JAPAN).year
    application = Application.objects.create(
        public_id=f"WL-{year}-{register.next_number(f'application {year}'):06d}",
        provider=provider,
        form_key=form_key,
        draft=dict(content),
        created_by=by,
        created_at=now,
    )
    application.editors.add(by)
    deadlines.note(application, application.state, at=now)
    audit.record("application.started", application, by=by, provider=provider)
    return application


@transaction.atomic
def save_draft(application: Application, *, content: Mapping[str, Any], seen_version: int, by: Any) -> Application:
    """Keep what was typed. Raises Overtaken when a team-mate saved meanwhile, Refused when it is not open to change."""
    locked = lock(application)
    if not can_edit(locked):
        raise Refused("application.not_open")
    if locked.version != seen_version:
        raise Overtaken("application.changed_meanwhile")
    locked.editors.add(by)
    return update(locked, draft=dict(content), state=after(locked, ApplicationEvent.EDIT))


def can_edit(application: Application) -> bool:
    return ApplicationEvent.EDIT in workflow.possible_events(application.status)


@dataclass(frozen=True)
class Gap:
    """What keeps a draft from being sent: code of the refusal; field: of content.FIELDS, or `organisation`."""

    code: str
    field: str


def submission_refusals(application: Application, *, at: datetime) -> list[str]:
    """Codes of everything that still keeps the draft from being sent; empty when it may be."""
    return [gap.code for gap in gaps(application, at=at)]


def gaps(application: Application, *, at: datetime) -> list[Gap]:
    """Everything that still keeps the draft from being sent, in the order of the form; empty when it may be."""
    draft = shape.read(application.draft)
    found = [*_url_gaps(application, draft, at=at), *_app_gaps(draft)]
    for name in ("purposes", "ways_in", "purpose_of_use"):
        if not draft[name]:
            found.append(Gap(f"application.{name}_missing", name))
    today = at.astimezone(JAPAN).date()
    missing = measures.gaps(draft["measures"], kind=draft["kind"], on=today)
    found += [Gap(code, f"measures.{measure}") for measure, code in missing]
    found += _contact_gaps(application, draft, at=at)
    if not application.provider.legal_basis:
        found.append(Gap("application.legal_basis_missing", "organisation"))
    if members.owner_count(application.provider) < 2:
        found.append(Gap("application.needs_two_owners", "organisation"))
    if application.live_entry is not None and not _is_change(application, draft):
        found.append(Gap("application.nothing_changed", "url"))
    return found


def _url_gaps(application: Application, draft: shape.Content, *, at: datetime) -> list[Gap]:
    report = check_draft(application, at=at)
    canonical, found = report.canonical or b"", []
    blocking = {finding.code for finding in report.of(Severity.BLOCK)}
    if DOMAIN_PROOF in blocking:
        found.append(Gap("application.domain_unproven", "url"))
    if report.canonical is None or blocking - {DOMAIN_PROOF, CONTACTS_ANSWER}:
        found.append(Gap("application.url_blocked", "url"))
    elif report.needs_acceptance and draft.get("accepts_canonical") != canonical.decode("ascii"):
        found.append(Gap("application.canonical_not_accepted", "url"))
    if canonical and register.is_taken(environments.production(), canonical, but_for=application.live_entry):
        found.append(Gap("entry.already_listed", "url"))
    return found


def _app_gaps(draft: shape.Content) -> list[Gap]:
    if draft["kind"] != "app":
        return []
    app = draft["app"] or {}
    code = app_identifier.identifier_gap(app.get("identifier") or "")
    found = [Gap(code, "app.identifier")] if code else []
    if app.get("fingerprint") and app_identifier.fingerprint(app["fingerprint"]) is None:
        found.append(Gap("app.fingerprint_malformed", "app.fingerprint"))
    return found


def _contact_gaps(application: Application, draft: shape.Content, *, at: datetime) -> list[Gap]:
    found = []
    for role in shape.CONTACTS:
        email = draft["contacts"][role]["email"]
        if not email:
            found.append(Gap(f"application.{role}_contact_missing", f"contacts.{role}"))
        elif contacts.confirmed(application.provider, email, at=at) is None:
            found.append(Gap(f"application.{role}_contact_unconfirmed", f"contacts.{role}"))
    return found


def _is_change(application: Application, draft: shape.Content) -> bool:
    """Whether a reopened application asks for anything that its published revision does not say."""
    assert application.live_entry is not None
    assert application.live_entry.revision is not None  # a production entry has one: a constraint says so
    published = application.live_entry.revision.content
    asked = {**published, **{key: draft[key] for key in _SAID_BY_DRAFT}}
    if draft["kind"] != "app":
        asked["app"] = None
    return bool(shape.diff(published, asked))


_SAID_BY_DRAFT = (
    *("url", "kind", "app", "try_open_redirects", "purposes", "ways_in", "purpose_of_use"),
    *("contacts", "measures", "evidence", "note"),
)


def check_draft(application: Application, *, at: datetime) -> Report:
    """What the machine finds about the URL of the draft as it stands."""
    return reporting.report_on(application.draft, provider=application.provider, at=at)


@transaction.atomic
def submit(application: Application, *, seen_version: int, by: Any, at: datetime) -> Revision:
    """Make the draft a revision and put it before the reviewers; only an owner may. Raises Overtaken or Refused."""
    locked = lock(application)
    if not permissions.may_send(by, locked.provider):
        raise Refused("application.only_owner_sends")
    if locked.version != seen_version:
        raise Overtaken("application.changed_meanwhile")
    checked = [ApplicationEvent.CHECK] if locked.status is ApplicationState.DRAFT else []
    reached = after(locked, *checked, ApplicationEvent.SUBMIT)
    refusals = submission_refusals(locked, at=at)
    if refusals:
        raise Refused(refusals[0])
    before = standing_of(locked)
    locked.editors.add(by)
    revision = _make_revision(locked, by=by, at=at)
    update(
        locked,
        at=at,
        state=reached,
        warned_at_per_cent=0 if locked.status is not ApplicationState.CHANGES_REQUESTED else locked.warned_at_per_cent,
        current_revision=revision,
        submitted_at=locked.submitted_at or at,
        claimed_by=None,
        claimed_at=None,
    )
    details = {"revision": revision.number, "digest": revision.digest, "binding": revision.latest_report.binding}
    record_change("application.submitted", locked, before, by=by, details=details)
    mail_members(locked, "submitted", number=revision.number)
    return revision


def _make_revision(application: Application, *, by: Any, at: datetime) -> Revision:
    draft, provider = application.draft, application.provider
    report = check_draft(application, at=at)
    assert report.canonical is not None  # a blocked URL has been refused
    said = shape.build(
        application=application.public_id,
        provider={
            "name": provider.name,
            "corporate_number": provider.corporate_number,
            "legal_basis": provider.legal_basis,
        },
        url=report.canonical.decode("ascii"),
        draft=draft,
        acting_operator=_acting_operator(by, provider),
        served_providers=_served_providers(application),
        changes_entry=application.live_entry.public_id if application.live_entry else None,
    )
    payload = canonical_json(said)
    revision = Revision.objects.create(
        application=application,
        number=application.revisions.count() + 1,
        content_json=payload.decode(),
        digest=hashlib.sha256(payload).hexdigest(),
        created_by=by,
        created_at=at,
    )
    make_report(revision, report, at=at)
    if reporting.can_be_looked_at(report.canonical):
        looks.ask_where_stale(report.canonical, said, holder=provider, reason="submit", at=at)
    return revision


def _acting_operator(by: Any, provider: Any) -> dict[str, str] | None:
    """The platform operator for which `by` sends this in the name of `provider`."""
    operator = permissions.acting_operator(by, provider)
    if operator is None:
        return None
    return {
        "name": operator.name,
        "corporate_number": operator.corporate_number,
        "legal_basis": operator.legal_basis,
    }


def _served_providers(application: Application) -> list[dict[str, str]]:
    """Whom a platform operator's server is for: those its published entry serves, else those the draft names, else
    all; in any case only who delegates to it today."""
    published = application.live_entry
    if not application.provider.is_platform_operator:
        return []
    served = serving.now(published) if published else serving.delegating(application.provider)
    named = {one["corporate_number"] for one in shape.read(application.draft)["served_providers"]}
    if named and not published:
        served = [row for row in served if row.provider.corporate_number in named]
    return [{"name": row.provider.name, "corporate_number": row.provider.corporate_number} for row in served]


def make_report(revision: Revision, report: Report, *, at: datetime) -> CheckReport:
    payload = canonical_json(report.as_json())
    return CheckReport.objects.create(
        revision=revision,
        number=revision.reports.count() + 1,
        report_json=payload.decode(),
        digest=hashlib.sha256(payload).hexdigest(),
        rule_set_version=report.rule_set_version,
        created_at=at,
    )


@transaction.atomic
def withdraw(application: Application, *, by: Any, at: datetime) -> Application:
    """Take the application back, or the reopening of one that is published; raises Refused when it is decided."""
    locked = lock(application)
    reached = after(locked, ApplicationEvent.WITHDRAW)
    kept = {}
    if reached is ApplicationState.PUBLISHED and locked.live_entry is not None:
        kept = {"current_revision": locked.live_entry.revision}  # the change that was given up stays in the history
    before = standing_of(locked)
    update(locked, at=at, state=reached, decided_at=at, claimed_by=None, claimed_at=None, **kept)
    action = "application.withdrawn" if reached is ApplicationState.WITHDRAWN else "application.reopening_cancelled"
    record_change(action, locked, before, by=by)
    return locked


def standing_of(application: Application) -> dict[str, Any]:
    """What the trail says of a case before and after an act: its state, and whether a reviewer has taken it up."""
    return {"state": str(application.state), "claimed": application.claimed_by_id is not None}


def record_change(
    action: str,
    locked: Application,
    before: dict[str, Any],
    *,
    by: Any,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """The trail's line of an act on a case that stood as `before` (standing_of) and stands as it is now."""
    audit.record(
        action,
        locked,
        by=by,
        provider=locked.provider,
        reason=reason,
        before=before,
        after=standing_of(locked),
        details=details,
    )


def lock(application: Application) -> Application:
    """The row as it is now, held until the transaction ends (SQLite holds the whole file: IMMEDIATE)."""
    return Application.objects.select_for_update().get(pk=application.pk)


def update(locked: Application, *, at: datetime | None = None, **changes: Any) -> Application:
    """Write `changes` if nobody moved the row since it was read; the version says so even where locks do not.

    A new state goes into the trail with `at` (aware; None: now), from which the legal clock is read.
    """
    enters = changes.get("state", locked.state) != locked.state
    moved = Application.objects.filter(pk=locked.pk, version=locked.version).update(version=F("version") + 1, **changes)
    if not moved:
        raise Overtaken("application.changed_meanwhile")
    if enters:
        deadlines.note(locked, str(changes["state"]), at=at or timezone.now())
    locked.refresh_from_db()
    return locked


def after(application: Application, *events: ApplicationEvent) -> ApplicationState:
    """The state after `events`, as they are for this application (workflow.event_of). Raises Overtaken."""
    state, has_live_entry = application.status, application.live_entry_id is not None
    try:
        for event in events:
            state = workflow.next_state(state, workflow.event_of(event, has_live_entry=has_live_entry))
    except workflow.IllegalTransition:
        raise Overtaken("application.not_possible_now") from None
    return state


def mail_members(application: Application, kind: str, *, number: int) -> None:
    """One mail to each member of the applicant; `number` is the revision it is about."""
    jobs.enqueue(
        "whitelist.send_mail",
        application.pk,
        kind,
        lane="mail",
        key=f"whitelist.send_mail:{application.public_id}:{kind}:{number}",
    )
