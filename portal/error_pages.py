"""Handlers for answers Django would render without a context: they show the request id and ask no database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    # No context processors: what failed may be the session or the database they would ask.
    body = render_to_string(template, {"request_id": getattr(request, "request_id", "")})
    return HttpResponse(body, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request could not be read (handler400)."""
    return _page(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault (handler500)."""
    return _page(request, "500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token was missing or too old (CSRF_FAILURE_VIEW)."""
    return _page(request, "403_csrf.html", 403)
