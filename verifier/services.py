"""Verbs of the verifier: judge a signature, trust a CA, take in a revocation list."""

import hashlib
import hmac
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal import identifiers
from portal.api.decoding import Fields
from portal.audit import services as audit
from portal.environments import services as environments
from portal.jobs import services as jobs
from portal.providers.services import ApiPrincipal
from verifier import evidence, lists, permissions
from verifier.models import CrlSnapshot, DistributionPoint, EvidenceVersion, TrustAnchor, Verification, VerificationSet
from verifier.pki import certificate as certificate_format
from verifier.pki import names
from verifier.pki.crl import Crl
from verifier.pki.crl_columns import Buffer
from verifier.pki.errors import MalformedInput, RefusedCrl
from verifier.pki.profiles import Medium, Purpose, World, ca_name
from verifier.validation import path, revocation, signature
from verifier.validation.crl_index import CrlEvidence
from verifier.validation.signature import Question
from verifier.validation.trust import TrustAnchor as AnchorValue
from verifier.validation.verdict import CrlNeeded, Verdict

MAX_MESSAGE_BYTES = 160 * 1024
_PUBLIC_ID = re.compile(r"ver_[0-9A-HJKMNP-TV-Z]{20}")
_NUDGE_SECONDS = 1.0
_nudged: dict[int, float] = {}


class AnchorRefused(Exception):
    """A certificate that must not become a trust anchor; `code` is anchor.malformed, anchor.wrong_name,
    anchor.unfit or anchor.not_self_signed.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


class EnvironmentNotReady(Exception):
    """The environment is still being made, or its making failed."""


# --- judging ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A decoded request: the question, the caller's correlation id, and the environment it believes to speak to."""

    question: Question
    request_id: str
    environment: str | None


def question_from_json(body: Mapping[str, Any]) -> Question:
    """The question in the body of POST /api/v1/verifications; raises portal.problems.Problem as `decode` does."""
    return decode(body).question


def decode(body: Mapping[str, Any]) -> Asked:
    """Everything in the body of POST /api/v1/verifications; raises portal.problems.Problem naming every wrong field."""
    fields = Fields(body)
    purpose = fields.choice("purpose", [p.value for p in Purpose])
    certificate = fields.base64("certificate", max_bytes=certificate_format.MAX_CERTIFICATE_BYTES)
    signature_value = fields.base64("signature", max_bytes=1024)
    message = fields.base64("message", max_bytes=MAX_MESSAGE_BYTES)
    medium = fields.choice("medium", [m.value for m in Medium], required=False)
    request_id = fields.identifier("request_id")
    environment = fields.text("environment", max_length=30)
    fields.finish()
    question = Question(
        purpose=Purpose(purpose),
        certificate_der=certificate,
        signature=signature_value,
        message=message,
        declared_medium=Medium(medium) if medium else None,
    )
    return Asked(question, request_id or identifiers.new("req"), environment)


def verify(principal: ApiPrincipal, question: Question, *, request_id: str, at: datetime | None = None) -> Verification:
    """Judge a signature for the caller and keep the record (one INSERT).

    `request_id` is the caller's correlation id; several judgements may carry the same one. `at` (aware UTC) is the
    environment's present moment unless given. Raises permissions.EntitlementMissing and EnvironmentNotReady; every
    other outcome is a verdict. A missing or stale list is asked for, never waited for.
    """
    known = _evidence(principal)
    at = at or environments.now(known.environment)
    verdict = signature.verify(question, trust=known.trust, crls=known.crls, world=known.world, at=at)
    if verdict.needs:
        _nudge(known.environment, verdict.needs)
    return Verification.objects.append(_record(principal, question, verdict, request_id=request_id, at=at))


def judge(environment: Any, question: Question, *, at: datetime) -> Verdict:
    """Judge for a neighbour in the house (the sandbox's identity check): nothing is recorded, nobody has to be
    entitled, and an environment that is still being made will do. A missing or stale list is asked for, never waited
    for. `at`: aware UTC.
    """
    known = evidence.for_environment(environment.pk)
    verdict = signature.verify(question, trust=known.trust, crls=known.crls, world=known.world, at=at)
    if verdict.needs:
        _nudge(known.environment, verdict.needs)
    return verdict


