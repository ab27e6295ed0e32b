"""List or responder: which of the two decides, where they differ, and what is still to be asked.

* A final revocation decides, whoever says it and whatever was chosen: nothing undoes it.
* ``crl``: the list decides.
* ``automatic``: a fresh list decides, but a hold that a responder told of stands beside it; without a fresh list the
  responder decides, and if it gives no answer, what is wrong with the list is told.
* ``ocsp``: the responder decides; where it or a list says "on hold", the newer of the two, for a hold can be lifted.
  Where both say the same, it is told by the responder, who was asked.
* No answer, or "unknown", never replaces something definite: where the list at hand says "on hold", that stands.

"Good" comes only from the source that was to decide, so whatever is missing ends in a verdict that is not "valid".
"""

from datetime import datetime

from verifier.validation.ocsp_evidence import OcspAnswers, OcspEvidence, OcspFailure
from verifier.validation.revocation import RevocationAnswer
from verifier.validation.verdict import (
    OcspNeeded,
    RevocationFinding,
    RevocationSource,
    RevocationStatus,
)

_REVOKED, _CRL, _OCSP = RevocationStatus.REVOKED, RevocationSource.CRL, RevocationSource.OCSP
_FRESH = (RevocationStatus.GOOD, RevocationStatus.ON_HOLD)
_DEFINITE = (RevocationStatus.GOOD, RevocationStatus.ON_HOLD, RevocationStatus.REVOKED)


def decide(
    source: RevocationSource, listed: RevocationAnswer, *, asked: OcspNeeded, ocsp: OcspAnswers, at: datetime
) -> RevocationAnswer:
    """The answer by the rules above, and what would have to be had where it is open.

    ``listed`` is what the lists say, ``asked`` the question a responder would get, ``at`` the moment (aware UTC).
    """
    said = ocsp.find(asked.anchor_id, asked.group, asked.serial)
    if listed.finding.status is _REVOKED:
        return listed
    if isinstance(said, OcspEvidence) and said.is_final:
        return _by(said, at)
    if source is _CRL:
        return listed
    if isinstance(said, OcspEvidence) and not said.is_fresh(at):
        said = None
    if source is _OCSP:
        return _by_responder(listed, said, asked, ocsp, at)
    return _automatically(listed, said, asked, ocsp, at)


def _automatically(
    listed: RevocationAnswer,
    said: OcspEvidence | OcspFailure | None,
    asked: OcspNeeded,
    ocsp: OcspAnswers,
    at: datetime,
) -> RevocationAnswer:
    if listed.finding.status in _FRESH:
        if isinstance(said, OcspEvidence) and said.status is RevocationStatus.ON_HOLD:
            return _by(said, at)
        return listed
    if not ocsp.has_responder(asked.anchor_id, asked.group):
        return listed
    if said is None:
        return RevocationAnswer(listed.finding, (*listed.needs, asked))
    # A list is asked for as well: it would decide the next time, without anybody waiting.
    if isinstance(said, OcspFailure):
        return listed._replace(finding=listed.finding._replace(responder=said.responder, detail=said.code))
    return _by(said, at)._replace(needs=listed.needs)


def _by_responder(
    listed: RevocationAnswer,
    said: OcspEvidence | OcspFailure | None,
    asked: OcspNeeded,
    ocsp: OcspAnswers,
    at: datetime,
) -> RevocationAnswer:
    if not ocsp.has_responder(asked.anchor_id, asked.group):
        return _unless_held(listed, RevocationAnswer(RevocationFinding(RevocationStatus.MISSING, source="ocsp"), ()))
    if said is None:
        # Until it has answered, nothing is known from the source that was asked for.
        missing = RevocationFinding(RevocationStatus.MISSING, source="ocsp")
        return RevocationAnswer(missing, (asked,))
    if isinstance(said, OcspEvidence) and said.status in _DEFINITE and _prevails(said, listed.finding):
        return _by(said, at)
    return _unless_held(listed, _by(said, at))


def _prevails(said: OcspEvidence, listed: RevocationFinding) -> bool:
    return said.status is listed.status or listed.this_update is None or said.this_update > listed.this_update


def _unless_held(listed: RevocationAnswer, otherwise: RevocationAnswer) -> RevocationAnswer:
    return listed if listed.finding.status is RevocationStatus.ON_HOLD else otherwise


def _by(said: OcspEvidence | OcspFailure, at: datetime) -> RevocationAnswer:
    if isinstance(said, OcspFailure):
        finding = RevocationFinding(said.status, source="ocsp", responder=said.responder, detail=said.code)
        return RevocationAnswer(finding, ())
    finding = RevocationFinding(
        status=said.status,
        this_update=said.this_update,
        next_update=said.next_update,
        age_seconds=int((at - said.this_update).total_seconds()),
        fetched_at=said.fetched_at,
        source="ocsp",
        reason=said.reason,
        revoked_at=said.revoked_at,
        responder=said.responder,
        produced_at=said.produced_at,
        nonce_matched=said.nonce_matched,
        cached=said.cached,
    )
    return RevocationAnswer(finding, ())
