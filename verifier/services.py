"""Verbs of the verifier: judge a signature, trust a CA, take in a revocation list."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from cryptography import x509
from django.utils import timezone

from portal import identifiers
from portal.environments import services as environments
from portal.providers.services import ApiPrincipal
from verifier import (
    asking,
    challenges,
    evidence,
    ocsp_asking,
    ocsp_responders,
    permissions,
    serials,
    sources,
    verdict_facts,
)
from verifier.asking import Asked
from verifier.challenges import Used
from verifier.evidence import Evidence
from verifier.models import (
    Challenge,
    CrlSnapshot,
    DistributionPoint,
    NewVerification,
    OcspResponder,
    Verification,
    VerificationSet,
)
from verifier.pki.profiles import Purpose, World
from verifier.validation import signature
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.verdict import CrlNeeded, RevocationSource, Verdict

# By anchor and fingerprint, for holders who come again soon: digests alone, nothing of the certificate.
_serial_digests: dict[tuple[str, str], bytes] = {}
_MOST_SERIAL_DIGESTS = 10_000
_PUBLIC_ID = re.compile(r"ver_[0-9A-HJKMNP-TV-Z]{20}")


class EnvironmentNotReady(Exception):
    """The environment is still being made, or its making failed."""


# --- judging ---------------------------------------------------------------------------------------------------


def question_from_json(body: Mapping[str, Any]) -> Question:
    """The question in the body of POST /api/v1/verifications that uses no challenge; raises portal.problems.Problem as
    `asking.decode` does."""
    return asking.decode(body).question()


def answer(principal: ApiPrincipal, asked: Asked) -> NewVerification:
    """Judge what an API client asks, and keep the record. A challenge is used up first, in its own right: whatever the
    verdict, and whatever happens on the way to it. Raises as `verify` does.
    """
    _evidence(principal)
    question = asked.question(_use_challenge(principal, asked))
    return verify(principal, question, request_id=asked.request_id, source=asked.source)


def issue_challenge(principal: ApiPrincipal, purpose: Purpose) -> Challenge:
    """A challenge for the caller to have signed. Raises permissions.EntitlementMissing and EnvironmentNotReady."""
    _evidence(principal)
    return challenges.issue(principal, purpose)


def require_able(principal: ApiPrincipal) -> None:
    """Raise permissions.EntitlementMissing or EnvironmentNotReady where the caller could not have anything judged."""
    _evidence(principal)


def _use_challenge(principal: ApiPrincipal, asked: Asked) -> Used | None:
    signed = asked.signed
    if signed is None or signed.source not in ("challenge", "challenge_id"):
        return None
    if signed.source == "challenge":
        return challenges.remember(principal, signed.octets)
    return challenges.use(principal, signed.challenge_id, asked.purpose)


def verify(
    principal: ApiPrincipal,
    question: Question,
    *,
    request_id: str,
    at: datetime | None = None,
    source: RevocationSource = RevocationSource.AUTOMATIC,
) -> NewVerification:
    """Judge a signature for the caller and keep the record (one INSERT).

    `request_id` is the caller's correlation id; several judgements may carry the same one. `at` (aware UTC) is the
    environment's present moment unless given. Raises permissions.EntitlementMissing and EnvironmentNotReady; every
    other outcome is a verdict. A missing or stale list is asked for, never waited for; `source` says whether a
    responder is asked, which is waited for, `VERIFIER_OCSP_SECONDS` at most.
    """
    known = _evidence(principal)
    at = at or environments.now(known.environment)
    verdict = _judged(partial(signature.verify, question, seen=evidence.SEEN), known, source=source, at=at)
    return Verification.objects.append(_record(principal, question, verdict, request_id=request_id, at=at))


def judge(environment: Any, question: Question, *, at: datetime) -> Verdict:
    """Judge by lists for a neighbour in the house (the sandbox's identity check): nothing is recorded, nobody has to
    be entitled, and an environment that is still being made will do. A missing or stale list is asked for, never
    waited for. `at`: aware UTC.
    """
    known = evidence.for_environment(environment.pk)
    judged_by = partial(signature.verify, question, seen=evidence.SEEN)
    return _judged(judged_by, known, source=RevocationSource.CRL, at=at)


def question(purpose: Purpose, *, certificate: bytes, signature: bytes, message: bytes) -> Question:
    """A question put by the house itself: certificate DER, signature value, the bytes it is over."""
    return Question(purpose, certificate, MessageSignature(signature, message))


def inspect(
    principal: ApiPrincipal,
    certificate_der: bytes,
    *,
    at: datetime | None = None,
    source: RevocationSource = RevocationSource.AUTOMATIC,
) -> tuple[Verdict, datetime]:
    """Look at a certificate without a signature; the verdict and the moment it is for. Nothing is recorded."""
    known = _evidence(principal)
    at = at or environments.now(known.environment)
    return _judged(partial(signature.inspect, certificate_der), known, source=source, at=at), at


def _judged(judged_by: Callable[..., Verdict], known: Evidence, *, source: RevocationSource, at: datetime) -> Verdict:
    """Judge by what is at hand; where a responder would decide, ask it and judge again, by its answer too."""
    judge_by = partial(judged_by, trust=known.trust, crls=known.crls, world=known.world, source=source, at=at)
    verdict = judge_by(ocsp=known.answers)
    answers = ocsp_asking.answers_for(known, verdict.needs, at=at)
    if answers is not None:
        verdict = judge_by(ocsp=answers)
    if lists := tuple(need for need in verdict.needs if isinstance(need, CrlNeeded)):
        sources.ask_for(known.environment, lists)
    return verdict


def environment_of(principal: ApiPrincipal) -> Any:
    """The environment the key is bound to, as kept by the process."""
    return evidence.for_environment(principal.environment_id).environment


def by_request_id(environment: Any, request_id: str) -> Verification | None:
    """The newest judgement in the environment that carries the caller's correlation id."""
    found = Verification.objects.filter(environment=environment, request_id=request_id)
    return found.order_by("-id").first()


def by_public_id(principal: ApiPrincipal, public_id: str) -> Verification | None:
    """One judgement of the caller's own; None for everybody else's."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return None
    return permissions.visible_to(principal).filter(public_id=public_id).first()


# What an SP's people see.


def of_provider(provider: Any, *, public_id: str) -> Verification | None:
    """One judgement of the provider's own, with its environment and key; None for everybody else's."""
    if not _PUBLIC_ID.fullmatch(public_id):
        return None
    found = Verification.objects.filter(provider=provider, public_id=public_id)
    return found.select_related("environment", "client").first()


def log_of(provider: Any, *, kind: str) -> VerificationSet:
    """The provider's judgements in its sandbox or in production."""
    return Verification.objects.filter(provider=provider, environment__kind=kind)


def keys_of(provider: Any, *, kind: str) -> list[str]:
    """The prefixes of the provider's keys in that kind of environment."""
    clients = provider.api_clients.filter(environment__kind=kind).order_by("id")
    return list(clients.values_list("prefix", flat=True))


def environment_for_log(provider: Any, *, kind: str) -> Any:
    """The environment the log of that kind is about; None where the provider has no sandbox yet."""
    return environments.production() if kind == World.PRODUCTION else environments.sandbox_of(provider)


def sources_of(provider: Any, *, kind: str) -> list[dict[str, Any]]:
    """The sources of revocation lists and the list each has at hand, for people."""
    environment = environment_for_log(provider, kind=kind)
    points = DistributionPoint.objects.in_use().filter(anchor__environment=environment).select_related("anchor")
    current = {
        snapshot.point_id: snapshot
        for snapshot in CrlSnapshot.objects.filter(is_current=True, point__in=points).defer("der")
    }
    at = environments.now(environment) if environment else None
    return [{"point": point, "list": current.get(point.pk), "at": at} for point in points.order_by("id")]


def responders_of(provider: Any, *, kind: str) -> list[OcspResponder]:
    """Who is asked by OCSP, for people."""
    environment = environment_for_log(provider, kind=kind)
    return ocsp_responders.of_environment(environment) if environment else []


def _evidence(principal: ApiPrincipal) -> Evidence:
    known = evidence.for_environment(principal.environment_id)
    if known.environment.state != "ready":
        raise EnvironmentNotReady(known.environment.public_id)
    permissions.require_entitled(principal, known.environment)
    return known


def _record(
    principal: ApiPrincipal, question: Question, verdict: Verdict, *, request_id: str, at: datetime
) -> NewVerification:
    return NewVerification(
        public_id=identifiers.new("ver"),
        environment_id=principal.environment_id,
        provider_id=principal.provider_id,
        client_id=principal.client_id,
        request_id=request_id,
        purpose=question.purpose.value,
        medium=verdict.kind.medium.value if verdict.kind else "",
        verdict=verdict.status.value,
        code=verdict.code,
        certificate=verdict_facts.of_certificate(verdict),
        steps=verdict_facts.steps_as_json(verdict),
        revocation=verdict_facts.of_revocation(verdict),
        request_digest=_request_digest(question),
        serial_hmac=_serial_hmac(question, verdict),
        verified_at=at,
        created_at=timezone.now(),
        kinds_version=verdict.kinds_version,
    )


def _request_digest(question: Question) -> bytes:
    """One digest over all that was asked, each part behind its length so that no two requests share it by shifting."""
    digest = hashlib.sha256(question.purpose.value.encode())
    for part in (question.certificate_der, *question.signed.parts):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _serial_hmac(question: Question, verdict: Verdict) -> bytes | None:
    """Finds the judgements of one certificate, gives its serial to nobody."""
    if verdict.anchor_id is None or verdict.certificate is None:
        return None
    known = (verdict.anchor_id, verdict.certificate.fingerprint_sha256)
    digest = _serial_digests.get(known)
    if digest is None:
        # Proven and well-formed by now: only the number is read, which is cheaper than parsing everything again.
        serial = x509.load_der_x509_certificate(question.certificate_der).serial_number
        digest = serials.keyed(verdict.anchor_id, serial)
        if len(_serial_digests) >= _MOST_SERIAL_DIGESTS:
            _serial_digests.clear()
        _serial_digests[known] = digest
    return digest
