"""Rows made into what the judgement reads: a trust store and a revocation index per environment, kept in the process.

A one-row token says whether anything changed and is asked at most once in `VERIFIER_EVIDENCE_SECONDS`. Lists are
mapped once per digest, from the files the worker wrote (`index_files`). While one thread rebuilds, the others go on
with what stood before.
"""

import logging
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from django.conf import settings
from django.db import transaction

from portal.environments import services as environments
from verifier import index_files, models, ocsp_memory, serials
from verifier.ocsp_profiles import Responder, responder_value
from verifier.pki import certificate as certificate_format
from verifier.pki import crl as crl_format
from verifier.pki.crl_columns import Columns
from verifier.pki.profiles import MediumGroup, Purpose, World
from verifier.validation.crl_index import CrlEvidence, CrlIndex, IndexedList
from verifier.validation.list_signer import ListSigner
from verifier.validation.ocsp_evidence import OcspEvidence, OcspFailure
from verifier.validation.seen import SeenCertificates
from verifier.validation.trust import TrustAnchor, TrustStore

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AtHand:
    """What is known from the responders of an environment, for the judgement (validation.ocsp_evidence.OcspAnswers).

    `said` holds what is known by the keyed digest of a certificate; a digest holds its anchor's id too.
    """

    responders: Mapping[tuple[str, MediumGroup], Responder]
    said: Mapping[bytes, OcspEvidence | OcspFailure]

    def has_responder(self, anchor_id: str, group: MediumGroup) -> bool:
        return (anchor_id, group) in self.responders

    def find(self, anchor_id: str, group: MediumGroup, serial: int) -> OcspEvidence | OcspFailure | None:
        return self.said.get(serials.keyed(anchor_id, serial)) if self.said else None

    def with_answer(self, digest: bytes, said: OcspEvidence | OcspFailure) -> "AtHand":
        """The same and one answer more."""
        return AtHand(self.responders, {**self.said, digest: said})


@dataclass(frozen=True)
class Evidence:
    """What one environment believes at the moment: its row (with its clock), its anchors, its lists.

    `answers`: whom to ask about a certificate, and the revocations the lists may not tell of yet.
    `is_whole` is False while the entries of some list cannot be had; judgements then ask for that list.
    """

    environment: Any
    trust: TrustStore
    crls: CrlIndex
    answers: AtHand
    world: World
    token: uuid.UUID | None
    is_whole: bool = True


_GROUPS: dict[str, MediumGroup] = {"card": "card", "phone": "phone"}
_kept: dict[int, tuple[float, Evidence]] = {}
# Whatever no evidence speaks of any more is unmapped.
_columns: WeakValueDictionary[bytes, Columns] = WeakValueDictionary()
_rebuilding = threading.Lock()
# Certificates proven before by this process, of all environments; each memory is bound to one trust store.
SEEN = SeenCertificates()


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
        SEEN.clear()
    else:
        _kept.pop(environment_id, None)


def touch(environment_id: int) -> None:
    """Tell every process that the environment's evidence changed."""
    models.EvidenceVersion.objects.update_or_create(environment_id=environment_id, defaults={"token": uuid.uuid4()})
    forget(environment_id)
    transaction.on_commit(lambda: forget(environment_id))


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
    if kept is not None and kept[1].token == token and kept[1].is_whole:
        evidence = replace(kept[1], environment=environment)
    else:
        evidence = _load(environment, token)
    _kept[environment_id] = (time.monotonic() + settings.VERIFIER_EVIDENCE_SECONDS, evidence)
    return evidence


def _load(environment: Any, token: uuid.UUID | None) -> Evidence:
    rows = models.TrustAnchor.objects.filter(environment=environment, distrusted_at=None).order_by("id")
    snapshots = models.CrlSnapshot.objects.filter(
        is_current=True, point__in=models.DistributionPoint.objects.in_use().filter(anchor__environment=environment)
    ).select_related("point__anchor", "signer")
    snapshots = snapshots.defer("der").order_by("id")
    found = [_evidence_of(snapshot) for snapshot in snapshots]
    anchors = {row.pk: anchor_value(row) for row in rows}
    return Evidence(
        environment=environment,
        trust=_store_of(environment.pk, tuple(anchors.values())),
        crls=CrlIndex([each for each in found if each is not None]),
        answers=_at_hand(environment.pk, anchors, min((each.this_update for each in snapshots), default=None)),
        world=World(environment.kind),
        token=token,
        is_whole=None not in found,
    )


def _store_of(environment_id: int, anchors: tuple[TrustAnchor, ...]) -> TrustStore:
    """The store as it stands while only lists changed, so that what was proven under it is not forgotten with every
    list; another one when an anchor came or went."""
    kept = _kept.get(environment_id)
    return kept[1].trust if kept is not None and kept[1].trust.anchors == anchors else TrustStore(anchors)


def _at_hand(environment_id: int, anchors: Mapping[int, TrustAnchor], since: datetime | None) -> AtHand:
    """`since`: of the oldest list at hand. Without lists every certificate is asked about anyway."""
    rows = models.OcspResponder.objects.filter(anchor__in=list(anchors)).order_by("id")
    responders = {
        (anchors[row.anchor_id].anchor_id, _GROUPS[row.medium_group]): responder_value(row, anchors[row.anchor_id])
        for row in rows
    }
    revoked = ocsp_memory.revoked_since(environment_id, since) if responders and since else {}
    return AtHand(responders, revoked)


def _evidence_of(snapshot: models.CrlSnapshot) -> CrlEvidence | None:
    columns = columns_of(snapshot)
    if columns is None:
        return None
    return CrlEvidence(
        crl=IndexedList(
            number=None if snapshot.number is None else int(snapshot.number),
            this_update=snapshot.this_update,
            next_update=snapshot.next_update,
            columns=columns,
        ),
        issuer_key_id=bytes(snapshot.point.anchor.key_id),
        dp_name=bytes(snapshot.point.dp_name),
        fetched_at=snapshot.fetched_at,
        source="crl",
        series=snapshot.point.series,
        # Proven when it was admitted; its window and its status are asked in every judgement.
        signer=ListSigner(certificate_format.parse(bytes(snapshot.signer.der))) if snapshot.signer else None,
    )


def columns_of(snapshot: models.CrlSnapshot) -> Columns | None:
    """The map of the list's entries; until the worker has mended it, what a short list's row says; else None, so that
    the list counts as missing.
    """
    digest = bytes(snapshot.digest)
    known = _columns.get(digest)
    if known is None:
        known = index_files.opened(digest)
    if known is None:
        known = _of_row(snapshot)
    if known is not None:
        _columns[digest] = known
    return known


def _of_row(snapshot: models.CrlSnapshot) -> Columns | None:
    body = bytes(snapshot.der or b"")
    if not body:
        return None
    parsed = crl_format.parse(body, max_bytes=settings.VERIFIER_CRL_MAX_BYTES)
    if parsed.sha256 != bytes(snapshot.digest):
        _log.error("the stored list %d is not the one that was accepted", snapshot.pk)
        return None
    return parsed.columns
