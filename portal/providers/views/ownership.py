"""Handing ownership over, and recovering it when no owner can log in."""

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.permissions import fresh_log_in_required
from portal.providers import handover, messages, recovery
from portal.providers.forms import RecoveryForm
from portal.providers.models import Membership, OwnerRecovery, ServiceProvider
from portal.providers.permissions import own_seat_required, owner_required, reviewer_required
from portal.providers.refusals import Refused


@require_http_methods(["GET", "POST"])
@owner_required
def ownership_offer(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    member = get_object_or_404(seat.provider.memberships.select_related("user"), pk=pk)
    if request.method != "POST":
        context = {"member": member, "own": seat, "days": handover.OFFER_DAYS}
        return render(request, "providers/ownership_offer.html", context)
    try:
        handover.offer(member, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        notes.success(request, _("%(person)s is asked by mail to take over.") % {"person": member.user})
    return redirect("providers:member-list")


@require_POST
@own_seat_required
def ownership_answer(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    made = get_object_or_404(seat.provider.ownership_offers, pk=pk)
    accepts = request.POST.get("answer") == "accept"
    try:
        (handover.accept if accepts else handover.close)(made, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        notes.success(request, _("You are an owner now.") if accepts else _("The offer is closed."))
    return redirect("providers:member-list")


@require_http_methods(["GET", "POST"])
@own_seat_required
def recovery_ask(request: HttpRequest, seat: Membership) -> HttpResponse:
    if seat.role == Membership.Role.OWNER:
        raise PermissionDenied(messages.sentence("recovery.owner_can_invite"))
    initial = {"email": request.user.email}  # type: ignore[union-attr]
    return _ask(request, seat.provider, reverse("providers:member-list"), initial)


@require_http_methods(["GET", "POST"])
@reviewer_required
def recovery_propose(request: HttpRequest, public_id: str) -> HttpResponse:
    provider = get_object_or_404(ServiceProvider, public_id=public_id)
    return _ask(request, provider, reverse("providers:provider-file", args=[public_id]), {})


def _ask(request: HttpRequest, provider: ServiceProvider, back: str, initial: dict[str, str]) -> HttpResponse:
    form = RecoveryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            recovery.ask(provider, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(None, messages.sentence(refused.code))
        else:
            notes.success(request, _("Two reviewers look at it now. All owners have been told by mail."))
            return redirect(back)
    return render(request, "providers/recovery_ask.html", {"form": form, "provider": provider})


@require_POST
@owner_required
def recovery_stop(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    made = get_object_or_404(seat.provider.recoveries, pk=pk)
    try:
        recovery.stop(made, by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        notes.success(request, _("The recovery is stopped. Nobody becomes an owner by it."))
    return redirect("providers:member-list")


def _recovery(public_id: str, pk: int) -> OwnerRecovery:
    return get_object_or_404(OwnerRecovery.objects.select_related("provider"), provider__public_id=public_id, pk=pk)


@require_POST
@reviewer_required
def recovery_confirm(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    return _confirm(request, _recovery(public_id, pk))


@fresh_log_in_required(act=gettext_lazy("Confirm a recovery of ownership"))
def _confirm(request: HttpRequest, made: OwnerRecovery) -> HttpResponse:
    try:
        locked = recovery.confirm(made, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        second = _("The second confirmation is recorded. The delay begins.")
        notes.success(request, second if locked.second_by_id else _("The first confirmation is recorded."))
    return redirect("providers:provider-file", public_id=made.provider.public_id)


@require_POST
@reviewer_required
def recovery_refuse(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    try:
        recovery.stop(_recovery(public_id, pk), by=request.user)  # type: ignore[arg-type]
    except Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        notes.success(request, _("The recovery is stopped. Nobody becomes an owner by it."))
    return redirect("providers:provider-file", public_id=public_id)
