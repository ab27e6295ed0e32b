"""Taking in a revocation list: judged against its source, kept as a file, made the current one."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from portal.audit import services as audit
from portal.environments import services as environments
from verifier import evidence, list_signers, lists, sources, status_changes
from verifier.models import CrlSnapshot, DistributionPoint, TrustAnchor
from verifier.pki import crl as crl_format
from verifier.pki.crl import Crl
from verifier.pki.crl_columns import Buffer
from verifier.pki.errors import RefusedCrl
from verifier.validation import revocation
from verifier.validation.crl_index import CrlEvidence


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


def source_of(environment: Any, der: Buffer, *, series: str = "") -> DistributionPoint:
    """The source that a list of unknown origin belongs to: the one of its distribution point whose anchor signed it.

    Raises MalformedInput; RefusedCrl(`crl.no_source`) where the environment has no such source.
    """
    parsed = crl_format.parse(der, max_bytes=settings.VERIFIER_CRL_MAX_BYTES)
    found = DistributionPoint.objects.in_use().filter(
        anchor__environment=environment, series=series, dp_name_digest=sha256(parsed.dp_key or b"").hexdigest()
    )
    for point in found.select_related("anchor__environment").order_by("id"):
        anchor = evidence.anchor_value(point.anchor)
        signers = list_signers.admitted(point.anchor)
        if revocation.is_signed_by(der, anchor, signers=signers, max_bytes=settings.VERIFIER_CRL_MAX_BYTES):
            return point
    raise RefusedCrl("crl.no_source", "unsigned" if found else "distribution_point")


def is_at_hand(point: DistributionPoint, digest: bytes | None = None) -> bool:
    """True if the source's current list (the one with this SHA-256, if given) is valid now and can be looked into: then
    the same list again is no news.
    """
    current = CrlSnapshot.objects.filter(point=point, is_current=True).defer("der").first()
    if current is None or (digest is not None and bytes(current.digest) != digest):
        return False
    if current.signer_id is not None:
        return False  # whether its signer is still good is asked each time
    at = environments.now(point.anchor.environment)
    return current.this_update <= at <= current.next_update and lists.is_whole(current)


def _judged(point: DistributionPoint, anchor: TrustAnchor, der: Buffer) -> CrlEvidence:
    return revocation.accept_crl(
        der,
        issuer=evidence.anchor_value(anchor),
        dp_name=bytes(point.dp_name),
        at=environments.now(point.anchor.environment),
        source="crl",
        max_bytes=settings.VERIFIER_CRL_MAX_BYTES,
        signers=list_signers.admitted(anchor),
        crls=evidence.for_environment(point.anchor.environment_id).crls,
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
    sources.record_success(locked, validators)
    if current is not None and bytes(current.digest) == crl.sha256:
        return current
    before = None
    if current is not None:
        _refuse_step_back(current, crl.number)
        before = evidence.columns_of(current)
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
        signer=list_signers.row_of(locked.anchor_id, accepted.signer),
    )
    if before is not None:
        status_changes.note(before, snapshot, crl.columns)
    evidence.touch(point.anchor.environment_id)
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


def _named(snapshot: CrlSnapshot | None) -> dict[str, str | None]:
    if snapshot is None:
        return {"number": None, "sha256": None}
    return {"number": snapshot.number, "sha256": bytes(snapshot.digest).hex()}


def take_in(
    point: DistributionPoint, accepted: CrlEvidence, *, der: Buffer, validators: dict[str, str] | None = None
) -> None:
    """Store an accepted list; a refusal is recorded at its source and the last good list stays."""
    try:
        with transaction.atomic():
            store_crl(point, accepted, der=der, validators=validators)
    except RefusedCrl as error:
        sources.record_failure(point, code=error.code, detail=error.detail)


def _refuse_step_back(current: CrlSnapshot, number: int | None) -> None:
    if current.number is None:
        return
    if number is None or number < int(current.number):
        raise RefusedCrl("crl.older_number", "absent" if number is None else str(number))
    if number == int(current.number):
        raise RefusedCrl("crl.number_reused", str(number))
