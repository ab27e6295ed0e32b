"""Why a path was refused, as a value, and which of several reasons to show.

Where several paths lead up from a certificate, each may fail for a reason of its own.  What the caller must hear is
the reason that matters most to the holder, not the one of the path tried last.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from verifier.pki import oids


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

    @property
    def rule(self) -> str:
        """The rule in words of its own, for who has to find out why."""
        return RULES.get((self.code, self.oid)) or RULES[self.code, None]


# The rules of RFC 5280 section 6 by code; where one code stands for several, the extension that was read decides.
RULES: dict[tuple[str, str | None], str] = {
    ("cert.issuer_unknown", None): "an_anchor_goes_by_this_name_and_key",
    ("cert.algorithm", None): "signature_algorithm_is_accepted",
    ("cert.bad_signature", None): "issuer_key_made_the_signature",
    ("cert.weak_key", None): "key_is_strong_enough",
    ("cert.not_yet_valid", None): "moment_is_inside_the_window",
    ("cert.expired", None): "moment_is_inside_the_window",
    ("cert.unknown_critical_extension", None): "critical_extensions_are_understood",
    ("cert.key_usage", oids.KEY_USAGE): "ca_key_may_sign_certificates",
    ("cert.key_usage", oids.EXTENDED_KEY_USAGE): "key_purpose_fits_the_use",
    ("cert.revoked", None): "certificate_is_not_revoked",
    ("cert.on_hold", None): "certificate_is_not_on_hold",
    ("revocation.source_missing", None): "a_list_tells_the_status",
    ("revocation.source_stale", None): "the_list_is_fresh",
    ("revocation.source_unavailable", None): "the_responder_answers",
    ("revocation.unknown", None): "the_responder_knows_the_certificate",
    ("path.not_a_ca", None): "issuer_is_a_ca",
    ("path.too_long", None): "path_length_is_kept",
    ("path.too_deep", None): "work_is_bounded",
    ("path.work_limit", None): "work_is_bounded",
    ("path.policy", None): "a_policy_is_valid_for_the_path",
    ("path.policy_mapping", None): "any_policy_is_never_mapped",
    ("path.name_constraints", None): "names_are_permitted",
}


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
