"""Asks one OCSP responder: the only outbound call a web process makes, and one that may never hold it up.

Everything together ends at the deadline; at most half of the process' threads wait at a time, and of a responder that
failed lately one; after three failures in a row it is left alone for a while (`breaker`). Whatever happens, what comes
back is evidence or a code.
"""

import base64
import secrets
import time
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from portal import http
from portal.http import FetchFailed
from verifier.breaker import NoPlace, WaitingRoom
from verifier.ocsp_profiles import NoSigner, Responder, request_signer
from verifier.pki import ocsp
from verifier.pki.errors import MalformedInput
from verifier.validation import ocsp_answers
from verifier.validation.crl_index import CrlIndex
from verifier.validation.ocsp_answers import Asked
from verifier.validation.ocsp_evidence import NonceRule, OcspEvidence, OcspFailure
from verifier.validation.verdict import OcspNeeded, RevocationStatus

waiting_room = WaitingRoom(settings.WEB_THREADS // 2)

# Answers that say that the responder itself is unwell; every other one is an answer.
_UNWELL = {"ocsp.try_later", "ocsp.internal_error"}
_STATUS = {"ocsp.unauthorized": RevocationStatus.UNKNOWN, "ocsp.stale": RevocationStatus.STALE}


def ask(
    responder: Responder, need: OcspNeeded, *, crls: CrlIndex, at: datetime, deadline: float
) -> tuple[OcspEvidence | OcspFailure, bool | None]:
    """The responder's answer about the certificate, believed or refused, and what it tells of the responder's health:
    True if it answered, False if it has just been left alone, None if nothing changed.

    `at` is the moment of judgement (aware UTC), `deadline` on the monotonic clock.
    """
    try:
        with waiting_room.place(responder.pk):
            return _asked(responder, need, crls=crls, at=at, deadline=deadline)
    except NoPlace as refused:
        return _failure(responder, refused.code), None


def _asked(
    responder: Responder, need: OcspNeeded, *, crls: CrlIndex, at: datetime, deadline: float
) -> tuple[OcspEvidence | OcspFailure, bool | None]:
    about = ocsp.cert_id(need.issuer_name, responder.issuer.certificate, need.serial, responder.hash_name)
    nonce = None if responder.rules.nonce is NonceRule.NEVER else secrets.token_bytes(ocsp.NONCE_OCTETS)
    asked = Asked(about, responder.issuer, nonce)
    try:
        signer = request_signer() if responder.signs_requests else None
        body = _exchange(responder, ocsp.encode_request(about, nonce=nonce, signer=signer), deadline)
        evidence = ocsp_answers.accept(
            body,
            asked=asked,
            rules=responder.rules,
            crls=crls,
            at=at,
            fetched_at=timezone.now().replace(microsecond=0),
            responder=responder.label,
        )
    except NoSigner:
        return _failure(responder, "ocsp.no_signer"), None
    except (FetchFailed, MalformedInput) as error:
        if isinstance(error, FetchFailed) or error.code in _UNWELL:
            return _failure(responder, error.code), False if waiting_room.failed(responder.pk) else None
        waiting_room.answered(responder.pk)
        return _failure(responder, error.code), True
    waiting_room.answered(responder.pk)
    return evidence, True


def _failure(responder: Responder, code: str) -> OcspFailure:
    return OcspFailure(_STATUS.get(code, RevocationStatus.UNAVAILABLE), code, responder.label)


def _exchange(responder: Responder, request: bytes, deadline: float) -> bytes:
    """RFC 6960 appendix A.1: POST, or GET where the profile says so and the request is short enough. The status of
    HTTP only counts if it is not 200; the type of what came is judged by reading it.
    """
    timeout = deadline - time.monotonic()
    if timeout <= 0:
        raise FetchFailed("fetch.timeout")
    encoded = quote(base64.b64encode(request), safe="")
    if responder.by_get and len(encoded) < ocsp.LONGEST_GET:
        answer = http.get(f"{responder.url}/{encoded}", max_bytes=ocsp.MAX_RESPONSE_BYTES, timeout=timeout)
    else:
        answer = http.post(
            responder.url,
            request,
            content_type="application/ocsp-request",
            max_bytes=ocsp.MAX_RESPONSE_BYTES,
            timeout=timeout,
        )
    if 300 <= answer.status < 400:
        raise FetchFailed("fetch.redirected", str(answer.status))
    if answer.status != 200:
        raise FetchFailed("fetch.status", str(answer.status))
    return answer.body
