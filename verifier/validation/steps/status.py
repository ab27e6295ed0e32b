"""The last step: what is said about the certificate since it was issued."""

from verifier.pki import oids
from verifier.validation import revocation
from verifier.validation.case import Case
from verifier.validation.facts import Facts
from verifier.validation.outcome import Outcome, refused
from verifier.validation.paths.refusal import Refusal
from verifier.validation.verdict import JsonValue, RevocationFinding, RevocationStatus, StepResult

CODES = {
    RevocationStatus.GOOD: ("ok", StepResult.PASSED),
    RevocationStatus.REVOKED: ("cert.revoked", StepResult.FAILED),
    RevocationStatus.ON_HOLD: ("cert.on_hold", StepResult.FAILED),
    RevocationStatus.MISSING: ("revocation.source_missing", StepResult.INDETERMINATE),
    RevocationStatus.STALE: ("revocation.source_stale", StepResult.INDETERMINATE),
}


def check_revocation(case: Case) -> Outcome:
    """Fresh evidence under the issuer's key does not name the certificate."""
    answer = revocation.check(case.certificate, issuer=case.anchor, crls=case.crls, at=case.at)
    case.revocation, case.needs = answer.finding, answer.needs
    code, result = CODES[answer.finding.status]
    looked_at = Facts(_looked_at, answer.finding)
    if code == "ok":
        return Outcome(code, looked_at)
    return refused(Refusal(code, 0, oids.CRL_DISTRIBUTION_POINTS), looked_at)._replace(result=result)


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
    }