def question(purpose: Purpose, *, certificate: bytes, signature: bytes, message: bytes) -> Question:
    """A question put by the house itself: certificate DER, signature value, the bytes it is over."""
    return Question(purpose, certificate, signature, message, declared_medium=None)


def inspect(principal: ApiPrincipal, certificate_der: bytes, *, at: datetime | None = None) -> tuple[Verdict, datetime]:
    """Look at a certificate without a signature; the verdict and the moment it is for. Nothing is recorded."""
    known = _evidence(principal)
    at = at or environments.now(known.environment)
    verdict = signature.inspect(certificate_der, trust=known.trust, crls=known.crls, world=known.world, at=at)
    if verdict.needs:
        _nudge(known.environment, verdict.needs)
    return verdict, at


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


def _evidence(principal: ApiPrincipal) -> evidence.Evidence:
    known = evidence.for_environment(principal.environment_id)
    if known.environment.state != "ready":
        raise EnvironmentNotReady(known.environment.public_id)
    permissions.require_entitled(principal, known.environment)
    return known


def _record(
    principal: ApiPrincipal, question: Question, verdict: Verdict, *, request_id: str, at: datetime
) -> Verification:
    return Verification(
        public_id=identifiers.new("ver"),
        environment_id=principal.environment_id,
        provider_id=principal.provider_id,
        client_id=principal.client_id,
        request_id=request_id,
        purpose=question.purpose.value,
        medium=verdict.kind.medium.value if verdict.kind else "",
        verdict=verdict.status.value,
        code=verdict.code,
        certificate=certificate_facts(verdict),
        steps=step_facts(verdict),
        revocation=revocation_facts(verdict),
        request_digest=_request_digest(question),
        serial_hmac=_serial_hmac(question, verdict),
        verified_at=at,
        created_at=timezone.now(),
    )


def certificate_facts(verdict: Verdict) -> dict[str, Any] | None:
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
    }


def step_facts(verdict: Verdict) -> list[dict[str, Any]]:
    """The steps as JSON values, in order."""
    return [
        {"id": step.id, "result": step.result.value, "code": step.code, "looked_at": dict(step.looked_at)}
        for step in verdict.steps
    ]


def revocation_facts(verdict: Verdict) -> dict[str, Any] | None:
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
    }


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC with a Z, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _request_digest(question: Question) -> bytes:
    """One digest over all that was asked, each part behind its length so that no two requests share it by shifting."""
    digest = hashlib.sha256(question.purpose.value.encode())
    for part in (question.certificate_der, question.signature, question.message):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _serial_hmac(question: Question, verdict: Verdict) -> bytes | None:
    """A keyed digest of issuer and serial: finds the judgements of one certificate, gives the serial to nobody."""
    if verdict.anchor_id is None:
        return None
    # Proven and well-formed by now: only the number is read, which is cheaper than parsing everything again.
    serial = x509.load_der_x509_certificate(question.certificate_der).serial_number
    named = f"{verdict.anchor_id}:{serial:x}".encode()
    return hmac.digest(settings.SECRET_KEY.encode(), b"verifier serial:" + named, "sha256")


# --- trusting --------------------------------------------------------------------------------------------------


@transaction.atomic
def trust(environment: Any, *, purpose: str, certificate_der: bytes, by: Any) -> TrustAnchor:
    """Pin a CA's self-signed certificate for one purpose in one environment.

    Trusting the same certificate again returns its row and takes back an earlier distrust. `by` is a User or a label
    for a machine. Raises AnchorRefused; the database refuses an anchor of the other world in any case.
    """
    world = World(environment.kind)
    certificate = _fit_anchor(certificate_der, Purpose(purpose), world)
    fingerprint = certificate.sha256.hex()
    standing = TrustAnchor.objects.filter(environment=environment, fingerprint=fingerprint).first()
    row, _ = TrustAnchor.objects.update_or_create(
        environment=environment,
        fingerprint=fingerprint,
        defaults={"distrusted_at": None},
        create_defaults={
            "public_id": identifiers.new("anc", 10),
            "world": world.value,
            "purpose": Purpose(purpose).value,
            "der": certificate.der,
            "key_id": certificate.key_id,
            "subject": names.readable(certificate.subject)[:400],
            "not_after": certificate.not_after,
        },
    )
    if row.purpose != Purpose(purpose).value:
        raise AnchorRefused("anchor.wrong_name", row.purpose)
    details = {"fingerprint": row.fingerprint, "purpose": row.purpose, "world": row.world}
    before, after = {"trusted": standing is not None and standing.distrusted_at is None}, {"trusted": True}
    audit.record(
        "anchor.trusted", row, by=by, provider=environment.provider, before=before, after=after, details=details
    )
    _touch(environment.pk)
    return row


