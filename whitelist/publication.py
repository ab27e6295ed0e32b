"""Publishing an environment's list: the next version is prepared and signed by a worker, then recorded with its job."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from portal.audit import services as audit
from portal.environments import services as environments
from whitelist import register, signing
from whitelist.applications import after, lock, mail_members, update
from whitelist.models import Application, Entry, ListMarker, ListVersion
from whitelist.policy import statement, workflow
from whitelist.policy.workflow import LISTED, ApplicationEvent, ApplicationState, EntryEvent, EntryState


@dataclass(frozen=True)
class Edition:
    """The next version of a list, signed and not yet recorded; `stamp` is the marker it was read under."""

    environment_id: int
    stamp: uuid.UUID
    number: int
    previous_digest: str | None
    document: statement.ListDocument
    entry_ids: tuple[str, ...]
    approved_ids: tuple[int, ...]
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
    approved = list(Entry.objects.filter(environment=environment, state=EntryState.APPROVED))
    _start_publishing(approved)
    entries = _next_entries(environment, approved)
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
        entries=[statement.ListedEntry(e.public_id, bytes(e.url), tuple(e.purposes), e.created_at) for e in entries],
        at=at,
    )
    return Edition(
        environment_id=environment_id,
        stamp=marker.stamp,
        number=number,
        previous_digest=previous,
        document=document,
        entry_ids=tuple(sorted(now)),
        approved_ids=tuple(entry.pk for entry in approved),
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
    register.mark_changed(environment)
    details = {"number": version.number, "digest": version.digest, "entries": version.entry_count}
    audit.record("list.published", version, by="worker", provider=environment.provider, details=details)
    for entry in Entry.objects.filter(pk__in=edition.approved_ids, state=EntryState.APPROVED).order_by("pk"):
        _go_live(entry, version)
    return version


def _start_publishing(approved: Sequence[Entry]) -> None:
    """Say of the applications that their publication has begun; a second attempt finds it said."""
    for application in Application.objects.filter(
        state=ApplicationState.APPROVED, current_revision__entry__in=approved
    ):
        with transaction.atomic():
            locked = lock(application)
            if locked.status is ApplicationState.APPROVED:
                update(locked, state=after(locked, ApplicationEvent.START_PUBLISHING))


def _next_entries(environment: Any, approved: Sequence[Entry]) -> list[Entry]:
    """What is listed and what has been approved; of two with one URL, the approved one takes the other's place."""
    by_url = {bytes(entry.url): entry for entry in Entry.objects.filter(environment=environment).listed()}
    by_url |= {bytes(entry.url): entry for entry in approved}
    return sorted(by_url.values(), key=lambda entry: entry.url_text)


def _go_live(entry: Entry, version: ListVersion) -> None:
    """The approved entry is listed from now on; what it replaces ends, or retires when its URL is another one."""
    application = lock(Application.objects.get(current_revision__entry=entry))
    replaced = application.live_entry
    if replaced is not None and EntryState(replaced.state) in LISTED:
        same_url = bytes(replaced.url) == bytes(entry.url)
        _move(replaced, EntryEvent.REMOVE if same_url else EntryEvent.RETIRE, version)
    _move(entry, EntryEvent.PUBLISH, version)
    _announce(application, entry, version)


def _move(entry: Entry, event: EntryEvent, version: ListVersion) -> None:
    state = EntryState(entry.state)
    if state is EntryState.RETIRING and event is EntryEvent.RETIRE:
        return
    reached = workflow.next_state(state, event)
    ended = {"ended_at": version.published_at} if reached is EntryState.REMOVED else {}
    Entry.objects.filter(pk=entry.pk, state=state).update(state=reached, **ended)
    details = {"url": entry.url_text, "list_version": version.number}
    audit.record(f"entry.{reached}", entry, by="worker", provider=entry.provider, details=details)


def _announce(locked: Application, entry: Entry, version: ListVersion) -> None:
    reached = after(locked, ApplicationEvent.PUBLISH)
    update(locked, state=reached, published_in=version, live_entry=entry)
    details = {"list_version": version.number}
    audit.record("application.published", locked, by="worker", provider=locked.provider, details=details)
    assert locked.current_revision is not None
    mail_members(locked, "published", number=locked.current_revision.number)


def current_version(environment: Any) -> ListVersion | None:
    return ListVersion.objects.filter(environment=environment).order_by("-number").first()
