"""Publishing an environment's list: the next version is prepared and signed by a worker, then recorded with its job."""

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from portal import merkle
from portal.audit import services as audit
from portal.environments import services as environments
from whitelist import heads, ledger, register, retirement, signing
from whitelist.applications import after, lock, mail_members, record_change, standing_of, update
from whitelist.models import Application, Entry, EntryQuerySet, ListHead, ListMarker, ListVersion, LogLeaf
from whitelist.policy import change_log, statement
from whitelist.policy.change_log import Change, Standing
from whitelist.policy.workflow import ApplicationEvent, ApplicationState, EntryEvent, EntryState


@dataclass(frozen=True)
class Edition:
    """The next version of a list, signed and not yet recorded; `stamp` is the marker it was read under."""

    environment_id: int
    stamp: uuid.UUID
    facts: heads.Facts
    first_leaf: int
    leaves: tuple[tuple[str, str, bytes], ...]
    kid: str
    approved_ids: tuple[int, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    list_head: str
    tree_head: str
    at: datetime


def prepare_edition(environment_id: int, *, at: datetime) -> Edition | None:
    """The next list version of the environment, None when it would say what the current one says; worker only."""
    marker = ListMarker.objects.filter(pk=environment_id).first()
    if marker is None:
        return None
    environment = environments.by_id(environment_id)
    current = current_version(environment)
    approved = list(Entry.objects.filter(environment=environment, state=EntryState.APPROVED))
    _start_publishing(approved, at)
    entries = [entry.as_json() for entry in _next_entries(environment, approved)]
    book, signer = ledger.of(environment_id), signing.list_signer()
    changes = change_log.changes(
        book.standing, entries, ended=_ended(environment, book.standing, entries), kid=signer.kid
    )
    if not changes and current is not None:
        return None
    return _edition(environment, marker, book, changes, entries, signer, current, approved, at)


def _edition(
    environment: Any,
    marker: ListMarker,
    book: ledger.Ledger,
    changes: list[dict[str, Any]],
    entries: list[dict[str, object]],
    signer: Any,
    current: ListVersion | None,
    approved: Sequence[Entry],
    at: datetime,
) -> Edition:
    number, previous = (current.number + 1, current.digest) if current else (1, None)
    moment = statement.utc_text(at)
    document = statement.list_document(
        environment_id=environment.public_id,
        number=number,
        previous_digest=previous,
        published_at=moment,
        entries=entries,
    )
    version = {"change": Change.VERSION, "version": number, "digest": document.digest, "previous": previous}
    leaves = _leaves([*changes, version], environment_id=environment.public_id, first=book.size, at=moment)
    tree = book.tree.copy()
    for _change, _entry_id, content in leaves:
        tree.append(merkle.leaf_hash(content))
    facts = heads.Facts(
        environment.public_id, number, document.digest, previous, len(entries), len(tree), tree.root().hex()
    )
    before, now = book.standing.listed.keys(), {str(entry["id"]) for entry in entries}
    return Edition(
        environment_id=environment.pk,
        stamp=marker.stamp,
        facts=facts,
        first_leaf=book.size,
        leaves=leaves,
        kid=signer.kid,
        approved_ids=tuple(entry.pk for entry in approved),
        added=tuple(sorted(now - before)),
        removed=tuple(sorted(before - now)),
        list_head=heads.sign_list_head(facts, signer, at=at),
        tree_head=heads.sign_tree_head(facts, signing.log_signer(), at=at),
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
    version = _record(edition)
    register.mark_changed(environment)
    details = {"number": version.number, "entries": version.entry_count}
    audit.record(
        "list.published",
        version,
        by="worker",
        provider=environment.provider,
        before={"digest": version.previous_digest},
        after={"digest": version.digest},
        details=details,
    )
    for entry in Entry.objects.filter(pk__in=edition.approved_ids, state=EntryState.APPROVED).order_by("pk"):
        _go_live(entry, version)
    for follow in after_publication:
        follow(version)
    return version


# Verbs of other files that follow a publication in its transaction; they add themselves.
after_publication: list[Callable[[ListVersion], object]] = []


def _record(edition: Edition) -> ListVersion:
    """The version, its leaves, and the two signed heads."""
    facts = edition.facts
    version = ListVersion.objects.create(
        environment_id=edition.environment_id,
        number=facts.number,
        digest=facts.digest,
        previous_digest=facts.previous_digest,
        entry_count=facts.entry_count,
        jws=edition.list_head,
        kid=edition.kid,
        tree_size=facts.tree_size,
        tree_root=facts.tree_root,
        changes=dict(Counter(change for change, _entry_id, _content in edition.leaves if change != Change.VERSION)),
        added=list(edition.added),
        removed=list(edition.removed),
        published_at=edition.at,
    )
    LogLeaf.objects.bulk_create(_leaf_rows(edition), batch_size=2000)
    heads.tree_head(version, edition.tree_head, at=edition.at).save(force_insert=True)
    head = {"jws": edition.list_head, "signed_at": edition.at, "valid_until": edition.at + heads.validity()}
    ListHead.objects.update_or_create(environment_id=edition.environment_id, defaults={"version": version, **head})
    return version


def _leaf_rows(edition: Edition) -> Iterator[LogLeaf]:
    for index, (change, entry_id, content) in enumerate(edition.leaves, start=edition.first_leaf):
        yield LogLeaf(
            environment_id=edition.environment_id,
            index=index,
            change=change,
            entry_public_id=entry_id,
            list_version=edition.facts.number,
            content=content.decode(),
            digest=merkle.leaf_hash(content),
            at=edition.at,
        )


def _leaves(
    changes: Sequence[Mapping[str, Any]], *, environment_id: str, first: int, at: str
) -> tuple[tuple[str, str, bytes], ...]:
    """(kind, id of the entry it is about or nothing, content) of each change, in the order they are written."""
    return tuple(
        (
            str(change["change"]),
            str(change.get("entry_id") or change.get("entry", {}).get("id", "")),
            change_log.leaf_content(change, environment_id=environment_id, index=index, at=at),
        )
        for index, change in enumerate(changes, start=first)
    )


def _ended(environment: Any, standing: Standing, now: Sequence[Mapping[str, object]]) -> dict[str, bool]:
    """Of the entries that are not to be listed: whether they are gone for good, or only suspended."""
    gone = (standing.listed.keys() | standing.suspended) - {str(entry["id"]) for entry in now}
    suspended = Entry.objects.filter(environment=environment, state=EntryState.SUSPENDED)
    waiting = set(suspended.values_list("public_id", flat=True)) if gone else set()
    return {identity: identity not in waiting for identity in gone}


def _start_publishing(approved: Sequence[Entry], at: datetime) -> None:
    """Say of the applications that their publication has begun; a second attempt finds it said."""
    for application in Application.objects.filter(
        state=ApplicationState.APPROVED, current_revision__entry__in=approved
    ):
        with transaction.atomic():
            locked = lock(application)
            if locked.status is ApplicationState.APPROVED:
                update(locked, at=at, state=after(locked, ApplicationEvent.START_PUBLISHING))


def _next_entries(environment: Any, approved: Sequence[Entry]) -> Collection[statement.ListedEntry]:
    """What is listed and what has been approved; of two with one URL, the approved one takes the other's place."""
    by_url = _shown(Entry.objects.filter(environment=environment).listed())
    return (by_url | _shown(Entry.objects.filter(pk__in=[entry.pk for entry in approved]))).values()


def _shown(entries: EntryQuerySet) -> dict[bytes, statement.ListedEntry]:
    """By URL. Only the columns that a list shows: a model instance of each of 20,000 rows would cost as much again."""
    columns = entries.values_list("public_id", "url", "kind", "purposes", "ways_in", "created_at")
    return {
        bytes(url): statement.ListedEntry(identity, bytes(url), kind, tuple(purposes), tuple(ways_in), since)
        for identity, url, kind, purposes, ways_in, since in columns
    }


def _go_live(entry: Entry, version: ListVersion) -> None:
    """The approved entry is listed from now on; what it replaces ends, or retires when its URL is another one."""
    application = lock(Application.objects.get(current_revision__entry=entry))
    if application.live_entry is not None:
        retirement.replace(application.live_entry, successor=entry, by="worker", at=version.published_at)
    reached, before = register.reached(entry, EntryEvent.PUBLISH), entry.state
    Entry.objects.filter(pk=entry.pk, state=before).update(state=reached)
    entry.state = reached.value
    register.record_change("entry.live", entry, before, by="worker", details={"list_version": version.number})
    _announce(application, entry, version)


def _announce(locked: Application, entry: Entry, version: ListVersion) -> None:
    reached = after(locked, ApplicationEvent.PUBLISH)
    before = standing_of(locked)
    update(locked, at=version.published_at, state=reached, published_in=version, live_entry=entry)
    record_change("application.published", locked, before, by="worker", details={"list_version": version.number})
    assert locked.current_revision is not None
    mail_members(locked, "published", number=locked.current_revision.number)


def current_version(environment: Any) -> ListVersion | None:
    return ListVersion.objects.filter(environment=environment).order_by("-number").first()


def ask_where_no_head_is() -> None:
    """Publish lists that have changed and have no signed head: their last versions are older than the change log."""
    for marker in ListMarker.objects.exclude(environment__in=ListHead.objects.values("environment")):
        register.ask_for_publication(marker.environment)
