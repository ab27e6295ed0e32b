"""Which world, and what time it is there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal import identifiers
from portal.environments.models import Environment


def now(environment: Environment) -> datetime:
    """The environment's present moment: UTC, whole seconds. Production's offset is 0 by a database constraint."""
    moment = datetime.now(UTC).replace(microsecond=0)
    return moment + timedelta(seconds=environment.clock_offset)


def production() -> Environment:
    """The one production environment, made on first use."""
    environment, _ = Environment.objects.get_or_create(
        kind=Environment.Kind.PRODUCTION,
        defaults={"public_id": "env_production", "state": Environment.State.READY, "ready_at": timezone.now()},
    )
    return environment


def public_sandbox() -> Environment:
    """The sandbox of the public demonstration; whoever asks first makes the row, a worker provisions it."""
    environment, _ = Environment.objects.get_or_create(
        kind=Environment.Kind.SANDBOX, provider=None, defaults={"public_id": "env_public"}
    )
    return environment


@transaction.atomic
def request_sandbox(provider: Any) -> tuple[Environment, bool]:
    """The provider's sandbox and whether it was made now; provisioning is testenv's work."""
    return Environment.objects.get_or_create(
        provider=provider,
        kind=Environment.Kind.SANDBOX,
        defaults={"public_id": identifiers.new("env", 10)},
    )


def sandbox_of(provider: Any) -> Environment | None:
    return Environment.objects.filter(provider=provider, kind=Environment.Kind.SANDBOX).first()


def open_to(provider: Any) -> list[Environment]:
    """The environments a provider's keys may be made for: its own sandbox once it is ready, and production."""
    sandbox = sandbox_of(provider)
    is_ready = sandbox is not None and sandbox.state == Environment.State.READY
    return [*([sandbox] if is_ready and sandbox else []), production()]


def by_public_id(public_id: str) -> Environment | None:
    return Environment.objects.filter(public_id=public_id).first()


def by_id(environment_id: int) -> Environment:
    """The environment of a row that names it (an API principal, an entry)."""
    return Environment.objects.get(pk=environment_id)


def mark_ready(environment: Environment) -> None:
    Environment.objects.filter(pk=environment.pk).update(state=Environment.State.READY, ready_at=timezone.now())


def mark_failed(environment: Environment) -> None:
    Environment.objects.filter(pk=environment.pk).update(state=Environment.State.FAILED)


def mark_requested(environment: Environment) -> None:
    """A failed sandbox is being tried again."""
    Environment.objects.filter(pk=environment.pk).update(state=Environment.State.REQUESTED)
