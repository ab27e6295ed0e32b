"""The first page after the log-in: what to do next."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import milestones
from portal.accounts.middleware import take_wanted_page
from portal.providers import services as providers
from portal.providers.permissions import seat_of


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    if wanted := take_wanted_page(request):
        return redirect(wanted)
    if request.user.role != "member":  # type: ignore[union-attr]
        return redirect(_desk(request.user))
    seat = seat_of(request.user)
    steps = _lines(seat.provider if seat else None)
    context = {
        "steps": steps,
        "done": sum(step["state"] == "done" for step in steps),
        "seat_of_reader": seat,
        "keys": providers.live_clients(seat.provider).select_related("environment") if seat else [],
        "now": timezone.now(),
    }
    return render(request, "home/home.html", context)


def _desk(user: Any) -> str:
    """Where reviewers, operators and auditors work."""
    if user.is_auditor:
        return _first_installed("audit:event-list", "person:account")
    return _first_installed(*(["review:queue"] if user.is_reviewer else []), "providers:provider-directory")


def _first_installed(*names: str) -> str:
    """The address of the first of `names` that this installation has."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(names)


def _lines(provider: Any) -> list[dict[str, Any]]:
    """The steps as the checklist component draws them: one of them is "now", and it alone has the filled button."""
    steps = milestones.of(provider)
    now = milestones.next_step(steps)
    return [_line(step, milestone, is_now=step.key == now) for step, milestone in steps]


def _line(step: milestones.Step, milestone: milestones.Milestone, *, is_now: bool) -> dict[str, Any]:
    line: dict[str, Any] = {"title": step.title, "detail": milestone.detail, "word": _("To come"), "state": "to_come"}
    if milestone.done:
        return {**line, "state": "done", "word": _("Done")}
    if milestone.waiting:
        return {**line, "state": "waiting", "word": milestone.waiting}
    if is_now:
        return {
            **line,
            "state": "now",
            "action_url": reverse(milestone.url_name),
            "action_label": step.button,
        }
    return line
