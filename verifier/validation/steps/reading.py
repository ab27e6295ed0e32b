"""The first two steps: is it a certificate, and which kind does it say it is?  Nothing is proven here."""

from verifier.pki import certificate as certificate_format
from verifier.pki.errors import MalformedInput
from verifier.validation.case import Case
from verifier.validation.classification import classify
from verifier.validation.outcome import Outcome, refused
from verifier.validation.paths import certificate as path_certificate
from verifier.validation.paths.refusal import Refusal
from verifier.validation.verdict import JsonValue


def read_certificate(case: Case) -> Outcome:
    """The bytes are one certificate."""
    try:
        case.parsed = certificate_format.parse(case.der)
        case.link = path_certificate.of(case.parsed)
    except MalformedInput as error:
        looked_at: dict[str, JsonValue] = {"bytes": len(case.der), "detail": error.detail}
        return refused(Refusal(error.code, 0, error.oid), looked_at, rule="bytes_are_one_certificate")
    return Outcome("ok", {"bytes": len(case.der), "fingerprint_sha256": case.parsed.sha256.hex()})


def tell_kind(case: Case) -> Outcome:
    """Purpose, medium and world, without contradiction, and the ones asked for."""
    told = classify(case.certificate, world=case.world, purpose=case.purpose, declared_medium=case.declared_medium)
    case.told_kind = told.kind
    looked_at: dict[str, JsonValue] = {
        "policy_oid": " ".join(case.certificate.policies) or None,
        "issuer": case.certificate.issuer_text,
        "declared_medium": case.declared_medium,
        "purpose_asked": case.purpose,
        "purpose": told.kind.purpose if told.kind else None,
        "medium": told.kind.medium if told.kind else None,
        "environment_kind": case.world,
    }
    return refused(told.refusal, looked_at, rule=told.rule) if told.refusal else Outcome("ok", looked_at)
