"""The sessions of a person: which there are, and their ends.

Each session carries a hash over the password and the person's `session_epoch`; raising the epoch ends them all, at
once and in every process, whatever the session store holds.
"""

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from portal.accounts.models import User

_SEEN = "seen_at"
SEEN_EVERY = timedelta(minutes=5)


def end_all(user: User) -> None:
    """Every session of `user` ends with its next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    UserSession.objects.filter(user=user).delete()


def end_others(request: HttpRequest, user: Any) -> None:
    """Every session of `user` but the one at this browser, which gets a new key."""
    end_all(user)
    request.user = user
    update_session_auth_hash(request, user)
    request.session.pop(_SEEN, None)
    request.is_browser_kept = True  # type: ignore[attr-defined]  # see SessionActivityMiddleware


def end_one(user: Any, pk: int) -> bool:
    """End one of the person's own sessions; False if there is no such session."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return False
    row.end()
    return True


def of(user: Any) -> list[UserSession]:
    """The person's live sessions, the last used first; rows whose session is over are dropped."""
    UserSession.objects.purge_and_list(user)
    return list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk"))


def touch(request: HttpRequest) -> None:
    """Remember that the session is used, every few minutes at most: a page view is not a write each time."""
    now = timezone.now()
    if now.timestamp() - request.session.get(_SEEN, 0) < SEEN_EVERY.total_seconds():
        return
    request.session[_SEEN] = now.timestamp()
    UserSession.objects.create_from_request(request)
