"""The first two steps: is it a certificate, and which kind does it say it is?  Nothing is proven here."""

from verifier.pki import certificate as certificate_format
from verifier.pki.certificate import Certificate
from verifier.pki.errors import MalformedInput
from verifier.pki.profiles import CertificateKind, Medium, Purpose, World
from verifier.validation.case import Case
from verifier.validation.classification import classify
from verifier.validation.facts import Facts
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
    return Outcome("ok", Facts(_read, case.parsed))


def _read(certificate: Certificate) -> dict[str, JsonValue]:
    return {"bytes": len(certificate.der), "fingerprint_sha256": certificate.sha256.hex()}


def tell_kind(case: Case) -> Outcome:
    """Purpose, medium and world, without contradiction, and the ones asked for."""
    told = classify(case.certificate, world=case.world, purpose=case.purpose, declared_medium=case.declared_medium)
    case.told_kind = told.kind
    looked_at = Facts(_kind, case.certificate, told.kind, case.world, case.purpose, case.declared_medium)
    return refused(told.refusal, looked_at, rule=told.rule) if told.refusal else Outcome("ok", looked_at)


def _kind(
    certificate: Certificate,
    kind: CertificateKind | None,
    world: World,
    purpose_asked: Purpose | None,
    declared_medium: Medium | None,
) -> dict[str, JsonValue]:
    return {
        "policy_oid": " ".join(certificate.policies) or None,
        "issuer": certificate.issuer_text,
        "declared_medium": declared_medium,
        "purpose_asked": purpose_asked,
        "purpose": kind.purpose if kind else None,
        "medium": kind.medium if kind else None,
        "environment_kind": world,
    }