@transaction.atomic
def distrust(anchor: TrustAnchor, *, by: Any) -> None:
    """Stop believing an anchor; its row and its lists stay for the record."""
    if TrustAnchor.objects.filter(pk=anchor.pk, distrusted_at=None).update(distrusted_at=timezone.now()):
        audit.record(
            "anchor.distrusted",
            anchor,
            by=by,
            provider=anchor.environment.provider,
            before={"trusted": True},
            after={"trusted": False},
            details={"fingerprint": anchor.fingerprint},
        )
        _touch(anchor.environment_id)


@transaction.atomic
def add_distribution_point(
    environment: Any, *, anchor: TrustAnchor, dp_name: bytes, url: str, by: Any, label: str = "", series: str = ""
) -> DistributionPoint:
    """Say where the list of `anchor`'s key for a distribution point is fetched; saying it again changes the address.

    `dp_name` is the directory name in normalised DER (verifier.pki.names.normalised); `label` is for people; `series`
    tells a further source of the same distribution point from the first. A first fetch is asked for at once, unless
    `url` is empty: then lists are handed in.
    """
    if anchor.environment_id != environment.pk:
        raise ValueError("the anchor belongs to another environment")
    named = {"anchor": anchor, "dp_name_digest": hashlib.sha256(dp_name).hexdigest(), "series": series}
    standing = DistributionPoint.objects.filter(**named).first()
    point, _ = DistributionPoint.objects.update_or_create(
        **named,
        defaults={"url": url, "validators": None, "next_refresh_at": timezone.now()},
        create_defaults={
            "url": url,
            "dp_name": dp_name,
            "label": (label or url)[:400],
            "next_refresh_at": timezone.now(),
        },
    )
    before, after = {"url": standing.url if standing else None}, {"url": url}
    audit.record("distribution_point.added", point, by=by, provider=environment.provider, before=before, after=after)
    _touch(environment.pk)
    if url:
        _enqueue_refresh(point.pk)
    return point


def _fit_anchor(der: bytes, purpose: Purpose, world: World) -> certificate_format.Certificate:
    try:
        certificate = certificate_format.parse(der)
    except MalformedInput as error:
        raise AnchorRefused("anchor.malformed", error.detail) from error
    if certificate.subject_key != names.normalised(ca_name(purpose, world)):
        raise AnchorRefused("anchor.wrong_name", names.readable(certificate.subject))
    value = AnchorValue("candidate", purpose, world, certificate)
    if why := path.unfit(value, certificate.not_before):
        raise AnchorRefused("anchor.unfit", why)
    if certificate.issuer_key != certificate.subject_key or path.prove(certificate, (value,)) is None:
        raise AnchorRefused("anchor.not_self_signed")
    return certificate


def _touch(environment_id: int) -> None:
    """Tell every process that the environment's evidence changed."""
    EvidenceVersion.objects.update_or_create(environment_id=environment_id, defaults={"token": uuid.uuid4()})
    evidence.forget(environment_id)
    transaction.on_commit(lambda: evidence.forget(environment_id))


# --- revocation lists ------------------------------------------------------------------------------------------


def request_refresh(environment: Any) -> None:
    """Ask the worker to fetch every list of the environment now."""
    with transaction.atomic():
        for pk in (
            DistributionPoint.objects.fetched().filter(anchor__environment=environment).values_list("pk", flat=True)
        ):
            _enqueue_refresh(pk)


def request_refresh_of(points: Iterable[int]) -> None:
    """Ask the worker to fetch the lists of these sources now."""
    for pk in DistributionPoint.objects.fetched().filter(pk__in=points).order_by("id").values_list("pk", flat=True):
        _enqueue_refresh(pk)


