"""The legal clock of an application, read from its trail of states, and the cases that are late."""

from datetime import datetime

from whitelist.models import Application, Transition
from whitelist.policy import legal_clock
from whitelist.policy.legal_clock import Clock, Span
from whitelist.policy.workflow import ApplicationState
from whitelist.policy.working_days import STANDARD_PERIOD

OPEN = (*legal_clock.RUNNING, *legal_clock.PAUSED)


def note(application: Application, state: str, *, at: datetime) -> None:
    """Append to the trail that the application has entered `state`; call it in the transaction that moves the state."""
    Transition.objects.create(application=application, state=state, at=at)


def trail(application: Application) -> tuple[Span, ...]:
    """The states of an application as spans of time, in order."""
    rows = sorted(application.transitions.all(), key=lambda row: row.pk)
    return legal_clock.spans((row.state, row.at) for row in rows)


def clock_of(application: Application, at: datetime, *, period: int = STANDARD_PERIOD) -> Clock | None:
    """How much of the period (working days) is used at `at` (aware); None before the first submission."""
    return legal_clock.clock(trail(application), at, period=period)


def overdue(at: datetime) -> list[Application]:
    """Open applications past the standard period at `at`."""
    return [application for application, clock in running(at) if clock.is_overdue]


def running(at: datetime) -> list[tuple[Application, Clock]]:
    """Applications with the reviewers or in correction, each with its clock."""
    found = Application.objects.filter(state__in=[str(state) for state in OPEN])
    pairs = ((application, clock_of(application, at)) for application in found.prefetch_related("transitions"))
    return [(application, clock) for application, clock in pairs if clock is not None]


def is_paused(application: Application) -> bool:
    return application.status is ApplicationState.CHANGES_REQUESTED
