"""Canonical JSON and what is hashed over it.

Canonical JSON after RFC 8785: members sorted by their UTF-16 code units, no white space, UTF-8. Numbers are integers
that every JSON reader keeps exactly (RFC 8785 section 3.2.2.3, RFC 7493 section 2.2); floats are refused, not rounded.
"""

import hashlib
import json
from collections.abc import Mapping

_LARGEST_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """A value that has no canonical JSON here: a float, a large integer, a lone surrogate, a foreign type."""


def canonical_json(value: object) -> bytes:
    """The one byte form of `value` (dict with text keys, list, tuple, text, int, bool, None). Raises NotCanonical."""
    try:
        return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("lone surrogate") from error


def _ordered(value: object) -> object:
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise NotCanonical("integer too large")
        return int(value)
    if isinstance(value, Mapping):
        return {name: _ordered(value[name]) for name in _names(value)}
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    raise NotCanonical(type(value).__name__)


def _names(value: Mapping[str, object]) -> list[str]:
    """Member names in order. In ASCII, characters and UTF-16 code units have one order, and lists are of such names."""
    try:
        is_ascii = "".join(value).isascii()
    except TypeError:
        raise NotCanonical("a member name is not text") from None
    return sorted(value) if is_ascii else sorted(value, key=_utf16)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def digest(value: object) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical JSON of `value`. Raises NotCanonical."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def binding(revision_digest: str, report_digest: str, rule_set_version: str) -> str:
    """What a reviewer's decision is bound to: one value over the revision, the check report and the rule set.

    Any change of the three gives another value, and a decision over the old one is void. The parts are named and
    quoted by canonical JSON, so that no two different triples can run together into the same bytes.
    """
    return digest({"report": report_digest, "revision": revision_digest, "rule_set": rule_set_version})
