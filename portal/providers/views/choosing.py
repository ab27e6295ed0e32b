"""Changing seats: one's own organisations, and those a platform operator acts for."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.providers import messages, seats
from portal.providers.middleware import choose
from portal.providers.models import Membership
from portal.providers.permissions import seat_required


@require_safe
@seat_required
def seat_list(request: HttpRequest, seat: Membership) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:100]
    own = list(seats.own_seats(request.user))
    context = {
        "own": [{"seat": row, "label": seats.label(row), "word": messages.SEATS[row.role]} for row in own],
        "served": [
            {"operator": row.provider, "rows": seats.served_by(row.provider, matching=asked)}
            for row in own
            if row.provider.is_platform_operator
        ],
        "present": seats.label(seat),
        "asked": asked,
    }
    return render(request, "providers/seat_list.html", context)


@require_POST
@seat_required
def seat_choose(request: HttpRequest, seat: Membership) -> HttpResponse:
    wanted = seats.resolve(request.user, seats.choice_from(request.POST.get("seat", "")))
    if wanted is None:
        notes.error(request, _("You cannot work for this organisation now. Its delegation may have ended."))
        return redirect("providers:seat-list")
    choose(request, wanted)
    seats.record_change(wanted, by=request.user)
    words = (
        _("You now act on behalf of %(provider)s.") if wanted.acting_operator else _("You now work for %(provider)s.")
    )
    notes.success(request, words % {"provider": wanted.provider})
    return redirect("home")
