"""Organisations seen by reviewers (who confirm) and operators (who look)."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.audit import services as audit
from portal.providers import messages, services
from portal.providers.models import ServiceProvider
from portal.providers.permissions import member_ids, reviewer_required, staff_required
from portal.providers.views.organisation import facts_of


@require_safe
@staff_required
def provider_directory(request: HttpRequest) -> HttpResponse:
    providers = ServiceProvider.objects.prefetch_related("accreditations", "delegations__operator__accreditations")
    rows = [
        {
            "provider": provider,
            "legal_basis": messages.LEGAL_BASES[provider.legal_basis],
            "asks": services.asks_for_confirmation(provider),
        }
        for provider in providers.order_by("-id")
    ]
    rows.sort(key=lambda row: not row["asks"])
    return render(request, "providers/provider_directory.html", {"rows": rows})


@require_safe
@staff_required
def provider_file(request: HttpRequest, public_id: str) -> HttpResponse:
    provider = get_object_or_404(ServiceProvider, public_id=public_id)
    is_own = request.user.pk in member_ids(provider)
    context = {
        **facts_of(provider),
        "is_own": is_own,
        "may_confirm": request.user.is_reviewer and not is_own,  # type: ignore[union-attr]
        "events": audit.history(provider),
    }
    return render(request, "providers/provider_file.html", context)


@require_POST
@reviewer_required
def provider_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    provider = get_object_or_404(ServiceProvider, public_id=public_id)
    try:
        done = services.confirm_basis(provider, by=request.user)  # type: ignore[arg-type]
    except services.Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        _say(request, done)
    return redirect("providers:provider-file", public_id=public_id)


@require_POST
@reviewer_required
def accreditation_confirm(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    provider = get_object_or_404(ServiceProvider, public_id=public_id)
    row = get_object_or_404(provider.accreditations.select_related("provider"), pk=pk)
    try:
        done = services.confirm_accreditation(row, by=request.user)  # type: ignore[arg-type]
    except services.Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        _say(request, done)
    return redirect("providers:provider-file", public_id=public_id)


def _say(request: HttpRequest, done: bool) -> None:
    if done:
        notes.success(request, _("The confirmation is recorded."))
    else:
        notes.info(request, _("This was confirmed before. Nothing was changed."))
