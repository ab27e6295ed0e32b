"""From a pinned anchor to the certificate: who signed it, may it be used now, and is it as its profile says?"""

from verifier.validation import path, profile_checks
from verifier.validation.case import Case
from verifier.validation.outcome import Outcome


def find_issuer(case: Case) -> Outcome:
    """A pinned anchor of the kind's purpose is named by key, and may issue now."""
    anchors = case.trust.for_purpose(case.kind.purpose, case.world)
    found = path.candidates(case.certificate, anchors, case.at)
    case.candidates = found.anchors
    authority = case.certificate.authority_key_id
    return Outcome(
        "ok" if found.anchors else "cert.issuer_unknown",
        {
            "issuer": case.issuer_text,
            "authority_key_id": authority.hex() if authority is not None else None,
            "anchors_of_this_purpose": len(anchors),
            "anchors_matching": len(found.anchors),
            "set_aside": ", ".join(f"{item.anchor_id}: {item.why}" for item in found.set_aside) or None,
        },
    )


def prove_issuer(case: Case) -> Outcome:
    """That anchor's key signed these very bytes."""
    case.proven_by = path.prove(case.certificate, case.candidates)
    return Outcome(
        "ok" if case.proven_by else "cert.bad_signature",
        {
            "algorithm": case.certificate.signature_algorithm,
            "anchors_tried": len(case.candidates),
            "anchor": case.proven_by.anchor_id if case.proven_by else None,
        },
    )


def check_window(case: Case) -> Outcome:
    """The certificate's own validity window."""
    outside = path.outside_window(case.certificate, case.at)
    return Outcome(
        f"cert.{outside}" if outside else "ok",
        {
            "at": case.at.isoformat(),
            "not_before": case.certificate.not_before.isoformat(),
            "not_after": case.certificate.not_after.isoformat(),
        },
    )


def check_profile(case: Case) -> Outcome:
    """The profile's rules."""
    violation = profile_checks.first_violation(case.certificate, case.kind)
    certificate = case.certificate
    size = getattr(certificate.public_key, "key_size", None)
    return Outcome(
        violation[0] if violation else "ok",
        {
            "rule": violation[1] if violation else None,
            "key_usage": " ".join(sorted(certificate.key_usage)) if certificate.key_usage is not None else None,
            "key_usage_critical": certificate.key_usage_is_critical,
            "policy_oid": " ".join(certificate.policies) or None,
            "policy_critical": certificate.policies_are_critical,
            "key_algorithm": type(certificate.public_key).__name__.removesuffix("PublicKey"),
            "key_bits": size if isinstance(size, int) else None,
            "is_ca": certificate.is_ca,
            "unknown_critical_extensions": " ".join(certificate.unknown_critical_extensions) or None,
        },
    )
