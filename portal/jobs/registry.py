"""Who does which job. Handlers stand in each app's `tasks.py`, which only workers import."""

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps

# A handler works outside any transaction and returns its database effect, which commits with the job's closing.
Effect = Callable[[], object]
Handler = Callable[..., Effect | None]


@dataclass(frozen=True)
class Registered:
    handler: Handler
    lease_seconds: int


class RetryLater(Exception):
    """The job cannot be done now: try again after `seconds`; counts as an attempt."""

    def __init__(self, seconds: float, reason: str = "") -> None:
        super().__init__(reason)
        self.seconds = seconds


HANDLERS: dict[str, Registered] = {}
PERIODIC: dict[str, tuple[float, Callable[[], object]]] = {}


def handles(name: str, *, lease_seconds: int = 60) -> Callable[[Handler], Handler]:
    """Register the function for jobs called `name`; the lease must be longer than the slowest run."""

    def register(handler: Handler) -> Handler:
        if name in HANDLERS:
            raise RuntimeError(f"two handlers for {name}")
        HANDLERS[name] = Registered(handler, lease_seconds)
        return handler

    return register


def periodic(name: str, *, every: float) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Call the function about every `every` seconds, in a transaction; it should only enqueue."""

    def register(function: Callable[[], Any]) -> Callable[[], Any]:
        PERIODIC[name] = (every, function)
        return function

    return register


def discover() -> None:
    """Import every app's tasks; only workers (and eager tests) do."""
    for config in apps.get_app_configs():
        module = f"{config.name}.tasks"
        if importlib.util.find_spec(module) is not None:
            importlib.import_module(module)
