"""The verbs that keep the trail: seal, sign, inspect, forget addresses. They need keys, so they stand above signing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from portal.audit import inspection, sealing
from portal.audit import services as audit
from portal.audit.models import AuditCheckpoint, AuditInspection
from portal.signing import services as signing

ADDRESS_LIFE: Final = timedelta(days=90)
SEAL_JOBS_KEPT: Final = timedelta(days=1)


def seal_everything(*, at: datetime, thorough: bool = False) -> int:
    """Seal all that waits at `at`, then sign a checkpoint if one is due; returns the number of events sealed.

    Each step is a transaction of its own, so a kill loses at most the step it interrupts. Worker only: raises
    CustodyUnavailable elsewhere.
    """
    sealed = 0
    while count := sealing.seal(at=at, thorough=thorough):
        sealed += count
    sealing.sign_checkpoint(_sign, at=at)
    return sealed


def _sign(claims: dict[str, Any]) -> str:
    return signing.worker_signer("audit").sign({"iss": settings.SITE_URL, **claims})


def published_keys() -> dict[str, Any]:
    """The keys that sign checkpoints, ended ones included, by `kid`."""
    return {key["kid"]: key for key in signing.jwks()["keys"] if key["purpose"] == "audit"}


def inspect_trail(*, at: datetime, tell: inspection.Tell = lambda size: None) -> Callable[[], AuditInspection]:
    """Go over the whole trail; the returned effect writes down what was found."""
    result = inspection.inspect(published_keys(), at=at, tell=tell)
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
