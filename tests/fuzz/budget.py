"""How long the fuzz tests look: a few seconds in `make test`, as long as FUZZ says in `make fuzz` (a factor)."""

import os
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

FACTOR = max(1, int(os.environ.get("FUZZ", "1")))
# No outside bytes may hold a process longer; the machine that measures may be busy with other things.
MOST_SECONDS = 1.0


def examples(count: int) -> settings:
    """So many examples times the factor; a longer run draws new ones each time, the short one is the same each time."""
    return settings(
        max_examples=count * FACTOR,
        deadline=None,
        derandomize=FACTOR == 1,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )


def quickly(work: Callable[[], Any]) -> Any:
    """What `work` returns; fails if the process was busy with it for more than a second (CPU time)."""
    started = time.process_time()
    result = work()
    took = time.process_time() - started
    assert took < MOST_SECONDS, f"busy for {took:.1f} s"
    return result
