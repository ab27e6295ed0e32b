"""Addresses that are promised and not offered yet: a caller who tries early is told so, in the problem format."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from portal import problems
from portal.problems import Problem

RESERVED = ("certificates/status", "links", "batches")


@csrf_exempt
def not_yet_offered(request: HttpRequest) -> HttpResponse:
    return problems.response(Problem("not_yet_offered"), request)


urlpatterns = [path(address, not_yet_offered, name=f"reserved-{address.replace('/', '-')}") for address in RESERVED]
