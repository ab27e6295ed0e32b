"""What is this signature worth?  A list of steps, read from the top down; the first one that does not pass ends it.

    format                 the bytes are one certificate
    kind                   purpose, medium and world, without contradiction, and the ones asked for
    issuer                 a pinned anchor is named by key, and may issue now
    certificate_signature  that anchor's key signed these very bytes
    validity               the certificate's own window
    usage_and_policy       the profile's rules
    signature_value        the certificate's key signed the message
    revocation             a fresh list of that key for that distribution point does not name it

Revocation stands last for two reasons: needs are stated only for a certificate that is proven, so nobody can make us
fetch by showing us something made up; and a signature that is definitely wrong is never hidden behind a stale list.

Nothing raises: whatever the bytes are, the answer is a Verdict.  The exception is a naive ``at``, a broken promise of
ours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from verifier.pki import certificate as certificate_format
from verifier.pki import names
from verifier.pki.certificate import Certificate
from verifier.pki.errors import MalformedInput
from verifier.pki.profiles import CertificateKind, Medium, Purpose, World
from verifier.validation import path, profile_checks, revocation, signed_data
from verifier.validation.classification import classify
from verifier.validation.crl_index import CrlIndex
from verifier.validation.signed_data import Found
from verifier.validation.trust import TrustAnchor, TrustStore
from verifier.validation.verdict import (
    CertificateFinding,
    CrlNeeded,
    JsonValue,
    RevocationFinding,
    RevocationStatus,
    Status,
    Step,
    StepResult,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a caller asks: is ``signature`` the signature of ``message`` by the holder of this certificate, for this
    purpose?

    ``declared_medium`` is what the app's answer said about the medium, None if it said nothing.
    """

    purpose: Purpose
    certificate_der: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    message: bytes = field(repr=False)
    declared_medium: Medium | None


def verify(question: Question, *, trust: TrustStore, crls: CrlIndex, world: World, at: datetime) -> Verdict:
    """Judge a signature at the moment ``at`` (aware UTC).

    ``trust`` and ``crls`` are those of one environment; ``world`` is that environment's.  Raises ``ValueError`` for a
    naive ``at`` and nothing else.
    """
    case = _Case(question.certificate_der, question.purpose, question.declared_medium, trust, crls, world, at)
    case.signed = (question.signature, question.message)
    return _judge(case, _STEPS)


def inspect(certificate_der: bytes, *, trust: TrustStore, crls: CrlIndex, world: World, at: datetime) -> Verdict:
    """Judge a certificate alone: the same steps, of any purpose and medium, without ``signature_value``."""
    case = _Case(certificate_der, None, None, trust, crls, world, at)
    return _judge(case, tuple(step for step in _STEPS if step is not _signature_value))


STEP_IDS = (
    "format",
    "kind",
    "issuer",
    "certificate_signature",
    "validity",
    "usage_and_policy",
    "signature_value",
    "revocation",
)


@dataclass(slots=True)
class _Case:
    """The case file: what is asked, and what the steps have established so far."""

    der: bytes
    purpose: Purpose | None
    declared_medium: Medium | None
    trust: TrustStore
    crls: CrlIndex
    world: World
    at: datetime
    signed: tuple[bytes, bytes] = (b"", b"")
    parsed: Certificate | None = None
    issuer_text: str = ""
    told_kind: CertificateKind | None = None
    candidates: tuple[TrustAnchor, ...] = ()
    proven_by: TrustAnchor | None = None
    revocation: RevocationFinding | None = None
    needs: tuple[CrlNeeded, ...] = ()

    # What an earlier step established.  Asking before it passed is our own mistake.
    @property
    def certificate(self) -> Certificate:
        assert self.parsed is not None
        return self.parsed

    @property
    def kind(self) -> CertificateKind:
        assert self.told_kind is not None
        return self.told_kind

    @property
    def anchor(self) -> TrustAnchor:
        assert self.proven_by is not None
        return self.proven_by

    @property
    def holder_key(self) -> RSAPublicKey:
        key = signed_data.usable_rsa_key(self.certificate.public_key)
        assert key is not None
        return key


@dataclass(frozen=True, slots=True)
class _Outcome:
    code: str
    looked_at: Mapping[str, JsonValue]
    result: StepResult | None = None

    def as_step(self, step_id: str) -> Step:
        result = self.result or (StepResult.PASSED if self.code == "ok" else StepResult.FAILED)
        return Step(step_id, result, self.code, self.looked_at)


_StepFunction = Callable[[_Case], _Outcome]


def _judge(case: _Case, functions: tuple[_StepFunction, ...]) -> Verdict:
    if case.at.tzinfo is None:
        raise ValueError("`at` must be an aware UTC datetime")
    steps: list[Step] = []
    stopped = False
    for function in functions:
        step_id = function.__name__.removeprefix("_")
        if stopped:
            steps.append(Step(step_id, StepResult.NOT_RUN, "", {}))
            continue
        steps.append(function(case).as_step(step_id))
        stopped = steps[-1].result is not StepResult.PASSED
    return _verdict(case, tuple(steps))


def _verdict(case: _Case, steps: tuple[Step, ...]) -> Verdict:
    ended_at = next((step for step in steps if step.result is not StepResult.PASSED), None)
    if ended_at is None:
        status = Status.VALID
    elif ended_at.result is StepResult.INDETERMINATE:
        status = Status.INDETERMINATE
    else:
        status = Status.INVALID
    return Verdict(
        status=status,
        code=ended_at.code if ended_at else "ok",
        retryable=status is Status.INDETERMINATE,
        steps=steps,
        needs=case.needs,
        certificate=_certificate_finding(case) if case.parsed else None,
        revocation=case.revocation,
        anchor_id=case.proven_by.anchor_id if case.proven_by else None,
    )


