"""Browsers a person has logged in from before: a signed cookie on the browser says whose they are.

A cookie, because nothing else tells one browser from another for long. Addresses change by the hour on a phone and are
shared by a whole office; what browsers say of themselves is alike everywhere and copied with ease; the kept sessions
(portal.accounts.sessions) are gone after eight hours. The cookie opens nothing: whoever steals it only spares the
thief's log-in a mail. It names the person's `session_epoch`, so that whoever changes a password or a factor, which
ends every other session, also makes every other browser a new one.
"""

from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE: Final = "__Host-known-browser" if settings.SESSION_COOKIE_SECURE else "known-browser"
# Browsers keep no cookie for longer (draft-ietf-httpbis-rfc6265bis, section 5.5: at most 400 days).
DAYS: Final = 400
# Several people may share one browser; it remembers the last few.
PEOPLE: Final = 5
_SALT: Final = "portal.accounts.devices"


def is_known(request: HttpRequest, user: Any) -> bool:
    """Whether `user` has logged in at this browser before, and not ended everything elsewhere since."""
    return _mark(user) in _marks(request)


def remember(request: HttpRequest, response: HttpResponse, user: Any) -> None:
    """From `response` on this browser is one of the person's."""
    others = [mark for mark in _marks(request) if mark.partition(":")[0] != str(user.pk)]
    response.set_signed_cookie(
        COOKIE,
        ",".join([_mark(user), *others][:PEOPLE]),
        salt=_SALT,
        max_age=DAYS * 86400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(user: Any) -> str:
    return f"{user.pk}:{user.session_epoch}"


def _marks(request: HttpRequest) -> list[str]:
    """What the cookie says; nothing when it is missing, too old, or not ours."""
    try:
        value = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=DAYS * 86400)
    except signing.BadSignature:
        return []
    return value.split(",") if value else []
