"""Stops asking who does not answer: a breaker for each source, and places to wait in for all of them together.

Kept in the process: another one learns the same within its own first failures, and nobody waits for a shared note.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic


class NoPlace(Exception):
    """Nobody may wait just now. `code`: `ocsp.paused` (the source does not answer) or `ocsp.busy` (no place free)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Breaker:
    """Closed: asked. After `failures` in a row it opens for `pause` seconds, then one question at a time tries again
    (half open): an answer closes it, a failure doubles the pause up to `longest`. Not locked by itself.
    """

    def __init__(self, *, failures: int = 3, pause: float = 10.0, longest: float = 60.0) -> None:
        self._limit, self._first_pause, self._longest = failures, pause, longest
        self._failures, self._pause, self._until = 0, pause, 0.0
        self.is_trying = False

    @property
    def is_steady(self) -> bool:
        """No failure since the last answer."""
        return self._failures == 0

    @property
    def is_open(self) -> bool:
        """As many failures in a row as it takes; also while it is tried again."""
        return self._failures >= self._limit

    def admits(self, now: float) -> bool:
        return not self.is_open or (now >= self._until and not self.is_trying)

    def answered(self) -> None:
        self._failures, self._pause = 0, self._first_pause

    def failed(self, now: float) -> None:
        """Those that were under way together when it opened tell nothing new; only a failed trial does."""
        if self.is_trying:
            self._pause = min(self._pause * 2, self._longest)
        self._failures += 1
        self._until = now + self._pause


class WaitingRoom:
    """`places` threads at most wait at a time; of a source that failed lately only one, so that it cannot take the
    places of those that answer.
    """

    def __init__(self, places: int, *, clock: Callable[[], float] = monotonic) -> None:
        self._free = self._places = max(1, places)
        self._clock = clock
        self._lock = threading.Lock()
        self._breakers: dict[int, Breaker] = {}
        self._waiting: dict[int, int] = {}

    @contextmanager
    def place(self, source: int) -> Iterator[None]:
        """Take a place for a question to `source`, or raise NoPlace at once. Say how it went by `answered` or `failed`
        before leaving; whoever says neither leaves the breaker as it was.
        """
        breaker = self._enter(source)
        try:
            yield
        finally:
            with self._lock:
                breaker.is_trying = False
                self._free += 1
                self._waiting[source] -= 1

    def _enter(self, source: int) -> Breaker:
        with self._lock:
            breaker = self._breakers.setdefault(source, Breaker())
            if not breaker.admits(self._clock()):
                raise NoPlace("ocsp.paused")
            waiting = self._waiting.get(source, 0)
            if not self._free or waiting >= (self._places if breaker.is_steady else 1):
                raise NoPlace("ocsp.busy")
            self._free -= 1
            self._waiting[source] = waiting + 1
            breaker.is_trying = breaker.is_open
            return breaker

    def answered(self, source: int) -> None:
        with self._lock:
            self._breakers[source].answered()

    def failed(self, source: int) -> bool:
        """Count a failure; True if the source is not asked any more because of it."""
        with self._lock:
            breaker = self._breakers[source]
            was_open = breaker.is_open
            breaker.failed(self._clock())
            return breaker.is_open and not was_open

    def forget(self) -> None:
        """Begin anew with every source."""
        with self._lock:
            self._breakers.clear()
