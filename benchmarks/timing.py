"""Times of several things measured in turns, so that whatever else the machine does falls on all of them alike."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds for one call: the quickest round and the middle one."""

    best: float
    median: float

    def over(self, floor: "Timing") -> "Timing":
        """How many times the floor's cost, for the quickest and for the middle round."""
        return Timing(self.best / floor.best, self.median / floor.median)


def in_turns(cases: Mapping[str, Callable[[], object]], *, rounds: int, calls: int) -> dict[str, Timing]:
    """Each case `rounds` times in turn, `calls` calls a round."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            gc.collect()
            started = time.perf_counter()
            for _ in range(calls):
                case()
            taken[name].append((time.perf_counter() - started) / calls)
    return {name: Timing(min(each), statistics.median(each)) for name, each in taken.items()}
