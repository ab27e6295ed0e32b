"""From the need of a judgement to what it can be judged by: what was kept, or what the responder says now."""

import time
from datetime import datetime

from django.conf import settings

from verifier import evidence, ocsp_client, ocsp_memory, ocsp_responders, serials
from verifier.evidence import AtHand, Evidence
from verifier.ocsp_profiles import Responder
from verifier.validation.ocsp_evidence import OcspEvidence, OcspFailure
from verifier.validation.verdict import Need, OcspNeeded


def answers_for(known: Evidence, needs: tuple[Need, ...], *, at: datetime) -> AtHand | None:
    """What is at hand once the responder has been asked, None if no judgement needs one. Waits at most
    `VERIFIER_OCSP_SECONDS`. `at`: aware UTC.
    """
    need = next((need for need in needs if isinstance(need, OcspNeeded)), None)
    responder = known.answers.responders.get((need.anchor_id, need.group)) if need else None
    if need is None or responder is None:
        return None
    said = _answer(known, responder, need, at=at)
    return known.answers.with_answer(serials.keyed(need.anchor_id, need.serial), said)


def _answer(known: Evidence, responder: Responder, need: OcspNeeded, *, at: datetime) -> OcspEvidence | OcspFailure:
    deadline = time.monotonic() + settings.VERIFIER_OCSP_SECONDS
    digest = serials.keyed(need.anchor_id, need.serial)
    kept = ocsp_memory.recall(responder.pk, digest, at=at, skew=responder.rules.skew)
    if kept is not None:
        return kept
    said, health = ocsp_client.ask(responder, need, crls=known.crls, at=at, deadline=deadline)
    if isinstance(said, OcspEvidence):
        learned = ocsp_memory.keep(
            responder.pk, digest, said, plainly=responder.keeps_answers, not_after=need.not_after
        )
        if learned:
            evidence.touch(known.environment.pk)
    if (health is False) or (health and responder.is_failing):
        ocsp_responders.note_health(responder.pk, "" if health else _code(said))
    return said


def _code(said: OcspEvidence | OcspFailure) -> str:
    return said.code if isinstance(said, OcspFailure) else ""
