"""Whom a platform operator's return server serves."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from whitelist import served
from whitelist.messages import served_words
from whitelist.models import Entry
from whitelist.permissions import applicant_view
from whitelist.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@applicant_view
def entry_served(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    own = Entry.objects.filter(provider=provider, public_id=public_id).select_related("provider", "environment")
    entry = own.first()
    if entry is None:
        raise Http404
    if request.method == "POST":
        _change(request, entry)
        return redirect("whitelist:entry-served", public_id=public_id)
    context = {"entry": entry, "rows": served.serving(entry), "open": served.may_serve(entry)}
    return render(request, "whitelist/applicant/entry_served.html", context)


def _change(request: HttpRequest, entry: Entry) -> None:
    now = timezone.now()
    leaving = [row for row in served.serving(entry) if str(row.pk) == request.POST.get("stop")]
    if leaving:
        served.stop(leaving[0], by=request.user, at=now)
        notices.success(request, _("%(provider)s is no longer served.") % {"provider": leaving[0].provider})
        return
    numbers = request.POST.getlist("number")
    if not numbers:
        notices.error(request, _("Choose at least one organisation."))
        return
    try:
        added = served.serve(entry, numbers, by=request.user, at=now)
    except Refused as refused:
        notices.error(request, served_words.refusal(refused.code))
    else:
        notices.success(request, _("%(n)d organisations are served by this return server.") % {"n": len(added)})
