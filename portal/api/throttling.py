"""So many requests a minute for each API key, counted in the process.

A shared counter in Redis would cost each request as much as Django itself (measured), so every web process counts
for itself and takes its share of the limit.
"""

import threading
import time
from dataclasses import dataclass

from django.conf import settings

from portal.problems import Problem

WINDOW = 60
_counts: dict[int, tuple[int, int]] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Room:
    """What is left for a key in the present window, as the headers tell it (draft-ietf-httpapi-ratelimit-headers)."""

    limit: int
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW}',
            "RateLimit": f'"key";r={self.left};t={self.seconds}',
        }


def take(client_id: int) -> Room:
    """Count one request of the key; raises Problem 429 when its minute is used up."""
    limit = max(1, settings.API_REQUESTS_PER_MINUTE // settings.WEB_PROCESSES)
    now = time.time()
    window = int(now // WINDOW)
    with _lock:
        if len(_counts) > 10_000:
            _counts.clear()
        since, count = _counts.get(client_id, (window, 0))
        count = count + 1 if since == window else 1
        _counts[client_id] = (window, count)
    room = Room(limit, max(0, limit - count), WINDOW - int(now % WINDOW))
    if count > limit:
        raise Problem("request.too_many", headers={**room.headers(), "Retry-After": str(room.seconds)})
    return room


def forget() -> None:
    """Start every key's minute anew."""
    _counts.clear()
