"""Who looks at return servers, from where and how often: for whoever finds us in a log."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "user_agent": settings.PROBE_USER_AGENT,
        "addresses": settings.PROBE_ADDRESSES,
        "per_hour": settings.PROBES_PER_HOST_AND_HOUR,
    }
    return render(request, "whitelist/public/probes.html", context)
