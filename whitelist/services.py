"""The whitelist's door for the rest of the site: entering in a sandbox, looking up, explaining.

Refusals are raised as `Refused` with a code; whitelist.messages has the words. Applying, reviewing and publishing stand
beside this file, on the same floor: applications, reviews, publication.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.audit import services as audit
from whitelist import publication, register, reporting, signing, snapshot
from whitelist.models import Entry, EntryQuerySet, ListVersion
from whitelist.policy import statement
from whitelist.policy.difference import Candidate, nearest
from whitelist.policy.workflow import EntryEvent, EntryState
from whitelist.refusals import Refused, UrlRefused
from whitelist.snapshot import Listing, Snapshot


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
    now = timezone.now()
    report = reporting.report_for(url, provider=environment.provider, world="sandbox", at=now)
    if report.is_blocked or report.canonical is None:
        raise UrlRefused(report)
    register.mark_changed(environment)
    standing = register.standing(environment, report.canonical)
    if standing is not None:
        return standing
    entry = register.create(
        environment,
        url=report.canonical,
        kind=kind,
        purposes=purposes,
        ways_in=ways_in,
        by=by,
        rules=report.rule_set_version,
    )
    details = {"url": entry.url_text, "environment": environment.public_id, "rule_set": report.rule_set_version}
    audit.record("entry.entered", entry, by=by, provider=environment.provider, details=details)
    register.ask_for_publication(environment)
    return entry


@transaction.atomic
def remove_from_sandbox(entry: Entry, *, by: Any, at: datetime) -> bool:
    """End a sandbox entry; False when it had already ended. Raises Refused for a production entry."""
    if entry.world != "sandbox":
        raise Refused("entry.only_in_sandbox")
    locked = register.lock(entry)
    if locked.state == EntryState.REMOVED:
        return False
    left = register.move(locked, EntryEvent.REMOVE)
    Entry.objects.filter(pk=locked.pk).update(ended_at=at)
    register.record_change("entry.removed", locked, left, by=by)
    return True


def live_entries(environment: Any) -> EntryQuerySet:
    """Listed entries of one environment, newest first."""
    return Entry.objects.filter(environment=environment).listed().order_by("-id")


def entry_of(environment: Any, public_id: str) -> Entry | None:
    return Entry.objects.filter(environment=environment, public_id=public_id).first()


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
    signed_at: datetime

    def is_fresh(self, at: datetime) -> bool:
        """Whether whoever gets it at `at` still has half its life before them."""
        return timedelta(0) <= at - self.signed_at < statement.LOOKUP_LIFETIME / 2


@dataclass(frozen=True)
class Near:
    """A listed entry near to what was asked, with every difference (none: it is the same)."""

    entry: Listing
    candidate: Candidate

    @property
    def text(self) -> str:
        return self.entry.url.decode("ascii")


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

    Without a nonce, one about a listed URL is signed once and given again for half its life, never past a change.

    Raises portal.signing.services.NoSigningKey while there is no look-up key, ValueError for a bad nonce.
    """
    found: Snapshot = snapshot.of(environment_id, seconds=seconds)
    kept = found.signed.get(asked) if nonce is None else None
    if isinstance(kept, LookupAnswer) and kept.is_fresh(at):
        return kept
    answer = _signed_answer(found, asked, nonce=nonce, at=at)
    if nonce is None and answer.entry is not None:
        found.signed[asked] = answer
    return answer


def _signed_answer(found: Snapshot, asked: bytes, *, nonce: str | None, at: datetime) -> LookupAnswer:
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
        signed_at=at,
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


def current_version(environment: Any) -> ListVersion | None:
    """The newest published version of the environment's list."""
    return publication.current_version(environment)
