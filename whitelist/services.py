"""The verbs of the whitelist: entering, applying, deciding, publishing, looking up.

Subject first, the rest by keyword; `by` is the person, `at` the moment (aware, UTC). Each verb is one transaction: it locks
its row, asks the workflow table, moves the row by a conditional update, and writes the audit trail. Refusals are raised
as `Refused` with a code; whitelist.messages has the words.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.audit import services as audit
from portal.environments import services as environments
from portal.jobs import services as jobs
from whitelist import signing, snapshot
from whitelist.models import (
    Application,
    CheckReport,
    Entry,
    EntryQuerySet,
    ListMarker,
    ListVersion,
    NumberSeries,
    Review,
    Revision,
)
from whitelist.permissions import review_refusal, standing_first_approval
from whitelist.policy import statement, url_rules, working_days, workflow
from whitelist.policy.canonical import Candidate, nearest
from whitelist.policy.criteria import CRITERIA
from whitelist.policy.finding import Report, Severity
from whitelist.policy.revision import canonical_json
from whitelist.policy.rule_set import RULE_SET
from whitelist.policy.workflow import ApplicationEvent, ApplicationState, EntryEvent, EntryState
from whitelist.snapshot import Listing, Snapshot

PURPOSES = ("user_authentication", "signature")
WAYS_IN = ("app_link", "browser_link", "qr")
JAPAN = ZoneInfo("Asia/Tokyo")


class Refused(Exception):
    """The verb was not done and nothing was changed; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Overtaken(Refused):
    """Somebody, perhaps the same person in another window, has changed it since it was shown."""


class UrlRefused(Refused):
    """A URL with blocking findings; `report` has all of them."""

    def __init__(self, report: Report) -> None:
        super().__init__("entry.url_refused")
        self.report = report


# Entries of a sandbox ------------------------------------------------------------------------------------------------


@transaction.atomic
def enter_in_sandbox(
    environment: Any, *, url: str, purposes: Sequence[str], ways_in: Sequence[str], by: Any, kind: str = "browser"
) -> Entry:
    """A live entry in a sandbox, at once; the canonical form of `url` is what is stored.

    The same URL again gives the entry that already stands. Raises UrlRefused for blocking findings and Refused
    (entry.only_in_sandbox) for production.
    """
    if environment.is_production:
        raise Refused("entry.only_in_sandbox")
    report = url_rules.check(url, world="sandbox")
    if report.is_blocked or report.canonical is None:
        raise UrlRefused(report)
    _mark_changed(environment)
    standing = _standing(environment, report.canonical)
    if standing is not None:
        return standing
    entry = _create_entry(
        environment, url=report.canonical, kind=kind, purposes=purposes, ways_in=ways_in, by=by, rules=RULE_SET.version
    )
    details = {"url": entry.url_text, "environment": environment.public_id, "rule_set": RULE_SET.version}
    audit.record("entry.entered", entry, by=by, provider=environment.provider, details=details)
    _ask_for_publication(environment)
    return entry


@transaction.atomic
def remove_from_sandbox(entry: Entry, *, by: Any, at: datetime) -> bool:
    """End a sandbox entry; False when it had already ended. Raises Refused for a production entry."""
    if entry.world != "sandbox":
        raise Refused("entry.only_in_sandbox")
    locked = Entry.objects.select_for_update().get(pk=entry.pk)
    if locked.state == EntryState.REMOVED:
        return False
    reached = workflow.next_state(EntryState(locked.state), EntryEvent.REMOVE)
    Entry.objects.filter(pk=locked.pk, state=locked.state).update(state=reached, ended_at=at)
    _mark_changed(locked.environment)
    audit.record("entry.removed", locked, by=by, provider=locked.provider, details={"url": locked.url_text})
    _ask_for_publication(locked.environment)
    return True


def live_entries(environment: Any) -> EntryQuerySet:
    """Live entries of one environment, newest first."""
    return Entry.objects.filter(environment=environment).live().order_by("-id")


def entry_of(environment: Any, public_id: str) -> Entry | None:
    return Entry.objects.filter(environment=environment, public_id=public_id).first()


def _standing(environment: Any, url: bytes) -> Entry | None:
    return Entry.objects.standing().filter(environment=environment, url=url).first()


