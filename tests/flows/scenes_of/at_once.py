"""Two acts in the same moment, each in a thread and a database connection of its own."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

Refusals = type[Exception] | tuple[type[Exception], ...]
# Either side a little ahead, and neither: seconds by which the second one waits (or, below zero, the first one).
LEADS = (-0.01, 0.0, 0.01)


def together(one: Callable[[], Any], other: Callable[[], Any], lead: float, *, refused: Refusals) -> list[str]:
    """What became of each: "done", "nothing" (the verb said False), the code of its refusal, or "error: …"."""
    acts, got, ready = (one, other), ["", ""], threading.Barrier(2)

    def act(place: int) -> None:
        ready.wait()
        time.sleep(max(lead if place else -lead, 0))
        try:
            got[place] = "nothing" if acts[place]() is False else "done"
        except refused as refusal:
            got[place] = getattr(refusal, "code")  # noqa: B009 - each app has its own Refused, all with a code
        except Exception as error:
            got[place] = f"error: {type(error).__name__}: {error}"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got
