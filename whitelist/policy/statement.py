"""What the whitelist states under signature: the answer to a look-up, the head of a list, the head of the change log.

Each is a JWS payload with its own `typ` (RFC 8725 section 3.11), so that none can be passed off as another.
A look-up answer speaks about the asked bytes, for one environment and one list version, and for a minute at most.
A list head names the digest of the list's document and ends after some minutes; it is signed anew before that.
"""

import base64
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from whitelist.policy.revision import canonical_json

LOOKUP_TYP = "jpki-whitelist-lookup+jwt"
LIST_TYP = "jpki-whitelist+jwt"
LOG_TYP = "jpki-whitelist-log+jwt"
LOOKUP_LIFETIME = timedelta(seconds=60)

_NONCE = re.compile(r"[A-Za-z0-9_-]{8,128}\Z")


def nonce_refusal(nonce: str) -> str | None:
    """None for a nonce of 8 to 128 base64url characters, else the code of the refusal."""
    return None if _NONCE.match(nonce) else "lookup.nonce"


def lookup_claims(
    *,
    issuer: str,
    asked: bytes,
    entry_id: str | None,
    purposes: Collection[str],
    list_version: int,
    environment_id: str,
    nonce: str | None,
    at: datetime,
    lifetime: timedelta = LOOKUP_LIFETIME,
) -> dict[str, object]:
    """The claims of a signed look-up answer.

    issuer: the site's URL. asked: the bytes as they were asked, never normalised. entry_id: public id of the live entry
    with exactly these bytes, None when there is none. purposes: what that entry may receive (empty when not listed).
    list_version: number of the version looked into, 0 before the first. nonce: given by the asker, echoed.
    at: aware time of the answer; lifetime: at most LOOKUP_LIFETIME. Raises ValueError when a rule here is broken.
    """
    if at.tzinfo is None:
        raise ValueError("the time of an answer has a time zone")
    if not timedelta(0) < lifetime <= LOOKUP_LIFETIME:
        raise ValueError("an answer lives for a minute at most")
    if entry_id is None and purposes:
        raise ValueError("nothing listed, nothing allowed")
    if nonce is not None and nonce_refusal(nonce):
        raise ValueError("nonce")
    issued = int(at.timestamp())
    claims: dict[str, object] = {
        "iss": issuer,
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "environment": environment_id,
        "list_version": list_version,
        "asked": base64.urlsafe_b64encode(asked).rstrip(b"=").decode("ascii"),
        "listed": entry_id is not None,
        "purposes": sorted(purposes),
    }
    if entry_id is not None:
        claims["entry"] = entry_id
    if nonce is not None:
        claims["nonce"] = nonce
    return claims


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One listed entry as the list shows it: public id, canonical URL bytes, kind of caller, what it was granted for.

    purposes, ways_in: what may be returned there, and by which way in it may have been asked. live_since: aware.
    """

    entry_id: str
    url: bytes
    kind: str
    purposes: tuple[str, ...]
    ways_in: tuple[str, ...]
    live_since: datetime

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.entry_id,
            "url": self.url.decode("ascii"),
            "kind": self.kind,
            "purposes": sorted(self.purposes),
            "ways_in": sorted(self.ways_in),
            "since": utc_text(self.live_since),
        }


@dataclass(frozen=True, slots=True)
class ListDocument:
    """A version of the list: its canonical JSON bytes and their SHA-256 in lower-case hexadecimal."""

    payload: bytes
    digest: str


def list_document(
    *,
    environment_id: str,
    number: int,
    previous_digest: str | None,
    published_at: str,
    entries: Iterable[Mapping[str, object]],
) -> ListDocument:
    """Version `number` of an environment's list, in one byte form whatever the order of `entries`.

    previous_digest: digest of version number - 1, None exactly for version 1: each version names the one before it, so
    history cannot be rewritten in silence. published_at: UTC as `utc_text` writes it. entries: as ListedEntry.as_json
    gives them. Raises ValueError when a rule is broken.
    """
    if number < 1 or (previous_digest is None) != (number == 1):
        raise ValueError("only the first version has no version before it")
    listed = sorted(entries, key=lambda entry: str(entry["url"]))
    if any(one["url"] == other["url"] for one, other in pairwise(listed)):
        raise ValueError("a URL is listed once")
    payload = canonical_json(
        {
            "environment": environment_id,
            "version": number,
            "previous": previous_digest,
            "published_at": published_at,
            "entries": listed,
        }
    )
    return ListDocument(payload, hashlib.sha256(payload).hexdigest())


def list_head_claims(
    *,
    issuer: str,
    environment_id: str,
    number: int,
    digest: str,
    previous_digest: str | None,
    entry_count: int,
    tree_size: int,
    tree_root: str,
    at: datetime,
    lifetime: timedelta,
) -> dict[str, object]:
    """The claims of a signed list head: which version is the current one, until when, over which log.

    digest: of the version's document; tree_root: hexadecimal root of the change log at `tree_size`. at: aware moment of
    signing; the head is to be believed for `lifetime` from then (claim `exp`), so that a list cannot be frozen.
    """
    if at.tzinfo is None or lifetime <= timedelta(0):
        raise ValueError("a head has a moment with a time zone and an end after it")
    issued = int(at.timestamp())
    return {
        "iss": issuer,
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
        "environment": environment_id,
        "version": number,
        "digest": digest,
        "previous": previous_digest,
        "entries": entry_count,
        "tree": {"size": tree_size, "root": tree_root},
    }


def tree_head_claims(
    *, issuer: str, environment_id: str, tree_size: int, tree_root: str, at: datetime
) -> dict[str, object]:
    """The claims of a signed tree head: the log had this size and this root at `at` (aware). It never ends."""
    if at.tzinfo is None:
        raise ValueError("the time of a tree head has a time zone")
    return {
        "iss": issuer,
        "iat": int(at.timestamp()),
        "environment": environment_id,
        "tree": {"size": tree_size, "root": tree_root},
    }


def utc_text(moment: datetime) -> str:
    """An aware moment as 2026-11-23T00:00:00Z. Raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("times in a list have a time zone")
    return f"{moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"
