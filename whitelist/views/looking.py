"""One press has the server of a case looked at; the page follows the look until its report is there."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from whitelist import looks, reviews
from whitelist.models import Application
from whitelist.permissions import reviewer_view
from whitelist.views.cases import case_or_404, now, press

_SLOW = timedelta(seconds=10)


@require_POST
@reviewer_view
def application_recheck(request: HttpRequest, public_id: str) -> HttpResponse:
    press(request, public_id, reviews.look_again)
    return redirect("review:application-detail", public_id)


@require_safe
@reviewer_view
def application_look(request: HttpRequest, public_id: str) -> HttpResponse:
    """The part of the case's page that says how the look stands; the page asks for it anew."""
    application = case_or_404(public_id)
    seen = request.GET.get("seen", "")
    look = of(application, at=now())
    context = {"application": application, "look": look, "is_newer": seen != str(look["number"])}
    return render(request, "whitelist/reviewer/look.html", context)


def of(application: Application, *, at: datetime) -> dict[str, Any]:
    """number: of the newest report; asked_at: since when a look is awaited, None when none is.

    turn_at: when the host may be looked at, if not at once; is_slow: longer than a look takes as a rule.
    """
    revision = application.current_revision
    assert revision is not None  # a case has been submitted
    report = revision.latest_report
    probe = looks.awaited(revision.content["url"].encode("ascii"), since=report.created_at, at=at)
    return {
        "number": report.number,
        "asked_at": probe.asked_at if probe else None,
        "turn_at": probe.due_at if probe and probe.due_at > at else None,
        "is_slow": probe is not None and at - max(probe.asked_at, probe.due_at) > _SLOW,
    }
