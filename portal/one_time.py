"""A text shown once, on the page after the form that made it.

It waits in the session encrypted, so that it is never in the database as it is, and is gone when it is taken.
"""

from cryptography.fernet import InvalidToken
from django.http import HttpRequest

from portal.sealing import cipher

_PURPOSE = b"one-time values"
_SECONDS = 600


def keep(request: HttpRequest, name: str, text: str) -> None:
    """Keep `text` for the next page of this browser, at most ten minutes."""
    request.session[f"one_time_{name}"] = cipher(_PURPOSE).encrypt(text.encode()).decode()


def take(request: HttpRequest, name: str) -> str | None:
    """The kept text, once; None if there is none, if it was taken, or if it is too old."""
    kept = request.session.pop(f"one_time_{name}", None)
    if kept is None:
        return None
    try:
        return cipher(_PURPOSE).decrypt(kept.encode(), ttl=_SECONDS).decode()
    except InvalidToken:
        return None