def _certificate_finding(case: _Case) -> CertificateFinding:
    certificate = case.certificate
    return CertificateFinding(
        fingerprint_sha256=certificate.sha256.hex(),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        kind=case.told_kind,
        told_by={
            "policy_oid": " ".join(certificate.policies) or None,
            "issuer": case.issuer_text,
            "declared_medium": case.declared_medium,
        },
    )


# --- the steps, in order --------------------


def _format(case: _Case) -> _Outcome:
    try:
        case.parsed = certificate_format.parse(case.der)
        case.issuer_text = names.readable(case.parsed.issuer)
    except MalformedInput as error:
        return _Outcome(error.code, {"bytes": len(case.der), "detail": error.detail})
    return _Outcome("ok", {"bytes": len(case.der), "fingerprint_sha256": case.parsed.sha256.hex()})


def _kind(case: _Case) -> _Outcome:
    told = classify(case.certificate, world=case.world, purpose=case.purpose, declared_medium=case.declared_medium)
    case.told_kind = told.kind
    return _Outcome(
        told.code,
        {
            "policy_oid": " ".join(case.certificate.policies) or None,
            "issuer": case.issuer_text,
            "declared_medium": case.declared_medium,
            "purpose_asked": case.purpose,
            "purpose": told.kind.purpose if told.kind else None,
            "medium": told.kind.medium if told.kind else None,
            "environment_kind": case.world,
        },
    )


def _issuer(case: _Case) -> _Outcome:
    anchors = case.trust.for_purpose(case.kind.purpose, case.world)
    found = path.candidates(case.certificate, anchors, case.at)
    case.candidates = found.anchors
    authority = case.certificate.authority_key_id
    return _Outcome(
        "ok" if found.anchors else "cert.issuer_unknown",
        {
            "issuer": case.issuer_text,
            "authority_key_id": authority.hex() if authority is not None else None,
            "anchors_of_this_purpose": len(anchors),
            "anchors_matching": len(found.anchors),
            "set_aside": ", ".join(f"{item.anchor_id}: {item.why}" for item in found.set_aside) or None,
        },
    )


def _certificate_signature(case: _Case) -> _Outcome:
    case.proven_by = path.prove(case.certificate, case.candidates)
    return _Outcome(
        "ok" if case.proven_by else "cert.bad_signature",
        {
            "algorithm": case.certificate.signature_algorithm,
            "anchors_tried": len(case.candidates),
            "anchor": case.proven_by.anchor_id if case.proven_by else None,
        },
    )


def _validity(case: _Case) -> _Outcome:
    outside = path.outside_window(case.certificate, case.at)
    return _Outcome(
        f"cert.{outside}" if outside else "ok",
        {
            "at": case.at.isoformat(),
            "not_before": case.certificate.not_before.isoformat(),
            "not_after": case.certificate.not_after.isoformat(),
        },
    )


def _usage_and_policy(case: _Case) -> _Outcome:
    violation = profile_checks.first_violation(case.certificate, case.kind)
    certificate = case.certificate
    size = getattr(certificate.public_key, "key_size", None)
    return _Outcome(
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


def _signature_value(case: _Case) -> _Outcome:
    signature, message = case.signed
    looked_at: dict[str, JsonValue] = {
        "scheme": "RSASSA-PKCS1-v1_5 with SHA-256",
        "message_bytes": len(message),
        "signature_bytes": len(signature),
    }
    if signed_data.is_signed_by(case.holder_key, signature, message):
        return _Outcome("ok", looked_at)
    found = signed_data.diagnose(case.holder_key, signature, message)
    code = "sig.no_digestinfo" if found in (Found.BARE_HASH, Found.BARE_MESSAGE) else "sig.mismatch"
    return _Outcome(code, looked_at | {"found": found})


_REVOCATION_CODES = {
    RevocationStatus.GOOD: ("ok", StepResult.PASSED),
    RevocationStatus.REVOKED: ("cert.revoked", StepResult.FAILED),
    RevocationStatus.ON_HOLD: ("cert.on_hold", StepResult.FAILED),
    RevocationStatus.MISSING: ("revocation.source_missing", StepResult.INDETERMINATE),
    RevocationStatus.STALE: ("revocation.source_stale", StepResult.INDETERMINATE),
}


def _revocation(case: _Case) -> _Outcome:
    answer = revocation.check(case.certificate, issuer=case.anchor, crls=case.crls, at=case.at)
    case.revocation, case.needs = answer.finding, answer.needs
    finding = answer.finding
    code, result = _REVOCATION_CODES[finding.status]
    return _Outcome(
        code,
        {
            "source": finding.source,
            "distribution_point": finding.distribution_point,
            "number": finding.number,
            "this_update": finding.this_update.isoformat() if finding.this_update else None,
            "next_update": finding.next_update.isoformat() if finding.next_update else None,
            "age_seconds": finding.age_seconds,
            "status": finding.status,
            "reason": finding.reason.code if finding.reason else None,
        },
        result,
    )


_STEPS: tuple[_StepFunction, ...] = (
    _format,
    _kind,
    _issuer,
    _certificate_signature,
    _validity,
    _usage_and_policy,
    _signature_value,
    _revocation,
)
