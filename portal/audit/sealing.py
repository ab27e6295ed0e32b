"""The sealer: orders what was appended, chains it, signs checkpoints. Two at once do no harm, killed ones lose nothing.

Everything a step does commits in one transaction that holds the lock on the one AuditSealer row; the database refuses
a second seal for an event (unique) and a second row for a sequence (primary key).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain as joined
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from portal.audit import chain, rows
from portal.audit.models import AuditCheckpoint, AuditEvent, AuditSeal, AuditSealer

# Longer than any transaction of the site lives: an id missing for that long was rolled back.
GAP_LIFE: Final = timedelta(minutes=15)
MOST_GAPS: Final = 10_000
BATCH: Final = 2000
CHECKPOINT_EVENTS: Final = 1000
CHECKPOINT_EVERY: Final = timedelta(minutes=1)

Sign = Callable[[dict[str, Any]], str]


def work_is_waiting(at: datetime) -> bool:
    """Whether there is something to seal or a checkpoint to sign at the aware moment `at`; cheap, so ask often."""
    sealer = AuditSealer.objects.filter(pk=1).first() or AuditSealer()
    return _unseen(sealer).exists() or checkpoint_is_due(at)


def seal(*, at: datetime, limit: int = BATCH, thorough: bool = False) -> int:
    """Seal up to `limit` waiting events in one transaction; returns how many. `at` is the moment of sealing.

    `thorough` asks the database for every event without a seal, however old: for the daily look.
    """
    with transaction.atomic():
        sealer = _lock()
        waiting = AuditEvent.objects.filter(seal__isnull=True) if thorough else _unseen(sealer)
        events = list(rows.values(waiting.order_by("id")[:limit]))
        if events:
            AuditSeal.objects.bulk_create(_chained(events, at))
        _remember(sealer, [event["id"] for event in events], at)
    return len(events)


def _lock() -> AuditSealer:
    AuditSealer.objects.get_or_create(pk=1)
    return AuditSealer.objects.select_for_update().get(pk=1)


def _unseen(sealer: AuditSealer) -> Any:
    missed = [int(gap) for gap in sealer.gaps]
    return AuditEvent.objects.filter(Q(id__gt=sealer.through) | Q(id__in=missed), seal__isnull=True)


def _chained(events: list[dict[str, Any]], at: datetime) -> list[AuditSeal]:
    size, previous = head()
    seals = []
    for sequence, event in enumerate(events, size + 1):
        digest = chain.digest(rows.row(event))
        previous = chain.link(sequence, previous, digest)
        seals.append(AuditSeal(sequence=sequence, event_id=event["id"], digest=digest, link=previous, at=at))
    return seals


def _remember(sealer: AuditSealer, seen: list[int], at: datetime) -> None:
    """Which ids to look for again: those skipped now, and those missed before and not given up."""
    through = max([sealer.through, *seen])
    floor = max(sealer.through, through - MOST_GAPS)
    given_up = (at - GAP_LIFE).timestamp()
    kept = {gap: since for gap, since in sealer.gaps.items() if since > given_up}
    new = {str(missing): at.timestamp() for missing in range(floor + 1, through)}
    gaps = dict(joined(new.items(), kept.items()))
    for pk in seen:
        gaps.pop(str(pk), None)
    AuditSealer.objects.filter(pk=1).update(through=through, gaps=gaps)


def head() -> tuple[int, bytes]:
    """Number of sealed rows and the last link."""
    last = AuditSeal.objects.order_by("-sequence").values_list("sequence", "link").first()
    return (last[0], bytes(last[1])) if last else (0, chain.BEGINNING)


def checkpoint_is_due(at: datetime) -> bool:
    """After 1,000 rows, a minute after the last if anything came, and once a day (UTC) in any case."""
    size, _ = head()
    if not size:
        return False
    last = AuditCheckpoint.objects.order_by("-number").first()
    if last is None or size - last.size >= CHECKPOINT_EVENTS or last.at.date() != at.date():
        return True
    return size > last.size and at - last.at >= CHECKPOINT_EVERY


def sign_checkpoint(sign: Sign, *, at: datetime) -> AuditCheckpoint | None:
    """Sign size and head of the trail at `at`; None when none is due. `sign` makes a compact JWS of claims."""
    with transaction.atomic():
        _lock()
        if not checkpoint_is_due(at):
            return None
        size, last_link = head()
        number = (AuditCheckpoint.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        claims = {"number": number, "size": size, "head": last_link.hex(), "iat": int(at.timestamp())}
        return AuditCheckpoint.objects.create(
            number=number, size=size, head=last_link.hex(), at=at, statement=sign(claims)
        )
