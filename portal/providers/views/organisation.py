"""An organisation seen by its own people."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.evidence import services as evidence
from portal.providers import beginnings, editing, members, messages, services
from portal.providers.accreditation import Entitled, jst_day
from portal.providers.forms import AccreditationForm, DelegationForm, ProviderEditForm, ProviderForm
from portal.providers.middleware import choose
from portal.providers.models import Delegation, Membership, ServiceProvider
from portal.providers.permissions import owner_required, seat_of, seat_required
from portal.providers.seats import own_seats
from portal.providers.sections import sections

_NEXT = {
    ServiceProvider.LegalBasis.CERTIFIED_OPERATOR: "providers:accreditation-add",
    ServiceProvider.LegalBasis.BEHIND_PLATFORM_OPERATOR: "providers:delegation-request",
}


@require_http_methods(["GET", "POST"])
@login_required
def provider_register(request: HttpRequest) -> HttpResponse:
    if request.user.role != "member":  # type: ignore[union-attr]
        raise PermissionDenied(messages.sentence("person.is_staff"))
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            provider = _register(form, request.user)
        except services.Refused as refused:
            number = form.cleaned_data["corporate_number"]
            if seat := own_seats(request.user).filter(provider__corporate_number=number).first():
                choose(request, seat)  # the same form again
                return redirect("providers:provider-detail")
            form.add_error("corporate_number", messages.sentence(refused.code))
        else:
            choose(request, own_seats(request.user).get(provider=provider))
            notes.success(request, _("Your organisation is registered."))
            return redirect(_next_page(provider, form, request.user))
    context = {"form": form, "has_seat": seat_of(request.user) is not None}
    return render(request, "providers/provider_register.html", context)


def _register(form: ProviderForm, by: Any) -> ServiceProvider:
    about = {name: value for name, value in form.cleaned_data.items() if name != "test_environment"}
    return services.register(**about, by=by)


def _next_page(provider: ServiceProvider, form: ProviderForm, by: Any) -> str:
    """A basis that asks for more comes first; else the test environment if it was asked for."""
    begun = beginnings.make_test_environment(provider, by=by) if form.cleaned_data["test_environment"] else "home"
    return str(_NEXT.get(provider.legal_basis, begun))  # type: ignore[call-overload]


@require_safe
@seat_required
def provider_detail(request: HttpRequest, seat: Membership) -> HttpResponse:
    facts = {**facts_of(seat.provider), "is_owner": seat.role == Membership.Role.OWNER, "second_navigation": sections()}
    return render(request, "providers/provider_detail.html", facts)


def facts_of(provider: ServiceProvider) -> dict[str, Any]:
    """What the pages of an organisation show, for its own people and for reviewers alike."""
    today = services.entitlement_now(provider)
    is_entitled = isinstance(today, Entitled)
    return {
        "provider": provider,
        "legal_basis": messages.LEGAL_BASES[provider.legal_basis],
        "is_entitled": is_entitled,
        "not_entitled_because": "" if isinstance(today, Entitled) else messages.sentence(today.code),
        "entitlement_code": "" if isinstance(today, Entitled) else today.code,
        "accreditations": provider.accreditations.select_related("evidence").order_by("-valid_from", "-id"),
        "delegations": provider.delegations.select_related("operator").order_by("-id"),
        "delegated_to_us": provider.delegated_to_us.select_related("provider").order_by("-id"),
        "seats": members.seats(provider),
        "bases": ServiceProvider.LegalBasis,
        "change": editing.open_change(provider),
        "last_refused_change": provider.changes.filter(refused_at__isnull=False).order_by("-id").first(),
        "now": timezone.now(),
    }


@require_http_methods(["GET", "POST"])
@owner_required
def provider_edit(request: HttpRequest, seat: Membership) -> HttpResponse:
    provider = seat.provider
    known = editing.open_change(provider)
    present = {name: getattr(known or provider, name) for name in editing.CONFIRMED_FACTS}
    present |= {name: getattr(provider, name) for name in editing.OWN_FACTS}
    form = ProviderEditForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        change = editing.edit(provider, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        waits = _("Saved. New names and a new address wait for a reviewer.")
        notes.success(request, waits if change else _("Saved."))
        return redirect("providers:provider-detail")
    context = {"form": form, "provider": provider, "is_confirmed": editing.is_confirmed(provider)}
    return render(request, "providers/provider_edit.html", context)


@require_http_methods(["GET", "POST"])
@owner_required
def accreditation_add(request: HttpRequest, seat: Membership) -> HttpResponse:
    if seat.provider.legal_basis != ServiceProvider.LegalBasis.CERTIFIED_OPERATOR:
        notes.error(request, messages.sentence("accreditation.other_basis"))
        return redirect("providers:provider-detail")
    initial = {"is_platform_operator": seat.provider.is_platform_operator}
    form = AccreditationForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            answers = _with_kept_file(form.cleaned_data, seat.provider, request.user)
            services.add_accreditation(seat.provider, **answers, by=request.user)  # type: ignore[arg-type]
        except services.Refused as refused:
            form.add_error(None, messages.sentence(refused.code))
        else:
            notes.success(request, _("The certification is entered. A reviewer will confirm it."))
            return redirect("providers:provider-detail")
    return render(request, "providers/accreditation_add.html", {"form": form, "provider": seat.provider})


@require_http_methods(["GET", "POST"])
@owner_required
def delegation_request(request: HttpRequest, seat: Membership) -> HttpResponse:
    if seat.provider.legal_basis != ServiceProvider.LegalBasis.BEHIND_PLATFORM_OPERATOR:
        notes.error(request, messages.sentence("delegation.other_basis"))
        return redirect("providers:provider-detail")
    form = DelegationForm(request.POST or None, request.FILES or None, provider=seat.provider)
    if request.method == "POST" and form.is_valid():
        try:
            answers = _with_kept_file(form.cleaned_data, seat.provider, request.user)
            services.request_delegation(seat.provider, **answers, by=request.user)  # type: ignore[arg-type]
        except services.Refused as refused:
            form.add_error("operator", messages.sentence(refused.code))
        else:
            notes.success(request, _("The platform operator has been asked. It counts once they accept."))
            return redirect("providers:provider-detail")
    has_operators = services.platform_operators().exclude(pk=seat.provider.pk).exists()
    context = {"form": form, "provider": seat.provider, "has_operators": has_operators}
    return render(request, "providers/delegation_request.html", context)


def _with_kept_file(answers: dict[str, Any], provider: ServiceProvider, by: Any) -> dict[str, Any]:
    """The answers with the chosen file kept as evidence, where one was chosen."""
    given = answers.get("evidence")
    kept = evidence.keep(given.content, name=given.name, provider=provider, by=by) if given else None
    return {**answers, "evidence": kept}


def _delegation(seat: Membership, pk: int) -> Delegation:
    ours = Delegation.objects.filter(Q(provider=seat.provider) | Q(operator=seat.provider))
    return get_object_or_404(ours.select_related("provider", "operator"), pk=pk)


@require_safe
@seat_required
def delegation_detail(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    row = _delegation(seat, pk)
    context = {
        "delegation": row,
        "is_operator_side": row.operator == seat.provider,
        "is_owner": seat.role == Membership.Role.OWNER,
        "legal_basis": messages.LEGAL_BASES[row.provider.legal_basis],
    }
    return render(request, "providers/delegation_detail.html", context)


@require_POST
@owner_required
def delegation_decide(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    row = _delegation(seat, pk)
    decision = request.POST.get("decision")
    try:
        if decision == "end":
            services.end_delegation(row, by=request.user, on=jst_day(timezone.now()))  # type: ignore[arg-type]
            notes.success(request, _("The delegation has ended."))
        elif decision in {"accept", "decline"}:
            accept = decision == "accept"
            services.answer_delegation(row, accept=accept, by=request.user)  # type: ignore[arg-type]
            notes.success(request, _("The request is accepted.") if accept else _("The request is declined."))
        else:
            notes.error(request, _("Choose one of the answers."))
    except services.Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    return redirect("providers:delegation-detail", pk=pk)
