"""Why a path was refused, as a value, and which of several reasons to show.

Where several paths lead up from a certificate, each may fail for a reason of its own.  What the caller must hear is
the reason that matters most to the holder, not the one of the path tried last.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """``code`` names the rule.  ``index`` says whose certificate failed: 0 is the one asked about, 1 its issuer's, and
    so on up.  ``oid`` is the extension (or algorithm) the rule reads, dotted, or None.  ``detail`` is a lower-case word
    that tells apart the ways to fail one rule; never a piece of the input.
    """

    code: str
    index: int
    oid: str | None = None
    detail: str = ""


# A broken rule on a path that is signed all the way stands between what revocation says and what was never proven.
_BROKEN_RULE = 70
_WEIGHT = {
    "cert.revoked": 100,
    "cert.on_hold": 90,
    "revocation.source_stale": 60,
    "revocation.source_missing": 50,
    "path.work_limit": 40,
    "path.too_deep": 40,
    "cert.algorithm": 30,
    "cert.weak_key": 30,
    "cert.bad_signature": 20,
    "cert.issuer_unknown": 10,
}


def weight(refusal: Refusal) -> int:
    """How much a reason matters; revoked matters most."""
    return _WEIGHT.get(refusal.code, _BROKEN_RULE)


def gravest(refusals: Iterable[Refusal]) -> Refusal:
    """The reason to show, out of at least one; of equals the first, whose path ranked best."""
    return max(refusals, key=weight)
