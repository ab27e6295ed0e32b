"""Who needs a second factor before which pages.

Staff before any page at all. A member of a service provider before anything but the practice world: a new person sees a
first verdict within minutes, and nothing they could touch until then leaves the sandbox (decision 0013).
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.accounts import devices, sessions

_OPEN_PREFIXES = ("/accounts/", "/static/", "/language/", "/api/", "/health/", "/mailbox/")
# All of these belong to the person's own sandbox, or are read by anybody anyway.
_OPEN_TO_MEMBERS = ("/home/", "/organisation/register/", "/test-environment/", "/verifications/")
_OWN_PAGE = "/account/"  # says what is not set up, and leads there
_WANTED = "wanted_before_second_factor"


class SecondFactorMiddleware:
    """Sends people without one to its set-up and remembers which page they wanted (an invitation, for example)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/" or request.path.startswith(_OPEN_PREFIXES) or not request.user.is_authenticated:
            return self.get_response(request)
        if not is_mfa_enabled(request.user) and not _may_wait(request):
            if request.method == "GET":
                request.session[_WANTED] = request.get_full_path()
            return redirect("mfa_activate_totp")
        return self.get_response(request)


class ReauthenticationMiddleware:
    """Who has a second factor confirms an access with it; the password alone, which may be stolen, is not enough."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """After the check of the form's token, before the page that would ask for the password."""
        match = request.resolver_match  # by name: the responders have none of these addresses
        if match and match.view_name == "account_reauthenticate" and is_mfa_enabled(request.user):
            return redirect(f"{reverse('mfa_reauthenticate')}?{request.GET.urlencode()}")
        return None


class SessionActivityMiddleware:
    """Keeps the list of a person's sessions true, and this browser one of theirs when all others have just ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            sessions.touch(request)
        response = self.get_response(request)
        if getattr(request, "is_browser_kept", False) and request.user.is_authenticated:
            devices.remember(request, response, request.user)
        return response


def _may_wait(request: HttpRequest) -> bool:
    is_open = request.path == _OWN_PAGE or request.path.startswith(_OPEN_TO_MEMBERS)
    return request.user.is_member and is_open  # type: ignore[union-attr]


def take_wanted_page(request: HttpRequest) -> str | None:
    """The path of this site that was asked for before the second factor was set up; remembered once."""
    wanted = request.session.pop(_WANTED, None)
    return wanted if wanted and wanted != request.get_full_path() else None
