"""What workers do for people: mail about their account, and its recovery when the delay has passed."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from portal.accounts import notices, recovery, recovery_mail
from portal.jobs import services as jobs
from portal.jobs.registry import handles, periodic


@handles("accounts.send_notice")
def send_notice(user_id: int, kind: str, values: dict[str, Any]) -> None:
    notices.send(user_id, kind, values)


@handles("accounts.ask_recovery")
def ask_recovery(email: str) -> Callable[[], object]:
    return partial(recovery.ask, email, at=timezone.now())


@handles("accounts.send_recovery_mail")
def send_recovery_mail(recovery_id: int, kind: str) -> None:
    recovery_mail.send(recovery_id, kind)


@periodic("accounts.complete_recoveries", every=60)
def ask_for_recoveries() -> None:
    for recovery_id in recovery.due(timezone.now()):
        jobs.enqueue("accounts.complete_recovery", recovery_id, key=f"accounts.complete_recovery:{recovery_id}")


@handles("accounts.complete_recovery")
def complete_recovery(recovery_id: int) -> Callable[[], object]:
    return partial(recovery.complete, recovery_id, at=timezone.now())


@periodic("accounts.lapse_recoveries", every=300)
def ask_for_lapses() -> None:
    jobs.enqueue("accounts.lapse_recoveries", key="accounts.lapse_recoveries")


@handles("accounts.lapse_recoveries")
def lapse_recoveries() -> Callable[[], object]:
    return partial(_lapse, timezone.now())


def _lapse(at: Any) -> None:
    """Addresses that strangers typed are not kept, whether there is an account or not."""
    recovery.lapse(at=at)
    jobs.forget_done("accounts.ask_recovery", before=at - timedelta(hours=1))
