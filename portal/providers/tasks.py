"""What workers do for organisations: mail, and warnings of ends."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils import timezone

from portal.jobs import services as jobs
from portal.jobs.registry import handles, periodic
from portal.providers import endings, mail, recovery


@handles("providers.send_mail")
def send_mail(provider_id: int, kind: str, values: dict[str, Any], person_id: int | None = None) -> None:
    mail.send(provider_id, kind, values, person_id)


@periodic("providers.warn_of_ends", every=3600)
def ask_for_warnings() -> None:
    jobs.enqueue("providers.warn_of_ends", key="providers.warn_of_ends")


@handles("providers.warn_of_ends")
def warn_of_ends() -> Callable[[], object]:
    return partial(endings.warn, at=timezone.now())


@periodic("providers.complete_recoveries", every=60)
def ask_for_recoveries() -> None:
    for recovery_id in recovery.due(timezone.now()):
        jobs.enqueue("providers.complete_recovery", recovery_id, key=f"providers.complete_recovery:{recovery_id}")


@handles("providers.complete_recovery")
def complete_recovery(recovery_id: int) -> Callable[[], object]:
    return partial(recovery.complete, recovery_id, at=timezone.now())
