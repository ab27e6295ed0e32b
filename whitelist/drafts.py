"""Filling in an application: field by field, by several people, over days. What one saved the other does not undo.

Each verb is one transaction over the row of the application; see whitelist.applications for the rules of all verbs.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.environments import services as environments
from portal.evidence import services as evidence
from whitelist import applications, contacts, services
from whitelist.models import Application, FieldRequest, Review
from whitelist.policy import content as shape
from whitelist.policy.merging import Conflict, merge
from whitelist.policy.workflow import ApplicationEvent, ApplicationState
from whitelist.refusals import Overtaken, Refused

# Kept beside the fields of a revision: the stored form of the URL that was accepted by its tick.
ACCEPTED = "accepts_canonical"
MOST_PAPERS = 10

Said = Mapping[str, Any]


class Contested(Overtaken):
    """A team-mate changed the same fields otherwise; `conflicts` has both values, nothing was written."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__("application.changed_meanwhile")
        self.conflicts = conflicts


def said(draft: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft says, by field key."""
    read = shape.read(draft)
    found = {key: shape.value(read, key) for key in shape.FIELDS}
    return {**found, ACCEPTED: str(draft.get(ACCEPTED) or "")}


def with_said(draft: Mapping[str, Any], new: Said) -> dict[str, Any]:
    """A copy of `draft` that says `new`."""
    changed = shape.read(draft)
    for key, value in new.items():
        changed = shape.replaced(changed, key, value)
    return changed


def requests(application: Application) -> list[FieldRequest]:
    """What the correction that waits for an answer names, field by field; empty when it names none."""
    asked = correction(application)
    return list(asked.field_requests.order_by("id")) if asked is not None else []


def correction(application: Application) -> Review | None:
    """The decision that asks for the correction this draft answers."""
    if application.current_revision is None or application.status is not ApplicationState.CHANGES_REQUESTED:
        return None
    return application.current_revision.reviews.filter(decision="request_changes").order_by("-id").first()


def open_fields(application: Application) -> frozenset[str]:
    """The fields that may be changed now: all of them, or those that the correction names."""
    named = {request.field for request in requests(application)}
    if "url" in named:
        named.add(ACCEPTED)
    return frozenset(named) or frozenset((*shape.FIELDS, ACCEPTED))


@transaction.atomic
def save(application: Application, *, new: Said, base: Said | None, seen_version: int, by: Any) -> Application:
    """Keep the fields of `new`; the rest of the draft stays.

    base: what the page showed when it was made; None when that is not known, then `seen_version` must be the present
    one. Raises Contested when somebody else changed the same fields otherwise, Refused when it is not open, or a field
    is not.
    """
    locked = applications.lock(application)
    if not applications.can_edit(locked):
        raise Refused("application.not_open")
    standing = said(locked.draft)
    if base is None and locked.version == seen_version:
        base = standing
    merged = merge(base=base, theirs=standing, mine=new)
    if merged.conflicts:
        raise Contested(merged.conflicts)
    changed = {key: value for key, value in merged.said.items() if value != standing.get(key)}
    if not changed:
        return locked
    if set(changed) - open_fields(locked):
        raise Refused("application.field_not_open")
    return _write(locked, changed, by=by)


def _write(locked: Application, changed: Said, *, by: Any) -> Application:
    locked.editors.add(by)
    reached = applications.after(locked, ApplicationEvent.EDIT)
    return applications.update(locked, draft=with_said(locked.draft, changed), state=reached)


@transaction.atomic
def attach(application: Application, *, content: bytes, name: str, measure: str, by: Any) -> Application:
    """Add a paper to the draft, to one measure or (measure = "") to the application as a whole.

    Raises EvidenceRefused for what is no PDF, PNG or JPEG, Refused: application.too_many_papers, .not_open.
    """
    locked = applications.lock(application)
    _require_open(locked, "evidence")
    file = evidence.keep(content, name=name, provider=locked.provider, by=by)
    papers = [paper for paper in said(locked.draft)["evidence"] if paper["sha256"] != file.sha256]
    if len(papers) >= MOST_PAPERS:
        raise Refused("application.too_many_papers")
    paper = {"sha256": file.sha256, "name": file.name, "media_type": file.media_type, "size": file.size}
    changed: dict[str, Any] = {"evidence": [*papers, paper]}
    if measure:
        answer = _answer(locked, measure)
        changed[f"measures.{measure}"] = {**answer, "evidence": sorted({*answer["evidence"], file.sha256})}
    return _write(locked, changed, by=by)


@transaction.atomic
def detach(application: Application, *, sha256: str, by: Any) -> Application:
    """Take a paper out of the draft again, from everything that cites it; the file itself is kept."""
    locked = applications.lock(application)
    _require_open(locked, "evidence")
    now = said(locked.draft)
    changed: dict[str, Any] = {"evidence": [paper for paper in now["evidence"] if paper["sha256"] != sha256]}
    for key, answer in now.items():
        if key.startswith("measures.") and answer and sha256 in answer["evidence"]:
            changed[key] = {**answer, "evidence": [other for other in answer["evidence"] if other != sha256]}
    return _write(locked, changed, by=by)


def _answer(application: Application, measure: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"status": "", "by": None, "reason": "", "evidence": []}
    return {**empty, **(said(application.draft).get(f"measures.{measure}") or {})}


def _require_open(application: Application, key: str) -> None:
    if not applications.can_edit(application):
        raise Refused("application.not_open")
    if key not in open_fields(application):
        raise Refused("application.field_not_open")


@transaction.atomic
def check(application: Application, *, by: Any, at: datetime) -> bool:
    """Mark a draft that lacks nothing as checked; any edit drops it back. False when something is missing."""
    locked = applications.lock(application)
    if locked.status is not ApplicationState.DRAFT or applications.gaps(locked, at=at):
        return locked.status is ApplicationState.CHECKED
    applications.update(locked, state=applications.after(locked, ApplicationEvent.CHECK))
    return True


def ask_contacts(application: Application, *, by: Any, at: datetime) -> list[str]:
    """Send a mail to each contact of the draft that has neither answered nor been asked; the addresses written to."""
    asked = []
    for email in contact_addresses(application.draft):
        is_settled = contacts.confirmed(application.provider, email, at=at) or contacts.waiting(
            application.provider, email, at=at
        )
        if not is_settled:
            contacts.ask(application.provider, email=email, by=by, at=at)
            asked.append(email)
    return asked


def contact_addresses(draft: Mapping[str, Any]) -> list[str]:
    """The addresses of the contacts, each once."""
    read = shape.read(draft)["contacts"]
    return list(dict.fromkeys(read[role]["email"].lower() for role in shape.CONTACTS if read[role]["email"]))


def carried_over(provider: Any, *, like: Application | None = None) -> dict[str, Any]:
    """What a new draft begins with: an earlier application of the organisation, else its test environment.

    like: the application to begin from; without it the newest one that was sent. The URL is never taken over from
    an application: it is what the new one is about.
    """
    earlier = like or _newest_sent(provider)
    begun: dict[str, Any] = {}
    if earlier is not None and earlier.current_revision is not None:
        kept = earlier.current_revision.content
        begun = {key: kept[key] for key in _TAKEN_OVER}
    sandbox = environments.sandbox_of(provider)
    entries = services.live_entries(sandbox) if sandbox else None
    if entries is None:
        return begun
    tried = entries.first()
    if tried is not None and not begun:
        begun = {"kind": tried.kind, "purposes": tried.purposes, "ways_in": tried.ways_in}
    servable = entries.filter(url_text__startswith="https://").first()
    return begun | ({"url": servable.url_text} if servable is not None and earlier is None else {})


_TAKEN_OVER = ("kind", "app", "purposes", "ways_in", "purpose_of_use", "contacts", "measures")


def _newest_sent(provider: Any) -> Application | None:
    sent = Application.objects.filter(provider=provider, current_revision__isnull=False)
    return sent.exclude(state=ApplicationState.REFUSED).select_related("current_revision").order_by("-id").first()
