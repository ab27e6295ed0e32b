"""From a pinned anchor to the certificate: who signed it, may it be used now, and is it as its profile says?

The rules are those of ``verifier.validation.paths``, asked one by one so that each has a step of its own.  JPKI's
chains have one link, and the chain that is checked here is the one that ``paths.validation`` would find.
"""

from collections.abc import Iterable
from datetime import datetime

from verifier.pki import oids
from verifier.pki.certificate import Certificate
from verifier.pki.signature_schemes import SignatureScheme
from verifier.validation import profile_checks
from verifier.validation.ca_signatures import is_made_by, stated_in
from verifier.validation.case import Case
from verifier.validation.facts import Facts
from verifier.validation.outcome import Outcome, refused
from verifier.validation.paths import checking
from verifier.validation.paths.chains import Chain, may_issue
from verifier.validation.paths.refusal import Refusal
from verifier.validation.signature_value import Content
from verifier.validation.trust import TrustAnchor
from verifier.validation.verdict import JsonValue


def find_issuer(case: Case) -> Outcome:
    """A pinned anchor of the kind's purpose is named by key, and may issue now.

    All generations share one name, so a name only ever rules an anchor out, never in; where the certificate names no
    key, every anchor of the purpose is tried.
    """
    settings = case.settings
    anchors = case.trust.for_purpose(case.kind.purpose, case.world)
    fit: list[TrustAnchor] = []
    set_aside: list[tuple[str, Refusal]] = []
    for anchor in anchors:
        authority = anchor.link.certificate
        if may_issue(authority, case.subject):
            refusal = checking.anchor_refusal(authority, settings, 1)
            if refusal is None:
                fit.append(anchor)
            else:
                set_aside.append((anchor.anchor_id, refusal))
    case.candidates = tuple(fit[: settings.limits.signature_checks])
    case.set_aside = tuple(refusal for _, refusal in set_aside) if set_aside else ()
    looked_at = Facts(_issuer, case.certificate, len(anchors), len(case.candidates), tuple(set_aside))
    if case.candidates:
        return Outcome("ok", looked_at)
    names_a_key = case.certificate.authority_key_id is not None
    unknown = Refusal("cert.issuer_unknown", 0, oids.AUTHORITY_KEY_IDENTIFIER if names_a_key else None)
    return refused(set_aside[0][1] if set_aside else unknown, looked_at, code="cert.issuer_unknown")


def _issuer(
    certificate: Certificate, of_this_purpose: int, matching: int, set_aside: Iterable[tuple[str, Refusal]]
) -> dict[str, JsonValue]:
    authority = certificate.authority_key_id
    return {
        "issuer": certificate.issuer_text,
        "authority_key_id": authority.hex() if authority is not None else None,
        "anchors_of_this_purpose": of_this_purpose,
        "anchors_matching": matching,
        "set_aside": ", ".join(f"{anchor_id}: {refusal.code}" for anchor_id, refusal in set_aside) or None,
    }


def prove_issuer(case: Case) -> Outcome:
    """That anchor's key signed these very bytes, by a scheme that the kind allows."""
    certificate, content = case.certificate, Content(case.certificate.tbs)
    found = [(anchor, stated_in(certificate, anchor.certificate)) for anchor in case.candidates]
    fit = [(anchor, scheme) for anchor, scheme in found if scheme is not None and scheme in case.kind.ca_signatures]
    proofs = (
        (anchor, scheme)
        for anchor, scheme in fit
        if is_made_by(anchor.certificate, certificate.signature, content, scheme)
    )
    proof = next(proofs, None)
    case.proven_by = proof[0] if proof else None
    scheme = (proof or fit[0])[1] if fit else None
    looked_at = Facts(_proof, certificate, scheme, len(fit), case.proven_by)
    if proof:
        return Outcome("ok", looked_at)
    not_taken = Refusal("cert.algorithm", 0, certificate.signature_algorithm)
    return refused(Refusal("cert.bad_signature", 0) if fit else not_taken, looked_at)


def _proof(
    certificate: Certificate, scheme: SignatureScheme | None, tried: int, anchor: TrustAnchor | None
) -> dict[str, JsonValue]:
    return {
        "algorithm": certificate.signature_algorithm,
        "scheme": scheme.name if scheme else None,
        "anchors_tried": tried,
        "anchor": anchor.anchor_id if anchor else None,
    }


def check_window(case: Case) -> Outcome:
    """The certificate's own validity window."""
    refusal = checking.outside(case.subject, case.at, 0)
    looked_at = Facts(_window, case.at, case.certificate)
    return refused(refusal, looked_at) if refusal else Outcome("ok", looked_at)


def _window(at: datetime, certificate: Certificate) -> dict[str, JsonValue]:
    return {
        "at": at.isoformat(),
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
    }


def check_profile(case: Case) -> Outcome:
    """All that RFC 5280 section 6.1 asks of the chain, then the profile's own rules."""
    looked_at = Facts(_usage_and_policy, case.certificate)
    outcome = checking.check(Chain(case.anchor.link, (case.subject,)), case.settings)
    if isinstance(outcome, Refusal):
        return refused(outcome, looked_at)
    violation = profile_checks.first_violation(case.certificate, case.kind)
    if violation is not None:
        refusal, rule = violation
        return refused(refusal, looked_at, rule=rule)
    return Outcome("ok", looked_at)


def _usage_and_policy(certificate: Certificate) -> dict[str, JsonValue]:
    size = getattr(certificate.public_key, "key_size", None)
    return {
        "rule": None,
        "key_usage": " ".join(sorted(certificate.key_usage)) if certificate.key_usage is not None else None,
        "key_usage_critical": certificate.key_usage_is_critical,
        "extended_key_usage": " ".join(sorted(certificate.extended_key_usage or ())) or None,
        "policy_oid": " ".join(certificate.policies) or None,
        "policy_critical": certificate.policies_are_critical,
        "key_algorithm": type(certificate.public_key).__name__.removesuffix("PublicKey"),
        "key_bits": size if isinstance(size, int) else None,
        "is_ca": certificate.is_ca,
        "unknown_critical_extensions": " ".join(certificate.unknown_critical_extensions) or None,
    }
