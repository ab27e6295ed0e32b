"""What responders said, kept in a table for every process: facts only, serials as keyed digests."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from verifier.models import OcspAnswer
from verifier.pki.reasons import RevocationReason
from verifier.validation.ocsp_evidence import OcspEvidence
from verifier.validation.verdict import RevocationStatus


def recall(responder_id: int, digest: bytes, *, at: datetime, skew: timedelta) -> OcspEvidence | None:
    """A final revocation, or an answer that was kept and is not past its next update at `at`; else None."""
    row = OcspAnswer.objects.select_related("responder").filter(responder_id=responder_id, serial_hmac=digest).first()
    if row is None or (row.status != OcspAnswer.Status.REVOKED and not _is_fresh(row, at, skew)):
        return None
    return _evidence(row)


def _is_fresh(row: OcspAnswer, at: datetime, skew: timedelta) -> bool:
    """An answer of a time to come is of no use either: a sandbox's clock may have been moved back."""
    return row.next_update is not None and row.this_update - skew <= at <= row.next_update


def keep(responder_id: int, digest: bytes, evidence: OcspEvidence, *, plainly: bool, not_after: datetime) -> bool:
    """Keep a final revocation up to the certificate's end, and anything else definite up to its next update if the
    profile permits it (`plainly`); an answer never replaces a newer one, and nothing a final revocation.

    True if a final revocation was learned that was not known.
    """
    if not _is_worth_keeping(evidence, plainly):
        return False
    values = {
        "status": evidence.status.value,
        "reason": None if evidence.reason is None else evidence.reason.value,
        "revoked_at": evidence.revoked_at,
        "produced_at": evidence.produced_at,
        "this_update": evidence.this_update,
        "next_update": evidence.next_update,
        "fetched_at": evidence.fetched_at,
        "nonce_matched": evidence.nonce_matched,
        "ends_at": not_after if evidence.is_final else evidence.next_update,
    }
    named = {"responder_id": responder_id, "serial_hmac": digest}
    with transaction.atomic():
        if _replace(named, values, evidence):
            return evidence.is_final
        try:
            with transaction.atomic():
                OcspAnswer.objects.create(**named, **values)
        except IntegrityError:
            return False  # a final revocation or a newer answer stands there
    return evidence.is_final


def _is_worth_keeping(evidence: OcspEvidence, plainly: bool) -> bool:
    if evidence.is_final:
        return True
    return plainly and evidence.next_update is not None and evidence.status is not RevocationStatus.UNKNOWN


def _replace(named: Mapping[str, Any], values: Mapping[str, Any], evidence: OcspEvidence) -> bool:
    standing = OcspAnswer.objects.filter(**named).exclude(status=OcspAnswer.Status.REVOKED)
    if not evidence.is_final:
        standing = standing.filter(this_update__lte=evidence.this_update)
    return bool(standing.update(**values))


def revoked_since(environment_id: int, since: datetime) -> dict[bytes, OcspEvidence]:
    """Final revocations that lists of before `since` may not tell of yet, by the certificate's keyed digest."""
    rows = OcspAnswer.objects.select_related("responder").filter(
        Q(revoked_at__gte=since) | Q(this_update__gte=since),
        responder__anchor__environment_id=environment_id,
        responder__anchor__distrusted_at=None,
        status=OcspAnswer.Status.REVOKED,
    )
    return {bytes(row.serial_hmac): _evidence(row) for row in rows}


def prune(environment_id: int, at: datetime) -> int:
    """Delete what is of no use any more at the environment's `at`; how many rows."""
    ended = OcspAnswer.objects.filter(responder__anchor__environment_id=environment_id, ends_at__lt=at)
    return ended.delete()[0]


def environments_with_answers() -> list[int]:
    found = OcspAnswer.objects.values_list("responder__anchor__environment_id", flat=True)
    return list(found.order_by("responder__anchor__environment_id").distinct())


def _evidence(row: OcspAnswer) -> OcspEvidence:
    fresh_up_to = row.next_update or row.this_update
    evidence = OcspEvidence(
        status=RevocationStatus(row.status),
        reason=None if row.reason is None else RevocationReason(row.reason),
        revoked_at=row.revoked_at,
        produced_at=row.produced_at,
        this_update=row.this_update,
        next_update=row.next_update,
        good_until=fresh_up_to,
        fetched_at=row.fetched_at,
        responder=row.responder.label,
        nonce_matched=row.nonce_matched,
    )
    return replace(evidence, cached=True)
