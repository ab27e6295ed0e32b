"""What became of certificates from one revocation list to the next.

A certificate appears by a keyed digest of issuer and serial, the one its verifications carry: an SP is told what
became of a certificate it verified, and nobody can read serials out of the table.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from verifier import serials
from verifier.models import CrlSnapshot, StatusChange, Verification
from verifier.pki.crl_columns import Columns
from verifier.pki.reasons import RevocationReason

_log = logging.getLogger(__name__)
_BATCH = 2_000

Became = StatusChange.Became


def note(before: Columns, snapshot: CrlSnapshot, after: Columns) -> None:
    """Write down how `snapshot`, whose entries are `after`, differs from the list it takes the place of.

    Call it in the transaction that makes the list current, so that each difference is told exactly once. At most
    `VERIFIER_STATUS_CHANGES_PER_LIST` are kept of one list; what is left out is told in the worker's log.
    """
    rows = _rows(before, snapshot, after, timezone.now())
    limit = settings.VERIFIER_STATUS_CHANGES_PER_LIST
    StatusChange.objects.bulk_create(islice(rows, limit), batch_size=_BATCH)
    left_out = sum(1 for _ in rows)
    if left_out:
        _log.warning("list %s: %d changes of status beyond %d are not kept", snapshot.pk, left_out, limit)


def since(record: Verification) -> QuerySet[StatusChange]:
    """What became of the verified certificate after that verification, oldest first; nothing for one whose issuer was
    never proven.
    """
    return StatusChange.objects.filter(
        environment=record.environment_id, serial_hmac=record.serial_hmac, seen_at__gte=record.created_at
    ).order_by("id")


def forget_old() -> int:
    """Remove changes seen longer ago than `VERIFIER_STATUS_CHANGES_DAYS`; tell how many went."""
    horizon = timezone.now() - timedelta(days=settings.VERIFIER_STATUS_CHANGES_DAYS)
    return StatusChange.objects.filter(seen_at__lt=horizon).delete()[0]


def _rows(before: Columns, snapshot: CrlSnapshot, after: Columns, seen_at: datetime) -> Iterator[StatusChange]:
    # Not above: numpy costs a process that only looks lists up 20 MiB.
    from verifier.pki.crl_changes import changes

    anchor = snapshot.point.anchor
    for each in changes(before, after):
        became = _became(each.before, each.after)
        if became is not None:
            yield StatusChange(
                environment_id=anchor.environment_id,
                snapshot=snapshot,
                serial_hmac=serials.keyed(anchor.public_id, each.serial),
                became=became,
                reason=each.after.code if each.after else "",
                revoked_at=each.revoked_at if each.after else None,
                seen_at=seen_at,
            )


def _became(before: RevocationReason | None, after: RevocationReason | None) -> Became | None:
    """None for a revoked certificate that leaves the list: it expired (RFC 5280 section 3.3), it did not come back."""
    if after is None:
        return None if before is None or before.is_final else Became.RELEASED
    if not after.is_final:
        return Became.HELD
    return Became.REASON_CHANGED if before is not None and before.is_final else Became.REVOKED
