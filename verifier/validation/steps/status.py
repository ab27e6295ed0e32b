"""The last step: what is said about the certificate since it was issued."""

from verifier.pki import oids
from verifier.validation import revocation, revocation_sources
from verifier.validation.case import Case
from verifier.validation.facts import Facts
from verifier.validation.outcome import Outcome, refused
from verifier.validation.paths.refusal import Refusal
from verifier.validation.verdict import JsonValue, RevocationFinding, RevocationStatus, StepResult

CODES = {
    RevocationStatus.REVOKED: ("cert.revoked", StepResult.FAILED),
    RevocationStatus.ON_HOLD: ("cert.on_hold", StepResult.FAILED),
    RevocationStatus.MISSING: ("revocation.source_missing", StepResult.INDETERMINATE),
    RevocationStatus.STALE: ("revocation.source_stale", StepResult.INDETERMINATE),
    RevocationStatus.UNKNOWN: ("revocation.unknown", StepResult.INDETERMINATE),
    RevocationStatus.UNAVAILABLE: ("revocation.source_unavailable", StepResult.INDETERMINATE),
}
_GOOD = RevocationStatus.GOOD


def check_revocation(case: Case) -> Outcome:
    """Fresh evidence under the issuer's key does not name the certificate."""
    at = case.at
    listed = revocation.check(case.certificate, issuer=case.anchor, crls=case.crls, at=at)
    finding, case.needs = revocation_sources.decide(
        case.source, listed, asked=case.asked_of_a_responder, ocsp=case.ocsp, at=at
    )
    case.revocation, looked_at = finding, Facts(_looked_at, finding)
    if finding.status is _GOOD:
        return Outcome("ok", looked_at)
    code, result = CODES[finding.status]
    # What an OCSP responder says is said about the serial; no extension is read for it.
    oid = None if finding.source == "ocsp" else oids.CRL_DISTRIBUTION_POINTS
    return refused(Refusal(code, 0, oid), looked_at)._replace(result=result)


def _looked_at(finding: RevocationFinding) -> dict[str, JsonValue]:
    return {
        "source": finding.source,
        "distribution_point": finding.distribution_point,
        "number": finding.number,
        "this_update": finding.this_update.isoformat() if finding.this_update else None,
        "next_update": finding.next_update.isoformat() if finding.next_update else None,
        "age_seconds": finding.age_seconds,
        "status": finding.status,
        "reason": finding.reason.code if finding.reason else None,
        **(_looked_at_by_ocsp(finding) if finding.responder else {}),
    }


def _looked_at_by_ocsp(finding: RevocationFinding) -> dict[str, JsonValue]:
    return {
        "responder": finding.responder,
        "produced_at": finding.produced_at.isoformat() if finding.produced_at else None,
        "nonce_matched": finding.nonce_matched,
        "cached": finding.cached,
        "detail": finding.detail,
    }