def request_due_refreshes() -> None:
    """Ask the worker for the lists whose time has come; called by the beat, in its transaction."""
    for pk in DistributionPoint.objects.due(timezone.now()).values_list("pk", flat=True):
        _enqueue_refresh(pk)


def distribution_point(pk: int) -> DistributionPoint | None:
    """The source with its anchor and environment, None if it is gone or its anchor is no longer trusted."""
    return DistributionPoint.objects.in_use().select_related("anchor__environment").filter(pk=pk).first()


def distribution_points_in_words() -> list[str]:
    """A line for each source: its number, its environment, its label; for an operator to choose from."""
    points = DistributionPoint.objects.in_use().select_related("anchor__environment").order_by("id")
    return [f"{point.pk} {point.anchor.environment.public_id} {point.label}" for point in points]


def accept_crl(point: DistributionPoint, der: Buffer) -> CrlEvidence:
    """Judge a list against its source at the environment's present moment, and lay its entries down for all processes.

    Raises MalformedInput: besides the judgement's own codes `crl.other_generation` (signed by another CA key that is
    trusted for the same purpose here) and `crl.not_kept`. Costs one signature check and a walk over the entries: call
    it outside a transaction.
    """
    try:
        accepted = _judged(point, point.anchor, der)
    except RefusedCrl as refused:
        if refused.code == "crl.bad_signature" and (signer := _other_signer(point, der)):
            raise RefusedCrl("crl.other_generation", signer.public_id) from refused
        raise
    assert isinstance(accepted.crl, Crl)
    lists.keep(accepted.crl, der)
    return accepted


def is_at_hand(point: DistributionPoint, digest: bytes | None = None) -> bool:
    """True if the source's current list (the one with this SHA-256, if given) is valid now and can be looked into: then
    the same list again is no news.
    """
    current = CrlSnapshot.objects.filter(point=point, is_current=True).defer("der").first()
    if current is None or (digest is not None and bytes(current.digest) != digest):
        return False
    at = environments.now(point.anchor.environment)
    return current.this_update <= at <= current.next_update and lists.is_whole(current)


@transaction.atomic
def confirm(point: DistributionPoint, *, validators: dict[str, str] | None = None) -> None:
    """Note that the source still has the list that is current."""
    _record_success(DistributionPoint.objects.select_for_update().get(pk=point.pk), validators)


def _judged(point: DistributionPoint, anchor: TrustAnchor, der: Buffer) -> CrlEvidence:
    return revocation.accept_crl(
        der,
        issuer=evidence.anchor_value(anchor),
        dp_name=bytes(point.dp_name),
        at=environments.now(point.anchor.environment),
        source="crl",
        max_bytes=settings.VERIFIER_CRL_MAX_BYTES,
    )


def _other_signer(point: DistributionPoint, der: Buffer) -> TrustAnchor | None:
    """The other generation whose key did sign the list: all generations share a name, so sources get mixed up."""
    others = TrustAnchor.objects.filter(
        environment=point.anchor.environment_id, purpose=point.anchor.purpose, distrusted_at=None
    )
    for anchor in others.exclude(pk=point.anchor_id).order_by("id"):
        if revocation.is_signed_by(der, evidence.anchor_value(anchor), max_bytes=settings.VERIFIER_CRL_MAX_BYTES):
            return anchor
    return None


@transaction.atomic
def store_crl(
    point: DistributionPoint,
    accepted: CrlEvidence,
    *,
    der: Buffer,
    loaded_by: str = "",
    validators: dict[str, str] | None = None,
) -> CrlSnapshot:
    """Make an accepted list the current one of its source, or confirm that it still is. `loaded_by` names who handed it
    in (empty for one that was fetched), `validators` what its server gave to ask again with.

    Raises RefusedCrl(`crl.older_number`) for a list whose number is lower than the current one's or missing where the
    current one has it, and `crl.number_reused` for another list under the same number (RFC 5280 section 5.2.3: the
    number rises monotonically). The current list then stays.
    """
    locked = DistributionPoint.objects.select_for_update().get(pk=point.pk)
    current = CrlSnapshot.objects.filter(point=locked, is_current=True).defer("der").first()
    crl = accepted.crl
    assert isinstance(crl, Crl)
    _record_success(locked, validators)
    if current is not None and bytes(current.digest) == crl.sha256:
        return current
    if current is not None:
        _refuse_step_back(current, crl.number)
        CrlSnapshot.objects.filter(pk=current.pk).update(is_current=False, der=None)
    snapshot = CrlSnapshot.objects.create(
        point=locked,
        der=lists.row_body(der),
        digest=crl.sha256,
        number=None if crl.number is None else str(crl.number),
        entries=len(crl),
        this_update=crl.this_update,
        next_update=crl.next_update,
        fetched_at=accepted.fetched_at,
        loaded_by=loaded_by[:200],
    )
    _touch(point.anchor.environment_id)
    return snapshot


