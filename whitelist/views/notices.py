"""The notice of registration as a page to print, for the applicant and for reviewers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from whitelist import notice
from whitelist.models import Application
from whitelist.permissions import applicant_view, reviewer_view
from whitelist.views import evidence


@require_safe
@applicant_view
def for_applicant(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    return _page(request, Application.objects.filter(provider=provider, public_id=public_id).first())


@require_safe
@reviewer_view
def for_reviewer(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, Application.objects.filter(public_id=public_id).first())


def _page(request: HttpRequest, application: Application | None) -> HttpResponse:
    told = notice.of(application) if application else None
    if told is None or application is None:
        raise Http404
    content = told.entry.revision.content if told.entry.revision else {}
    context = {
        "application": application,
        "notice": told,
        "facts": evidence.content_facts(content),
        "state": evidence.entry_state(told.entry),
        "at": timezone.now(),
    }
    return render(request, "whitelist/notice.html", context)
