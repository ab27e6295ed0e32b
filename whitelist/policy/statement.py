"""What the whitelist states under signature: the answer to a look-up, and a version of the whole list.

Both are JWS payloads with their own `typ` (RFC 8725 section 3.11), so that neither can be passed off as the other.
A look-up answer speaks about the asked bytes, for one environment and one list version, and for a minute at most.
"""

import base64
import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from whitelist.policy.revision import canonical_json

LOOKUP_TYP = "jpki-whitelist-lookup+jwt"
LIST_TYP = "jpki-whitelist+jwt"
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
    """One live entry as the list shows it: public id, canonical URL bytes, purposes, and live since (aware)."""

    entry_id: str
    url: bytes
    purposes: tuple[str, ...]
    live_since: datetime


@dataclass(frozen=True, slots=True)
class ListDocument:
    """A version of the list: its canonical JSON bytes and their SHA-256 in lower-case hexadecimal."""

    payload: bytes
    digest: str


def list_document(
    *,
    issuer: str,
    environment_id: str,
    number: int,
    previous_digest: str | None,
    entries: Sequence[ListedEntry],
    at: datetime,
) -> ListDocument:
    """Version `number` of an environment's list, in one byte form whatever the order of `entries`.

    previous_digest: digest of version number - 1, None exactly for version 1: each version names the one before it, so
    history cannot be rewritten in silence. at: aware time of publication. Raises ValueError when a rule is broken.
    """
    if at.tzinfo is None or any(entry.live_since.tzinfo is None for entry in entries):
        raise ValueError("times in a list have a time zone")
    if number < 1 or (previous_digest is None) != (number == 1):
        raise ValueError("only the first version has no version before it")
    urls = [entry.url for entry in entries]
    if len(set(urls)) != len(urls):
        raise ValueError("a URL is listed once")
    payload = canonical_json(
        {
            "iss": issuer,
            "iat": int(at.timestamp()),
            "environment": environment_id,
            "version": number,
            "previous": previous_digest,
            "entries": [_entry_json(entry) for entry in sorted(entries, key=lambda entry: entry.url)],
        }
    )
    return ListDocument(payload, hashlib.sha256(payload).hexdigest())


def _entry_json(entry: ListedEntry) -> dict[str, object]:
    since = entry.live_since.astimezone(UTC).replace(microsecond=0)
    return {
        "id": entry.entry_id,
        "url": entry.url.decode("ascii"),
        "purposes": sorted(entry.purposes),
        "since": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
