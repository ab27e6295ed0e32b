"""The chosen seat of each request, proven anew."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal import origin
from portal.providers import seats
from portal.providers.models import Membership

SESSION_KEY = "seat"
# Sent along by every form of a page (seat.js): the seat the page was made for.
FORM_FIELD = "made_for_seat"


def choose(request: HttpRequest, seat: Membership) -> None:
    """From the next request on the person works on this seat."""
    request.session[SESSION_KEY] = seats.choice_of(seat)


class ChosenSeatMiddleware:
    """Hands the chosen seat on as `request.user.chosen_seat`; a seat that is gone sends the person home, loudly.

    Going on silently with another seat would do to one organisation what was meant for another. The same danger hides
    in a second window: a form made for one seat is refused once the person has moved to another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        choice = request.session.get(SESSION_KEY)
        if not choice or not request.user.is_authenticated:
            return self.get_response(request)
        seat = seats.resolve(request.user, choice)
        if seat is None:
            del request.session[SESSION_KEY]
            notes.error(request, _("The seat you were working on has ended. Nothing of your last request was done."))
            return redirect("home")
        if _made_for_another(request, seat):
            notes.error(
                request, _("You changed the organisation in another window. Nothing of your last request was done.")
            )
            return redirect("home")
        request.user.chosen_seat = seat  # type: ignore[attr-defined]
        operator = seat.acting_operator
        with origin.of(replace(origin.current(), acting_operator_id=operator.pk if operator else None)):
            return self.get_response(request)


def _made_for_another(request: HttpRequest, seat: Membership) -> bool:
    """Whether a form says it was made for a seat that is not the present one."""
    made_for = request.POST.get(FORM_FIELD, "") if request.method == "POST" else ""
    return bool(made_for) and made_for != seats.label(seat)
