"""Organisations seen by reviewers (who confirm) and operators (who look)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from portal.audit import services as audit
from portal.providers import confirmation, directory, editing, messages, recovery
from portal.providers.models import ServiceProvider
from portal.providers.permissions import member_ids, staff_required
from portal.providers.views.organisation import facts_of

PAGE = 50


@require_safe
@staff_required
def provider_directory(request: HttpRequest) -> HttpResponse:
    """All organisations, those that wait for a reviewer first; found by a part of the name or the number."""
    asked = request.GET.get("q", "").strip()[:100]
    waiting = request.GET.get("waiting") == "1"
    found = directory.search(asked)
    rows = [
        {
            "provider": provider,
            "legal_basis": messages.LEGAL_BASES[provider.legal_basis],
            "asks": len(confirmation.open_questions(provider)),
        }
        for provider in found
    ]
    rows = [row for row in rows if row["asks"] or not waiting]
    rows.sort(key=lambda row: not row["asks"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    parameters = ({"q": asked} if asked else {}) | ({"waiting": "1"} if waiting else {})
    context = {"page": page, "asked": asked, "waiting": waiting, "query": urlencode(parameters)}
    return render(request, "providers/provider_directory.html", context)


@require_safe
@staff_required
def provider_file(request: HttpRequest, public_id: str) -> HttpResponse:
    provider = get_object_or_404(ServiceProvider, public_id=public_id)
    is_own = request.user.pk in member_ids(provider)
    context = {
        **facts_of(provider),
        "is_own": is_own,
        "may_confirm": request.user.is_reviewer and not is_own,  # type: ignore[union-attr]
        "questions": [
            {"kind": question.kind, "pk": question.pk, "word": messages.STANDING_KINDS[question.kind]}
            for question in confirmation.open_questions(provider)
        ],
        "recovery": recovery.open_recovery(provider),
        "change": editing.open_change(provider),
        "events": audit.history(provider),
    }
    return render(request, "providers/provider_file.html", context)
