"""Request id, content security policy, and the language a person has chosen."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from portal import identifiers, origin

GetResponse = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestIdMiddleware:
    """Gives each request an id (`request.request_id`), answers it as X-Request-Id."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("HTTP_X_REQUEST_ID", "")  # `request.headers` would be made of all of them
        request.request_id = asked if _REQUEST_ID.fullmatch(asked) else identifiers.new("req")  # type: ignore[attr-defined]
        with origin.of(origin.Origin(request.request_id, client_address(request))):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


def client_address(request: HttpRequest) -> str:
    """The address our own outermost proxy saw, or the peer's; what a client wrote itself counts for nothing."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if not trusted:
        return str(request.META.get("REMOTE_ADDR", ""))
    seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    return seen[-trusted].strip() if len(seen) >= trusted else ""


class ContentSecurityPolicyMiddleware:
    """Sends SECURE_CSP. A view may widen `form-action` for its one answer by `response.csp_form_action = [origin]`, or
    forbid the answer everything by `response.csp_sandbox = True` (files of other people)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = {name: list(sources) for name, sources in settings.SECURE_CSP.items()}
        policy["form-action"] += getattr(response, "csp_form_action", [])
        if getattr(response, "csp_sandbox", False):
            policy = {"default-src": ["'none'"], "frame-ancestors": ["'none'"], "sandbox": []}
        response["Content-Security-Policy"] = "; ".join(" ".join([name, *v]) for name, v in policy.items())
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response


class ChosenLanguageMiddleware:
    """Japanese unless the person switched: the browser's Accept-Language does not decide for a Japanese office."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
