"""The sources of revocation lists, for operators: which want a look, what each has, and fetching one again at once."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.permissions import operator_required
from portal.environments import services as environments
from verifier import alarms, sources
from verifier.messages import source_words
from verifier.models import DistributionPoint

PAGE_SIZE = 50
VIEWS = ("alarms", "all")


@require_safe
@operator_required
def source_list(request: HttpRequest) -> HttpResponse:
    sounding = {point.pk: alarm.value for alarm, point in alarms.sounding()}
    asked = request.GET.get("q", "").strip().replace("\0", "")[:100]
    chosen = request.GET.get("view", "all" if asked or not sounding else "alarms")
    found = sources.with_lists(asked)
    if chosen == "alarms":
        found = found.filter(pk__in=sounding)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(point, sounding) for point in page],
        "query": urlencode({"view": chosen, "q": asked}),
        "asked": asked,
        "chosen": chosen,
        "views": [
            {"name": name, "words": source_words.SOURCE_VIEWS[name], "count": count}
            for name, count in zip(VIEWS, (len(sounding), sources.with_lists("").count()), strict=True)
        ],
    }
    return render(request, "verifier/sources/source_list.html", context)


@require_POST
@operator_required
def source_fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Brings the next look forward; nothing is decided by it, so the trail has no line about it."""
    point = sources.distribution_point(pk)
    if point is None:
        raise Http404
    with transaction.atomic():
        sources.request_refresh_of([point.pk])
    notes.success(request, _("The list is fetched now: %(label)s") % {"label": point.label})
    return redirect(reverse("sources:source-list") + f"#source-{point.pk}")


def _row(point: DistributionPoint, sounding: Mapping[int, str]) -> dict[str, Any]:
    current = next(iter(point.current_lists), None)  # type: ignore[attr-defined]
    alarm = sounding.get(point.pk)
    return {
        "point": point,
        "list": current,
        "at": environments.now(point.anchor.environment),
        "alarm": source_words.ALARMS[alarm] if alarm else "",
        "meaning": "warning" if alarm == alarms.Alarm.GOING_STALE else "error",
        "error": source_words.REFRESH_ERRORS.get(point.last_error, ""),
    }
