"""Who may see a sandbox: the people of its service provider. For everybody else it does not exist (404)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.environments import services as environments
from portal.environments.models import Environment
from portal.providers.permissions import seat_required

View = Callable[..., HttpResponse]


def sandbox_required(view: View) -> View:
    """Calls `view(request, environment, …)` with the made sandbox of the person's provider.

    Who has none, or waits for it, is sent to the page where it is made.
    """

    @wraps(view)
    @seat_required
    def wrapped(request: HttpRequest, seat: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        environment = environments.sandbox_of(seat.provider)
        if environment is None or environment.state != Environment.State.READY:
            if args or kwargs:
                raise Http404
            return redirect("testenv:environment-detail")
        return view(request, environment, *args, **kwargs)

    return wrapped
