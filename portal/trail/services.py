"""The verbs that keep the trail: seal, sign, inspect, forget addresses. They need keys, so they stand above signing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import inspection, rows, sealing
from portal.audit import services as audit
from portal.audit.models import AuditCheckpoint, AuditEvent, AuditInspection
from portal.signing import services as signing
from portal.trail import exporting

ADDRESS_LIFE: Final = timedelta(days=90)
SEAL_SECONDS: Final = 3
SEAL_JOBS_KEPT: Final = timedelta(days=1)


def seal_everything(*, at: datetime, thorough: bool = False) -> int:
    """Seal all that waits at `at`, then sign a checkpoint if one is due; returns the number of events sealed.

    Each step is a transaction of its own, so a kill loses at most the step it interrupts. Worker only: raises
    CustodyUnavailable elsewhere.
    """
    sealed = count = sealing.seal(at=at, thorough=thorough)
    while count == sealing.BATCH:  # a smaller one was the end: what came meanwhile makes a full batch by the next round
        count = sealing.seal(at=at, thorough=thorough)
        sealed += count
    sealing.sign_checkpoint(_sign, at=at)
    return sealed


def _sign(claims: dict[str, Any]) -> str:
    return signing.worker_signer("audit").sign({"iss": settings.SITE_URL, **claims})


def published_keys() -> dict[str, Any]:
    """The keys that sign checkpoints, ended ones included, by `kid`."""
    return {key["kid"]: key for key in signing.jwks()["keys"] if key["purpose"] == "audit"}


def look_through(*, at: datetime, tell: inspection.Tell = lambda size: None) -> inspection.Result:
    """Go over the whole trail as it stands at `at` and write nothing; `tell` hears the number of rows done."""
    return inspection.inspect(published_keys(), at=at, tell=tell)


def inspect_trail(*, at: datetime, tell: inspection.Tell = lambda size: None) -> Callable[[], AuditInspection]:
    """Go over the whole trail; the returned effect writes down what was found."""
    result = look_through(at=at, tell=tell)
    finding = result.finding
    kept = AuditInspection(
        started_at=at,
        ended_at=max(timezone.now(), at),
        size=result.size,
        checkpoints=result.checkpoints,
        code=finding.code if finding else "",
        at_sequence=finding.at_sequence if finding else None,
    )

    def write() -> AuditInspection:
        kept.save()
        return kept

    return write


def last_inspection() -> AuditInspection | None:
    return AuditInspection.objects.order_by("-ended_at", "-id").first()


def last_checkpoint() -> AuditCheckpoint | None:
    return AuditCheckpoint.objects.order_by("-number").first()


def forget_old_addresses(*, at: datetime) -> int:
    """Delete the addresses older than 90 days at `at`; returns how many."""
    return audit.forget_addresses(before=at - ADDRESS_LIFE)


def everything(*, at: datetime) -> exporting.Selection | None:
    """All that is signed at `at`, as an auditor would take it; None before the first checkpoint."""
    mark = last_checkpoint()
    if mark is None:
        return None
    names = {user.pk: str(user) for user in User.objects.all()}
    return exporting.Selection(
        events=AuditEvent.objects.all(),
        checkpoint=mark,
        names=names,
        asked={},
        reader="auditor",
        made_at=rows.moment(at),
        everything=True,
    )


def record_export(selection: exporting.Selection, *, by: Any, provider: Any = None, details: dict[str, Any]) -> int:
    """Write down who takes what, before the first byte leaves; returns the number of events."""
    count = selection.sealed().count()
    with transaction.atomic():
        told = {**details, "events": count}
        audit.record("audit.exported", selection.checkpoint, by=by, provider=provider, details=told)
    return count