def _create_entry(
    environment: Any,
    *,
    url: bytes,
    kind: str,
    purposes: Sequence[str],
    ways_in: Sequence[str],
    by: Any,
    rules: str,
    **grant: Any,
) -> Entry:
    text = url.decode("ascii")
    series, form = ("entry", "E-{:05d}") if environment.is_production else ("sandbox entry", "E-T{:05d}")
    return Entry.objects.create(
        public_id=form.format(_next_number(series)),
        environment=environment,
        world=environment.kind,
        provider=grant.pop("provider", environment.provider),
        url=url,
        url_text=text,
        host=_host(text),
        kind=kind,
        purposes=sorted(set(purposes) & set(PURPOSES)),
        ways_in=sorted(set(ways_in) & set(WAYS_IN)),
        entered_by=by,
        rule_set_version=rules,
        created_at=timezone.now(),
        **grant,
    )


def _host(url: str) -> str:
    """The host of a canonical URL as it stands there, brackets included."""
    authority = urlsplit(url).netloc
    return authority if authority.endswith("]") else authority.rpartition(":")[0] or authority


def _next_number(series: str) -> int:
    NumberSeries.objects.get_or_create(name=series)
    row = NumberSeries.objects.select_for_update().get(name=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def _mark_changed(environment: Any) -> None:
    ListMarker.objects.update_or_create(environment=environment, defaults={"stamp": uuid.uuid4()})


def _ask_for_publication(environment: Any) -> None:
    jobs.enqueue(
        "whitelist.publish_list", environment.pk, lane="ca", key=f"whitelist.publish_list:{environment.public_id}"
    )


# Applying ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_application(provider: Any, *, form_key: uuid.UUID, content: Mapping[str, Any], by: Any) -> Application:
    """A new draft. The same form sent twice gives the draft it already made."""
    standing = Application.objects.filter(form_key=form_key, provider=provider).first()
    if standing is not None:
        return standing
    now = timezone.now()
    year = now.astimezone(JAPAN).year
    application = Application.objects.create(
        public_id=f"WL-{year}-{_next_number(f'application {year}'):06d}",
        provider=provider,
        form_key=form_key,
        draft=dict(content),
        created_by=by,
        created_at=now,
    )
    application.editors.add(by)
    audit.record("application.started", application, by=by, provider=provider)
    return application


@transaction.atomic
def save_draft(application: Application, *, content: Mapping[str, Any], seen_version: int, by: Any) -> Application:
    """Keep what was typed. Raises Overtaken when a team-mate saved meanwhile, Refused when it is not open to change."""
    locked = _lock(application)
    if not can_edit(locked):
        raise Refused("application.not_open")
    if locked.version != seen_version:
        raise Overtaken("application.changed_meanwhile")
    locked.editors.add(by)
    return _update(locked, draft=dict(content))


def can_edit(application: Application) -> bool:
    return ApplicationEvent.SUBMIT in workflow.possible_events(application.status)


def submission_refusals(application: Application) -> list[str]:
    """Codes of everything that still keeps the draft from being sent; empty when it may be."""
    draft = application.draft
    report = check_draft(draft)
    refusals = []
    if report.is_blocked:
        refusals.append("application.url_blocked")
    elif report.needs_acceptance and not draft.get("accepts_canonical"):
        refusals.append("application.canonical_not_accepted")
    elif report.canonical and _standing(environments.production(), report.canonical):
        refusals.append("entry.already_listed")
    for name in ("purposes", "ways_in", "security_contact", "purpose_of_use"):
        if not draft.get(name):
            refusals.append(f"application.{name}_missing")
    if not application.provider.legal_basis:
        refusals.append("application.legal_basis_missing")
    if application.provider.memberships.filter(role="owner", user__is_active=True).count() < 2:
        refusals.append("application.needs_two_owners")
    return refusals


def check_draft(draft: Mapping[str, Any]) -> Report:
    return url_rules.check(str(draft.get("url", "")), world="production")


@transaction.atomic
def submit(application: Application, *, seen_version: int, by: Any, at: datetime) -> Revision:
    """Make the draft a revision and put it before the reviewers; raises Overtaken or Refused."""
    locked = _lock(application)
    if locked.version != seen_version:
        raise Overtaken("application.changed_meanwhile")
    reached = _reached(locked.status, ApplicationEvent.SUBMIT)
    refusals = submission_refusals(locked)
    if refusals:
        raise Refused(refusals[0])
    locked.editors.add(by)
    revision = _make_revision(locked, by=by, at=at)
    _update(
        locked,
        state=reached,
        current_revision=revision,
        submitted_at=locked.submitted_at or at,
        claimed_by=None,
        claimed_at=None,
    )
    details = {"revision": revision.number, "digest": revision.digest, "binding": revision.latest_report.binding}
    audit.record("application.submitted", locked, by=by, provider=locked.provider, details=details)
    _mail(locked, "submitted", number=revision.number)
    return revision


def _make_revision(application: Application, *, by: Any, at: datetime) -> Revision:
    draft, provider = application.draft, application.provider
    report = check_draft(draft)
    assert report.canonical is not None  # a blocked URL has been refused
    content = {
        "application": application.public_id,
        "provider": {
            "name": provider.name,
            "corporate_number": provider.corporate_number,
            "legal_basis": provider.legal_basis,
        },
        "url": report.canonical.decode("ascii"),
        "kind": draft.get("kind", Entry.Kind.BROWSER.value),
        "purposes": sorted(draft["purposes"]),
        "ways_in": sorted(draft["ways_in"]),
        "security_contact": draft["security_contact"],
        "purpose_of_use": draft["purpose_of_use"],
        "note": draft.get("note", ""),
    }
    payload = canonical_json(content)
    revision = Revision.objects.create(
        application=application,
        number=application.revisions.count() + 1,
        content_json=payload.decode(),
        digest=hashlib.sha256(payload).hexdigest(),
        created_by=by,
        created_at=at,
    )
    _make_report(revision, report, at=at)
    return revision


def _make_report(revision: Revision, report: Report, *, at: datetime) -> CheckReport:
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
    """Take the application back; raises Refused when it is decided already."""
    locked = _lock(application)
    reached = _reached(locked.status, ApplicationEvent.WITHDRAW)
    _update(locked, state=reached, decided_at=at, claimed_by=None, claimed_at=None)
    audit.record("application.withdrawn", locked, by=by, provider=locked.provider)
    return locked


# Reviewing -----------------------------------------------------------------------------------------------------------


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
    passed = working_days.days_between(
        application.claimed_at.astimezone(JAPAN).date(), at.astimezone(JAPAN).date()
    )
    return passed <= working_days.CLAIM_LIFETIME


@transaction.atomic
def claim(application: Application, *, by: Any, at: datetime) -> Application:
    """Take the case for the stage that waits. Raises Refused: decided, claimed by another, or not permitted."""
    locked = _lock(application)
    _require_open_to(locked, by=by, at=at)
    if locked.claimed_by_id == by.pk and is_claimed(locked, at):
        return locked
    changes: dict[str, Any] = {"claimed_by": by, "claimed_at": at}
    if locked.status is ApplicationState.SUBMITTED:
        changes["state"] = _reached(locked.status, ApplicationEvent.START_REVIEW)
    _update(locked, **changes)
    audit.record("application.claimed", locked, by=by, provider=locked.provider, details={"stage": stage_of(locked)})
    return locked


@transaction.atomic
def hand_back(application: Application, *, by: Any) -> Application:
    """Give the case back to the queue; raises Refused when `by` does not hold it."""
    locked = _lock(application)
    if stage_of(locked) is None or locked.claimed_by_id != by.pk:
        raise Refused("review.not_yours")
    changes: dict[str, Any] = {"claimed_by": None, "claimed_at": None}
    if locked.status is ApplicationState.IN_REVIEW:
        changes["state"] = _reached(locked.status, ApplicationEvent.HAND_BACK)
    _update(locked, **changes)
    audit.record("application.handed_back", locked, by=by, provider=locked.provider)
    return locked


@transaction.atomic
def recheck(application: Application, *, by: Any, at: datetime) -> CheckReport:
    """Look again under the present rules. A first approval over another result is void from then on."""
    locked = _lock(application)
    if stage_of(locked) is None or locked.current_revision is None:
        raise Refused("review.not_open")
    report = url_rules.check(locked.current_revision.content["url"], world="production")
    kept = _make_report(locked.current_revision, report, at=at)
    audit.record(
        "application.rechecked", locked, by=by, provider=locked.provider, details={"binding": kept.binding}
    )
    _void_stale_approval(locked, at=at)
    _update(locked)
    return kept


def decide(application: Application, *, verdict: Verdict, by: Any, at: datetime) -> Review:
    """Record a reviewer's decision at the stage that waits; the second approval makes the entry and has it published.

    Raises Overtaken when the case is no longer as it was shown (somebody else was first, a revision or report came,
    the form was sent twice), Refused for everything four eyes or the criteria forbid. Nothing is half done.
    """
    with transaction.atomic():  # on its own: that an approval has become void stays true although this decision is refused
        void = _void_stale_approval(_lock(application), at=at)
    if void:
        raise Overtaken(void)
    try:
        with transaction.atomic():
            return _decide(_lock(application), verdict=verdict, by=by, at=at)
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
        raise Overtaken("review.binding_changed")
    missing = verdict_refusals(report, verdict)
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


def verdict_refusals(report: CheckReport, verdict: Verdict) -> list[str]:
    """Codes of what the decision still lacks; empty when it may be recorded."""
    if verdict.decision == Review.Decision.APPROVE:
        warnings = {f["code"] for f in report.report["findings"] if f["severity"] == Severity.WARN}
        refusals = []
        if report.rule_set_version != RULE_SET.version:
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
    state = locked.status
    if state is ApplicationState.SUBMITTED:
        state = _reached(state, ApplicationEvent.START_REVIEW)
    is_second = review.stage == Review.Stage.SECOND
    event = {
        "approve": ApplicationEvent.APPROVE_SECOND if is_second else ApplicationEvent.APPROVE_FIRST,
        "request_changes": ApplicationEvent.REQUEST_CHANGES,
        "refuse": ApplicationEvent.REFUSE,
    }[review.decision]
    reached = _reached(state, event)
    changes: dict[str, Any] = {"state": reached, "claimed_by": None, "claimed_at": None}
    if reached in (ApplicationState.APPROVED, ApplicationState.REFUSED):
        changes["decided_at"] = at
    _update(locked, **changes)
    details = {"stage": review.stage, "revision": review.revision.number, "binding": review.binding}
    if review.criterion:
        details["criterion"] = review.criterion
    audit.record(f"application.{reached}", locked, by=by, provider=locked.provider, details=details)
    if reached is ApplicationState.APPROVED:
        _grant(locked, review)
    elif reached in (ApplicationState.CHANGES_REQUESTED, ApplicationState.REFUSED):
        _mail(locked, str(reached), number=review.revision.number)


def _grant(application: Application, second: Review) -> Entry:
    first = standing_first_approval(application)
    assert first is not None  # the workflow table leads here only past a first approval
    production, content = environments.production(), second.revision.content
    _mark_changed(production)
    url = content["url"].encode("ascii")
    if _standing(production, url) is not None:
        raise Refused("entry.already_listed")
    entry = _create_entry(
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
    _ask_for_publication(production)
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
    reached = _reached(locked.status, ApplicationEvent.VOID_APPROVAL)
    _update(locked, state=reached, claimed_by=None, claimed_at=None)
    audit.record(
        "application.approval_voided", locked, by="workflow", provider=locked.provider, details={"reason": reason}
    )
    return reason


def _lock(application: Application) -> Application:
    """The row as it is now, held until the transaction ends (SQLite holds the whole file: transactions are IMMEDIATE)."""
    return Application.objects.select_for_update().get(pk=application.pk)


def _update(locked: Application, **changes: Any) -> Application:
    """Write `changes` if nobody moved the row since it was read; the version says so even where locks do not."""
    moved = Application.objects.filter(pk=locked.pk, version=locked.version).update(version=F("version") + 1, **changes)
    if not moved:
        raise Overtaken("application.changed_meanwhile")
    locked.refresh_from_db()
    return locked


def _reached(state: ApplicationState, event: ApplicationEvent) -> ApplicationState:
    try:
        return workflow.next_state(state, event)
    except workflow.IllegalTransition:
        raise Overtaken("application.not_possible_now") from None


def _mail(application: Application, kind: str, *, number: int) -> None:
    """One mail to each member of the applicant; `number` is the revision it is about."""
    jobs.enqueue(
        "whitelist.send_mail",
        application.pk,
        kind,
        lane="mail",
        key=f"whitelist.send_mail:{application.public_id}:{kind}:{number}",
    )


# Publishing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edition:
    """The next version of a list, signed and not yet recorded; `stamp` is the marker it was read under."""

    environment_id: int
    stamp: uuid.UUID
    number: int
    previous_digest: str | None
    document: statement.ListDocument
    entry_ids: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    jws: str
    at: datetime


def prepare_edition(environment_id: int, *, at: datetime) -> Edition | None:
    """The next list version of the environment, None when it would say what the current one says; worker only."""
    marker = ListMarker.objects.filter(pk=environment_id).first()
    if marker is None:
        return None
    environment = environments.by_id(environment_id)
    current = current_version(environment)
    entries = list(live_entries(environment).order_by("url_text"))
    before = {entry["id"] for entry in current.document["entries"]} if current else set()
    now = {entry.public_id for entry in entries}
    if current is not None and before == now:
        return None
    number, previous = (current.number + 1, current.digest) if current else (1, None)
    document = statement.list_document(
        issuer=settings.SITE_URL,
        environment_id=environment.public_id,
        number=number,
        previous_digest=previous,
        entries=[
            statement.ListedEntry(e.public_id, bytes(e.url), tuple(e.purposes), e.created_at) for e in entries
        ],
        at=at,
    )
    return Edition(
        environment_id=environment_id,
        stamp=marker.stamp,
        number=number,
        previous_digest=previous,
        document=document,
        entry_ids=tuple(sorted(now)),
        added=tuple(sorted(now - before)),
        removed=tuple(sorted(before - now)),
        jws=signing.sign_list(document.payload),
        at=at,
    )


def publish(edition: Edition) -> ListVersion | None:
    """Record the edition and tell the applicants; None when an entry has changed since it was prepared.

    Call inside a transaction. Two workers with the same edition: the second finds the marker moved.
    """
    locked = ListMarker.objects.select_for_update().get(pk=edition.environment_id)
    if locked.stamp != edition.stamp:
        return None
    environment = locked.environment
    version = ListVersion.objects.create(
        environment=environment,
        number=edition.number,
        digest=edition.document.digest,
        previous_digest=edition.previous_digest,
        entry_count=len(edition.entry_ids),
        document_json=edition.document.payload.decode("ascii"),
        jws=edition.jws,
        added=list(edition.added),
        removed=list(edition.removed),
        published_at=edition.at,
    )
    _mark_changed(environment)
    details = {"number": version.number, "digest": version.digest, "entries": version.entry_count}
    audit.record("list.published", version, by="worker", provider=environment.provider, details=details)
    for application in Application.objects.filter(
        state=ApplicationState.APPROVED, current_revision__entry__public_id__in=edition.entry_ids
    ):
        _announce(_lock(application), version)
    return version


def _announce(locked: Application, version: ListVersion) -> None:
    reached = _reached(locked.status, ApplicationEvent.PUBLISH)
    _update(locked, state=reached, published_in=version)
    details = {"list_version": version.number}
    audit.record("application.published", locked, by="worker", provider=locked.provider, details=details)
    assert locked.current_revision is not None
    _mail(locked, "published", number=locked.current_revision.number)


def current_version(environment: Any) -> ListVersion | None:
    return ListVersion.objects.filter(environment=environment).order_by("-number").first()


# Looking up ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LookupResult:
    """`entry` is None when exactly these bytes are not listed; `list_version` is 0 before the first version."""

    entry: Listing | None
    list_version: int


@dataclass(frozen=True)
class LookupAnswer:
    """A signed answer: the claims and the JWS over them."""

    entry: Listing | None
    list_version: int
    environment_id: str
    environment_kind: str
    claims: dict[str, object]
    jws: str


@dataclass(frozen=True)
class Near:
    """A listed entry near to what was asked, with every difference (none: it is the same)."""

    entry: Listing
    candidate: Candidate


@dataclass(frozen=True)
class Explanation:
    """Why the asked bytes match or do not: the nearest entries, nearest first."""

    asked: bytes
    match: Listing | None
    near: tuple[Near, ...]


def lookup(environment: Any, asked: bytes) -> LookupResult:
    """Is exactly this listed in the environment? The bytes are compared as they are, never normalised."""
    found = snapshot.of(environment.pk)
    return LookupResult(found.listings.get(asked), found.list_version)


def answer_lookup(
    environment_id: int, asked: bytes, *, nonce: str | None, at: datetime, seconds: float = 1.0
) -> LookupAnswer:
    """The signed answer of the API, at most `seconds` behind the database.

    Raises portal.signing.services.NoSigningKey while there is no look-up key, ValueError for a bad nonce.
    """
    found: Snapshot = snapshot.of(environment_id, seconds=seconds)
    entry = found.listings.get(asked)
    claims = statement.lookup_claims(
        issuer=settings.SITE_URL,
        asked=asked,
        entry_id=entry.public_id if entry else None,
        purposes=entry.purposes if entry else (),
        list_version=found.list_version,
        environment_id=found.environment_id,
        nonce=nonce,
        at=at,
    )
    return LookupAnswer(
        entry=entry,
        list_version=found.list_version,
        environment_id=found.environment_id,
        environment_kind="production" if found.is_production else "sandbox",
        claims=claims,
        jws=signing.sign_lookup(claims),
    )


def explain(environment: Any, asked: bytes, *, provider: Any = None, limit: int = 3) -> Explanation:
    """The entries nearest to the asked bytes and where they part; with `provider`, among its own entries only."""
    entries = live_entries(environment).select_related("provider")
    if provider is not None:
        entries = entries.filter(provider=provider)
    listings = [snapshot.listing(entry) for entry in entries]
    candidates = nearest(asked, [entry.url for entry in listings], limit=limit)
    return Explanation(
        asked=asked,
        match=next((entry for entry in listings if entry.url == asked), None),
        near=tuple(Near(listings[candidate.index], candidate) for candidate in candidates),
    )