def load_crl(point: DistributionPoint, path: Path, *, by: str) -> CrlSnapshot:
    """Take in a list that was handed over as a file, judged as a fetched one is. `by` says who brought it.

    The file may be as large as `VERIFIER_CRL_MAX_BYTES`; it is copied first, so that what is judged cannot change
    meanwhile, and never read into memory whole. Raises OSError, and MalformedInput as `accept_crl` and `store_crl` do.
    """
    with lists.copied(path) as der:
        accepted = accept_crl(point, der)
        with transaction.atomic():
            before = CrlSnapshot.objects.filter(point=point, is_current=True).defer("der").first()
            snapshot = store_crl(point, accepted, der=der, loaded_by=by)
            audit.record(
                "distribution_point.list_loaded",
                point,
                by=by,
                provider=point.anchor.environment.provider,
                before=_named(before),
                after=_named(snapshot),
                details={"entries": snapshot.entries},
            )
    return snapshot


def _named(snapshot: CrlSnapshot | None) -> dict[str, str | None] | None:
    return None if snapshot is None else {"number": snapshot.number, "sha256": bytes(snapshot.digest).hex()}


def take_in(
    point: DistributionPoint, accepted: CrlEvidence, *, der: Buffer, validators: dict[str, str] | None = None
) -> None:
    """Store an accepted list; a refusal is recorded at its source and the last good list stays."""
    try:
        with transaction.atomic():
            store_crl(point, accepted, der=der, validators=validators)
    except RefusedCrl as error:
        record_failure(point, code=error.code, detail=error.detail)


def record_failure(point: DistributionPoint, *, code: str, detail: str) -> None:
    """Note why a list could not be had; the last good one is kept and the next try comes soon."""
    row = DistributionPoint.objects.select_for_update().get(pk=point.pk)
    wait = min(settings.VERIFIER_CRL_REFRESH_SECONDS, 5 * 2 ** min(row.failures, 10))
    row.failures += 1
    row.last_error, row.last_error_detail = code, detail[:200]
    row.last_looked_at = timezone.now()
    row.next_refresh_at = row.last_looked_at + timedelta(seconds=wait)
    row.save()


def _record_success(row: DistributionPoint, validators: dict[str, str] | None = None) -> None:
    row.validators = validators
    row.failures, row.last_error, row.last_error_detail = 0, "", ""
    row.last_looked_at = timezone.now()
    row.next_refresh_at = row.last_looked_at + timedelta(seconds=settings.VERIFIER_CRL_REFRESH_SECONDS)
    row.save()


def _refuse_step_back(current: CrlSnapshot, number: int | None) -> None:
    if current.number is None:
        return
    if number is None or number < int(current.number):
        raise RefusedCrl("crl.older_number", "absent" if number is None else str(number))
    if number == int(current.number):
        raise RefusedCrl("crl.number_reused", str(number))


def _enqueue_refresh(point_id: int) -> None:
    jobs.enqueue("verifier.refresh_crl", point_id, lane="fetch", key=f"verifier.refresh_crl:{point_id}")


def _nudge(environment: Any, needs: tuple[CrlNeeded, ...]) -> None:
    """Ask for the lists a judgement lacked: only from sources configured here, at most once a second each process."""
    now = time.monotonic()
    if _nudged.get(environment.pk, 0.0) > now:
        return
    _nudged[environment.pk] = now + _NUDGE_SECONDS
    digests = [hashlib.sha256(need.dp_name).hexdigest() for need in needs]
    wanted = DistributionPoint.objects.fetched().filter(anchor__environment=environment, dp_name_digest__in=digests)
    with transaction.atomic():
        for pk in wanted.values_list("pk", flat=True):
            _enqueue_refresh(pk)
