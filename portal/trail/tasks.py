from collections.abc import Callable

from django.utils import timezone

from portal.audit import sealing
from portal.jobs import services as jobs
from portal.jobs.registry import handles, periodic
from portal.trail import services


@periodic("audit.watch", every=services.SEAL_SECONDS)
def watch() -> None:
    """A job only where there is something to do: most of the time nothing is written."""
    if sealing.work_is_waiting(timezone.now()):
        jobs.enqueue("audit.seal_events", key="audit.seal_events")


@handles("audit.seal_events", lease_seconds=300)
def seal_events() -> None:
    services.seal_everything(at=timezone.now())


@periodic("audit.inspect", every=3600)
def ask_for_inspection() -> None:
    jobs.enqueue("audit.inspect_trail", key="audit.inspect_trail")


@handles("audit.inspect_trail", lease_seconds=3600)
def inspect_trail() -> Callable[[], object]:
    """Picks up first whatever was committed later than the sealer waits for, then goes over all of it."""
    services.seal_everything(at=timezone.now(), thorough=True)
    return services.inspect_trail(at=timezone.now())


@periodic("audit.forget", every=3600)
def ask_to_forget() -> None:
    jobs.enqueue("audit.forget_addresses", key="audit.forget_addresses")


@handles("audit.forget_addresses")
def forget_addresses() -> Callable[[], object]:
    """The addresses after 90 days, and the done jobs of the sealer, of which there are thousands a day."""

    def forget() -> None:
        at = timezone.now()
        services.forget_old_addresses(at=at)
        jobs.forget_done("audit.seal_events", before=at - services.SEAL_JOBS_KEPT)

    return forget
