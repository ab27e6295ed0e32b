"""A TSM's own copy of the whitelist: what it believes, what it refuses, and when it stops answering.

The reference for anybody who writes such a consumer. A list is believed only if its head is signed by a published list
key, has not ended, is not of a lower version than the copy (rollback), tells no other tree of the same size (split
view), continues the change log of the copy (RFC 9162 section 2.1.4), and if its entries have the signed digest. Past
the end of its head the copy finds nothing (freeze). Pure: bytes and values in, values out; `at` is the present.

It shares no code with the publisher's side but the tree's arithmetic: each is the other's test.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from portal import merkle

_TYP = "jpki-whitelist+jwt"
_CLOCKS_DIFFER_SECONDS = 60


class CopyRefused(Exception):
    """The new list is not believed and the copy stays as it was; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class WhitelistCopy:
    """A believed list. valid_until: seconds since 1970; entries: as the list shows them, by id."""

    environment: str
    version: int
    digest: str
    tree_size: int
    tree_root: str
    valid_until: int
    entries: Mapping[str, Mapping[str, Any]]

    def as_json(self) -> dict[str, Any]:
        return {**self.__dict__, "entries": dict(self.entries)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "WhitelistCopy":
        return cls(**kept)


@dataclass(frozen=True)
class Found:
    """The answer to one look-up: `code` is ok, or why nothing may be sent there; `entry_id` where one was found."""

    code: str
    entry_id: str | None = None


def take(
    held: WhitelistCopy | None,
    answer: Mapping[str, Any],
    *,
    environment: str,
    keys: Sequence[Mapping[str, Any]],
    at: datetime,
    consistency: Sequence[str] | None = None,
) -> WhitelistCopy:
    """The copy after an answer of the list operation. Raises CopyRefused; the copy at hand then stays.

    keys: the published JWK set's keys. consistency: proof between the trees of `held` and of the answer, for a whole
    list; an answer since a version carries its own.
    """
    head = _verified(str(answer.get("statement", "")), keys, at)
    if head["environment"] != environment:
        raise CopyRefused("copy.other_environment")
    size, root = int(head["tree"]["size"]), str(head["tree"]["root"])
    proof = answer.get("consistency", consistency) or []
    if held is not None:
        _must_continue(held, head, size, root, proof)
    entries = _entries(held, answer)
    if _digest(head, answer, entries) != head["digest"]:
        raise CopyRefused("copy.digest_differs")
    return WhitelistCopy(environment, int(head["version"]), str(head["digest"]), size, root, int(head["exp"]), entries)


def look_up(held: WhitelistCopy | None, url: bytes, *, purpose: str, way_in: str, at: datetime) -> Found:
    """Whether an answer may be sent to exactly these bytes. Fails closed without a copy, and when it has ended."""
    if held is None:
        return Found("copy.none")
    if at.timestamp() >= held.valid_until:
        return Found("copy.ended")
    for identity, entry in held.entries.items():
        if str(entry["url"]).encode("ascii") == url:
            return Found(_granted(entry, purpose, way_in), identity)
    return Found("list.no_match")


def _granted(entry: Mapping[str, Any], purpose: str, way_in: str) -> str:
    if purpose not in entry["purposes"]:
        return "list.purpose_not_granted"
    return "ok" if way_in in entry["ways_in"] else "list.way_not_granted"


def _verified(jws: str, keys: Sequence[Mapping[str, Any]], at: datetime) -> dict[str, Any]:
    """The claims of a head that a published list key signed and that has begun and not ended."""
    try:
        header = jwt.get_unverified_header(jws)
        key = next(key for key in keys if key.get("kid") == header.get("kid") and key.get("purpose") == "list")
        if header.get("typ") != _TYP:
            raise CopyRefused("copy.bad_signature")
        unclocked = {"verify_exp": False, "verify_iat": False}
        claims = jwt.decode(jws, jwt.PyJWK(dict(key)), algorithms=["ES256"], options=unclocked)  # type: ignore[arg-type]
    except (jwt.PyJWTError, StopIteration):
        raise CopyRefused("copy.bad_signature") from None
    if at.timestamp() >= claims["exp"]:
        raise CopyRefused("copy.ended")
    if claims["iat"] > at.timestamp() + _CLOCKS_DIFFER_SECONDS:
        raise CopyRefused("copy.not_begun")
    return claims


def _must_continue(held: WhitelistCopy, head: Mapping[str, Any], size: int, root: str, proof: Sequence[str]) -> None:
    if head["version"] < held.version or size < held.tree_size:
        raise CopyRefused("copy.rollback")
    same = (held.version, held.tree_size) == (head["version"], size)
    if (held.tree_size == size and held.tree_root != root) or (same and held.digest != head["digest"]):
        raise CopyRefused("copy.split_view")
    try:
        steps = [bytes.fromhex(step) for step in proof]
        old, new = bytes.fromhex(held.tree_root), bytes.fromhex(root)
    except (ValueError, TypeError):
        raise CopyRefused("copy.history_rewritten") from None
    if not merkle.verify_consistency(held.tree_size, old, size, new, steps):
        raise CopyRefused("copy.history_rewritten")


def _entries(held: WhitelistCopy | None, answer: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    if answer.get("since") is None:
        return {str(entry["id"]): entry for entry in answer["entries"]}
    if held is None or held.version != answer["since"]:
        raise CopyRefused("copy.other_base")
    entries = dict(held.entries)
    for content in answer["leaves"]:
        leaf = json.loads(content)
        if leaf["change"] in {"entered", "reinstated", "changed"}:
            entries[str(leaf["entry"]["id"])] = leaf["entry"]
        elif leaf["change"] in {"removed", "suspended"}:
            entries.pop(str(leaf["entry_id"]), None)
    return entries


def _digest(head: Mapping[str, Any], answer: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> str:
    """SHA-256 of the document's canonical JSON (RFC 8785; every text in it is ASCII)."""
    document = {
        "environment": head["environment"],
        "version": head["version"],
        "previous": head["previous"],
        "published_at": answer["published_at"],
        "entries": sorted(entries.values(), key=lambda entry: str(entry["url"])),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
