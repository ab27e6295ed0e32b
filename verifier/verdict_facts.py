"""What a verdict says, as JSON values: the same in the answer, in the record and in the log. No personal data."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from verifier.models import as_json
from verifier.pki import kind_data
from verifier.pki.profiles import CertificateKind
from verifier.validation.facts import Facts
from verifier.validation.verdict import JsonValue, StepResult, Verdict


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
    by_ocsp = verdict.revocation is not None and verdict.revocation.source == "ocsp"
    used = _used(kind, "kind" in ran, "usage_and_policy" in ran, on_a_curve, _ca_scheme(ran), by_ocsp)
    return [{"value": value, "basis": basis} for value, basis in used]


# As many answers as there are kinds and ways to end, times the schemes of CAs.
@lru_cache(maxsize=1024)
def _used(
    kind: CertificateKind, told: bool, judged: bool, on_a_curve: bool, ca_scheme: str, by_ocsp: bool
) -> tuple[tuple[str, str], ...]:
    row = kind_data.ROWS[kind.purpose, kind.medium, kind.world]
    used = {
        "policy_oid": told,
        "issuer": told,
        "key_usage": judged,
        "algorithms": judged and not on_a_curve,
        "curves": on_a_curve,
        "ca_signatures": ca_scheme in row.ca_signatures.value,
        "further_ca_signatures": ca_scheme in row.further_ca_signatures.value,
        "ocsp_profile": by_ocsp,
    }
    return tuple((mark.value, mark.basis) for mark in kind.marks if used.get(mark.value) and mark.basis != "public")


def _ca_scheme(ran: Mapping[str, Mapping[str, Any]]) -> str:
    """The scheme by which the CA signed, empty where that was not looked at or is none."""
    return ran.get("certificate_signature", {}).get("scheme") or ""


def of_steps(verdict: Verdict) -> list[dict[str, Any]]:
    """The steps as JSON values, in order."""
    return [
        {"id": step.id, "result": step.result.value, "code": step.code, "looked_at": dict(step.looked_at)}
        for step in verdict.steps
    ]


def steps_as_json(verdict: Verdict) -> str:
    """The same as JSON text; what was written before is not written again."""
    return f"[{', '.join([_head(*step[:3]) + _looked_at(step.looked_at) for step in verdict.steps])}]"


def _looked_at(facts: Mapping[str, JsonValue]) -> str:
    told = facts.text(as_json) if isinstance(facts, Facts) else as_json(facts)
    return told + "}"


@cache
def _head(step_id: str, result: StepResult, code: str) -> str:
    """What of a step is one of a few texts; all three are words of our own."""
    head = as_json({"id": step_id, "result": result.value, "code": code})
    return f'{head[:-1]}, "looked_at": '


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
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
