"""Going over the whole trail again: every row against its seal, every seal against the chain, every checkpoint."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import jwt

from portal.audit import chain, rows
from portal.audit.models import AuditCheckpoint, AuditEvent, AuditSeal

STEP: Final = 2000
# An event this old without a seal means that the sealer has stopped.
SEALED_WITHIN: Final = timedelta(minutes=10)

Tell = Callable[[int], object]


@dataclass(frozen=True)
class Finding:
    """The first contradiction: a code (`row_changed`, `row_missing`, `link_broken`, `checkpoint_signature`,
    `checkpoint_head`, `tail_cut_off`, `not_sealed`) and the sequence (or event id for `not_sealed`) where it shows."""

    code: str
    at_sequence: int


@dataclass(frozen=True)
class Result:
    size: int
    checkpoints: int
    finding: Finding | None


def inspect(keys: Mapping[str, Any], *, at: datetime, tell: Tell = lambda size: None) -> Result:
    """Check everything as it stands at `at`. `keys` are the published JWKs by `kid`; `tell` hears the rows done."""
    size, checked, previous = 0, 0, chain.BEGINNING
    marks = AuditCheckpoint.objects.order_by("size", "number").iterator()
    mark = next(marks, None)
    for seals, events in _steps():
        for seal in seals:
            if finding := _wrong(seal, events.get(seal.event_id), size + 1, previous):
                return Result(size, checked, finding)
            size, previous = seal.sequence, bytes(seal.link)
            while mark is not None and mark.size == size:
                if finding := wrong_checkpoint(mark, previous, keys):
                    return Result(size, checked, finding)
                checked, mark = checked + 1, next(marks, None)
        tell(size)
    if mark is not None:
        return Result(size, checked, Finding("tail_cut_off", size + 1))
    return Result(size, checked, _left_out(at))


def _steps() -> Iterator[tuple[list[AuditSeal], dict[int, dict[str, Any]]]]:
    after = 0
    while seals := list(AuditSeal.objects.filter(sequence__gt=after).order_by("sequence")[:STEP]):
        events = {event["id"]: event for event in rows.of(seal.event_id for seal in seals)}
        yield seals, events
        after = seals[-1].sequence


def _wrong(seal: AuditSeal, event: dict[str, Any] | None, expected: int, previous: bytes) -> Finding | None:
    if seal.sequence != expected or event is None:
        return Finding("row_missing", expected)
    digest = chain.digest(rows.row(event))
    if digest != bytes(seal.digest):
        return Finding("row_changed", seal.sequence)
    if chain.link(seal.sequence, previous, digest) != bytes(seal.link):
        return Finding("link_broken", seal.sequence)
    return None


def wrong_checkpoint(mark: AuditCheckpoint, link: bytes, keys: Mapping[str, Any]) -> Finding | None:
    """What is wrong with a checkpoint, given the link at its size."""
    try:
        key = keys[jwt.get_unverified_header(mark.statement)["kid"]]
        claims = jwt.decode(mark.statement, jwt.PyJWK(key).key, algorithms=["ES256"], options={"verify_iat": False})
    except (jwt.InvalidTokenError, KeyError):
        return Finding("checkpoint_signature", mark.size)
    told = (claims.get("number"), claims.get("size"), claims.get("head"))
    if told != (mark.number, mark.size, mark.head) or mark.head != link.hex():
        return Finding("checkpoint_head", mark.size)
    return None


def _left_out(at: datetime) -> Finding | None:
    waiting = AuditEvent.objects.filter(seal__isnull=True, at__lt=at - SEALED_WITHIN).order_by("id").first()
    return Finding("not_sealed", waiting.pk) if waiting else None
