"""What a verdict says, as JSON values: the same in the answer, in the record and in the log. No personal data."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from verifier.pki import kind_data
from verifier.pki.profiles import CertificateKind
from verifier.validation.verdict import StepResult, Verdict


def of_certificate(verdict: Verdict) -> dict[str, Any] | None:
    """What the answer tells of the certificate: JSON values, no personal data, no serial number."""
    found = verdict.certificate
    if found is None:
        return None
    kind = found.kind
    return {
        "purpose": kind.purpose.value if kind else None,
        "medium": kind.medium.value if kind else None,
        "told_by": dict(found.told_by),
        "not_before": moment(found.not_before),
        "not_after": moment(found.not_after),
        "fingerprint_sha256": found.fingerprint_sha256,
        "basis": kind.basis if kind else None,
        "unconfirmed_values": _unconfirmed(verdict, kind) if kind else [],
    }


def _unconfirmed(verdict: Verdict, kind: CertificateKind) -> list[dict[str, str]]:
    """The values of the kind that the verdict rests on and that are not public: those its steps looked at."""
    ran = {step.id: step.looked_at for step in verdict.steps if step.result is not StepResult.NOT_RUN}
    on_a_curve = ran.get("usage_and_policy", {}).get("key_algorithm") in {"EC", "EllipticCurve"}
    row, ca_scheme = kind_data.ROWS[kind.purpose, kind.medium, kind.world], _ca_scheme(ran)
    used = {
        "policy_oid": "kind" in ran,
        "issuer": "kind" in ran,
        "key_usage": "usage_and_policy" in ran,
        "algorithms": "usage_and_policy" in ran and not on_a_curve,
        "curves": on_a_curve,
        "ca_signatures": ca_scheme in row.ca_signatures.value,
        "further_ca_signatures": ca_scheme in row.further_ca_signatures.value,
        "ocsp_profile": verdict.revocation is not None and verdict.revocation.source == "ocsp",
    }
    return [
        {"value": mark.value, "basis": mark.basis}
        for mark in kind.marks
        if used.get(mark.value) and mark.basis != "public"
    ]


def _ca_scheme(ran: Mapping[str, Mapping[str, Any]]) -> str:
    """The scheme by which the CA signed, empty where that was not looked at or is none."""
    return ran.get("certificate_signature", {}).get("scheme") or ""


def of_steps(verdict: Verdict) -> list[dict[str, Any]]:
    """The steps as JSON values, in order."""
    return [
        {"id": step.id, "result": step.result.value, "code": step.code, "looked_at": dict(step.looked_at)}
        for step in verdict.steps
    ]


def of_revocation(verdict: Verdict) -> dict[str, Any] | None:
    """What the answer about revocation rests on; None when that step was not reached."""
    found = verdict.revocation
    if found is None:
        return None
    return {
        "source": found.source,
        "distribution_point": found.distribution_point,
        "number": found.number,
        "this_update": moment(found.this_update),
        "next_update": moment(found.next_update),
        "age_seconds": found.age_seconds,
        "fetched_at": moment(found.fetched_at),
        "status": found.status.value,
        "reason": found.reason.code if found.reason else None,
        "revoked_at": moment(found.revoked_at),
        "responder": found.responder,
        "produced_at": moment(found.produced_at),
        "nonce_matched": found.nonce_matched,
        "cached": found.cached,
        "detail": found.detail,
    }


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC with a Z, to the second."""
    if value is None:
        return None
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
