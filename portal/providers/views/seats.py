"""Members and invitations."""

import smtplib

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.providers import handover, members, messages, recovery, services
from portal.providers.forms import InvitationForm, RoleForm
from portal.providers.middleware import choose
from portal.providers.models import Membership
from portal.providers.permissions import own_seat_required, owner_required
from portal.providers.seats import own_seats
from portal.providers.sections import sections


@require_safe
@own_seat_required
def member_list(request: HttpRequest, seat: Membership) -> HttpResponse:
    context = {
        "provider": seat.provider,
        "second_navigation": sections(),
        "seats": members.seats(seat.provider),
        "invitations": members.open_invitations(seat.provider),
        "own": seat,
        "is_owner": seat.role == Membership.Role.OWNER,
        "offers": handover.open_offers(seat.provider),
        "recovery": recovery.open_recovery(seat.provider),
        "owner_count": members.owner_count(seat.provider),
    }
    return render(request, "providers/member_list.html", context)


@require_http_methods(["GET", "POST"])
@owner_required
def member_invite(request: HttpRequest, seat: Membership) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            members.invite(seat.provider, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        except services.Refused as refused:
            form.add_error("email", messages.sentence(refused.code))
        except (OSError, smtplib.SMTPException):
            form.add_error(None, messages.sentence("invitation.not_sent"))
        else:
            notes.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return redirect("providers:member-list")
    context = {"form": form, "provider": seat.provider, "days": members.INVITATION_DAYS}
    return render(request, "providers/member_invite.html", context)


@require_POST
@owner_required
def invitation_withdraw(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    invitation = get_object_or_404(seat.provider.invitations, pk=pk)
    if members.withdraw(invitation, by=request.user):  # type: ignore[arg-type]
        notes.success(request, _("The invitation is withdrawn; its link no longer works."))
    else:
        notes.error(request, messages.sentence("invitation.over"))
    return redirect("providers:member-list")


@require_POST
@owner_required
def member_role(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    changed = get_object_or_404(seat.provider.memberships, pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        notes.error(request, _("Choose one of the roles."))
        return redirect("providers:member-list")
    try:
        members.change_role(changed, role=form.cleaned_data["role"], by=request.user)  # type: ignore[arg-type]
    except services.Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        notes.success(request, _("The role is changed."))
    return redirect("providers:member-list")


@require_http_methods(["GET", "POST"])
@owner_required
def member_remove(request: HttpRequest, seat: Membership, pk: int) -> HttpResponse:
    leaving = get_object_or_404(seat.provider.memberships.select_related("user"), pk=pk)
    if request.method != "POST":
        return render(request, "providers/member_remove.html", {"leaving": leaving, "own": seat})
    try:
        members.remove(leaving, by=request.user)  # type: ignore[arg-type]
    except services.Refused as refused:
        notes.error(request, messages.sentence(refused.code))
        return redirect("providers:member-list")
    notes.success(request, _("%(person)s is no longer a member.") % {"person": leaving.user})
    return redirect("home" if leaving == seat else "providers:member-list")


@never_cache
@require_http_methods(["GET", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link sees who invites; taking the seat needs the log-in with the invited address."""
    invitation = members.by_token(token)
    if invitation is None:
        return render(request, "providers/invitation_over.html", status=404)
    user = request.user
    is_invited = user.is_authenticated and user.email.lower() == invitation.email.lower()
    if request.method == "POST" and user.is_authenticated:
        try:
            members.accept(invitation, by=user)
        except services.Refused as refused:
            notes.error(request, messages.sentence(refused.code))
        else:
            choose(request, own_seats(user).get(provider=invitation.provider))
            notes.success(request, _("Welcome to %(provider)s.") % {"provider": invitation.provider})
            return redirect("home")
    context = {
        "invitation": invitation,
        "is_invited": is_invited,
        "seat_word": messages.SEATS[invitation.role],
        "token": token,
    }
    return render(request, "providers/invitation_accept.html", context)
