"""How much work waits behind an item of the navigation; told by the app that knows, which registers here when ready:

waiting.register("review:queue", waiting_cases)
"""

from collections.abc import Callable
from typing import Any

Count = Callable[[Any], int]
_COUNTS: dict[str, Count] = {}


def register(url_name: str, count: Count) -> None:
    """`count` is given the person logged in and is asked on each of their pages: it must be cheap."""
    _COUNTS[url_name] = count


def count(url_name: str, user: Any) -> int:
    """What waits there for `user`; 0 where nobody counts."""
    return _COUNTS[url_name](user) if url_name in _COUNTS else 0
