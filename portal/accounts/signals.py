"""What follows when a factor changes: whoever was logged in elsewhere is so no longer."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts import sessions


@receiver([authenticator_added, authenticator_removed])
def a_factor_has_changed(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Codes to recover with are no factor of their own: they come and go with the others."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        sessions.end_others(request, user)


@receiver([password_changed, password_set])
def the_password_has_changed(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    sessions.end_others(request, user)


@receiver(password_reset)
def the_password_was_reset(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Nobody is logged in here while a password is being reset by a code."""
    sessions.end_all(user)
