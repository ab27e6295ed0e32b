"""What follows a log-in, and what a changed factor: whoever was logged in elsewhere is so no longer."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from portal.accounts import devices, languages, notices, sessions


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


@receiver(user_logged_in)
def somebody_has_logged_in(request: HttpRequest, response: HttpResponse, user: Any, **kwargs: Any) -> None:
    languages.show(response, user.language)
    if not devices.is_known(request, user) and not getattr(request, "is_first_log_in", False):
        notices.new_device(user, request)
    devices.remember(request, response, user)


@receiver(authenticator_used)
def a_factor_was_used(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        notices.recovery_code_used(user, request)
