import time
from collections.abc import Callable

from portal.jobs.registry import handles
from tests.tally.models import Mark


@handles("tally.make_mark", lease_seconds=3)
def make_mark(number: int, milliseconds: int = 10) -> Callable[[], object]:
    time.sleep(milliseconds / 1000)
    return lambda: Mark.objects.create(number=number)
