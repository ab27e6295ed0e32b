"""Everyone who is logged in needs a second factor before anything but setting it up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

_OPEN_PREFIXES = ("/accounts/", "/static/", "/language/", "/api/", "/health/", "/mailbox/")


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/" or request.path.startswith(_OPEN_PREFIXES) or not request.user.is_authenticated:
            return self.get_response(request)
        if not is_mfa_enabled(request.user):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)
