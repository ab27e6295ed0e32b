"""The arithmetic of the chain: pure functions over bytes and plain values. examples/verify_audit.py does it again.

    digest(n) = SHA-256(canonical JSON of row n)
    link(n)   = SHA-256("jpki-audit-link-1" || n as 8 bytes, big-endian || link(n-1) || digest(n)),  link(0) = 32 zeros

A link commits to everything before it, so the last one, signed, proves the whole trail. A row that must not be shown
to somebody is stood for by its digest alone. So that a digest cannot be guessed from what a row would say, the row
names its actor by a commitment SHA-256(salt || ":" || actor) whose salt is told only to those who may know the actor.
"""

import hashlib
import json
from typing import Any, Final

BEGINNING: Final = bytes(32)
_TAG: Final = b"jpki-audit-link-1"


def canonical(row: dict[str, Any]) -> bytes:
    """The row as JSON: keys sorted, no white space, UTF-8 (the subset of RFC 8785 without fractions)."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(row: dict[str, Any]) -> bytes:
    return hashlib.sha256(canonical(row)).digest()


def link(sequence: int, previous: bytes, row_digest: bytes) -> bytes:
    """The link of row `sequence` (from 1) after the link `previous`; both 32 bytes."""
    return hashlib.sha256(_TAG + sequence.to_bytes(8, "big") + previous + row_digest).digest()


def commitment(salt: str, actor: str) -> str:
    """What a row says instead of its actor, 64 hex characters; `actor` is like `user:12`."""
    return hashlib.sha256(f"{salt}:{actor}".encode()).hexdigest()
