"""Rows made into what the judgement reads: a trust store and a revocation index per environment, kept in the process.

A one-row token says whether anything changed and is asked at most once in `VERIFIER_EVIDENCE_SECONDS`. Lists are
parsed once per digest. While one thread rebuilds, the others go on with what stood before.
"""

import hashlib
import threading
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from portal.environments import services as environments
from verifier import models
from verifier.pki import certificate as certificate_format
from verifier.pki import crl as crl_format
from verifier.pki.crl import Crl
from verifier.pki.profiles import Purpose, World
from verifier.validation.crl_index import CrlEvidence, CrlIndex
from verifier.validation.trust import TrustAnchor, TrustStore


@dataclass(frozen=True)
class Evidence:
    """What one environment believes at the moment: its row (with its clock), its anchors, its lists."""

    environment: Any
    trust: TrustStore
    crls: CrlIndex
    world: World
    token: UUID | None


_kept: dict[int, tuple[float, Evidence]] = {}
_lists: dict[bytes, Crl] = {}
_rebuilding = threading.Lock()


def for_environment(environment_id: int) -> Evidence:
    """The environment's evidence, at most `VERIFIER_EVIDENCE_SECONDS` old."""
    kept = _kept.get(environment_id)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    # Only the first look at an environment waits for another thread.
    if not _rebuilding.acquire(blocking=kept is None):
        assert kept is not None
        return kept[1]
    try:
        return _renew(environment_id)
    finally:
        _rebuilding.release()


def forget(environment_id: int | None = None) -> None:
    """Look at the rows again on next use; without an argument for every environment."""
    if environment_id is None:
        _kept.clear()
    else:
        _kept.pop(environment_id, None)


def anchor_value(row: models.TrustAnchor) -> TrustAnchor:
    """The row as the judgement's noun."""
    return TrustAnchor(
        anchor_id=row.public_id,
        purpose=Purpose(row.purpose),
        world=World(row.world),
        certificate=certificate_format.parse(bytes(row.der)),
    )


def _renew(environment_id: int) -> Evidence:
    environment = environments.by_id(environment_id)
    token = models.EvidenceVersion.objects.filter(pk=environment_id).values_list("token", flat=True).first()
    kept = _kept.get(environment_id)
    if kept is not None and kept[1].token == token:
        evidence = Evidence(environment, kept[1].trust, kept[1].crls, kept[1].world, token)
    else:
        evidence = _load(environment, token)
    _kept[environment_id] = (time.monotonic() + settings.VERIFIER_EVIDENCE_SECONDS, evidence)
    return evidence


def _load(environment: Any, token: UUID | None) -> Evidence:
    rows = models.TrustAnchor.objects.filter(environment=environment, distrusted_at=None).order_by("id")
    snapshots = models.CrlSnapshot.objects.filter(
        is_current=True, point__anchor__environment=environment, point__anchor__distrusted_at=None
    ).select_related("point__anchor")
    return Evidence(
        environment=environment,
        trust=TrustStore(tuple(anchor_value(row) for row in rows)),
        crls=CrlIndex([_evidence_of(snapshot) for snapshot in snapshots.order_by("id")]),
        world=World(environment.kind),
        token=token,
    )


def _evidence_of(snapshot: models.CrlSnapshot) -> CrlEvidence:
    return CrlEvidence(
        crl=_parsed(snapshot),
        issuer_key_id=bytes(snapshot.point.anchor.key_id),
        dp_name=bytes(snapshot.point.dp_name),
        fetched_at=snapshot.fetched_at,
        source="crl",
    )


def _parsed(snapshot: models.CrlSnapshot) -> Crl:
    digest = bytes(snapshot.digest)
    known = _lists.get(digest)
    if known is None:
        body = bytes(snapshot.der or b"")
        if hashlib.sha256(body).digest() != digest:
            raise RuntimeError(f"the stored list {snapshot.pk} is not the one that was accepted")
        known = crl_format.parse(body, max_bytes=settings.VERIFIER_CRL_MAX_BYTES)
        if len(_lists) >= settings.VERIFIER_PARSED_LISTS:
            _lists.clear()
        _lists[digest] = known
    return known
