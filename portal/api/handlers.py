"""Answers for what no view answered: a problem document under /api/, a page elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from portal import error_pages, problems
from portal.problems import Problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return problems.response(Problem("request.bad_request"), request)
    return error_pages.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return problems.response(Problem("not_found"), request)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return problems.response(Problem("internal_error"), request)
    return error_pages.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
