"""Operators on staff: who there is, whom they propose, whom they confirm, whose role they take away."""

from functools import partial
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import messages, staff
from portal.accounts.models import StaffGrant, User
from portal.accounts.permissions import fresh_log_in_required, operator_required
from portal.accounts.refusals import Refused
from portal.accounts.sections import staff_sections
from portal.accounts.staff_forms import ProposalForm, RevocationForm
from portal.accounts.views.outcome import told

_PAST_SHOWN = 50


@require_safe
@operator_required
def person_list(request: HttpRequest) -> HttpResponse:
    context = {"rows": [_row(person) for person in staff.people()], "second_navigation": staff_sections()}
    return render(request, "accounts/staff/person_list.html", context)


@require_safe
@operator_required
def grant_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    grants = StaffGrant.objects.select_related("proposed_by", "confirmed_by", "withdrawn_by").order_by("-pk")
    context = {
        "open": [_asked(grant, request.user) for grant in grants.open(now)],
        "past": [_asked(grant, request.user) for grant in grants.exclude(pk__in=grants.open(now))[:_PAST_SHOWN]],
        "second_navigation": staff_sections(),
    }
    return render(request, "accounts/staff/grant_list.html", context)


@require_http_methods(["GET", "POST"])
@operator_required
def grant_propose(request: HttpRequest) -> HttpResponse:
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _propose(request, form)
    return _proposal_page(request, form)


@fresh_log_in_required(act=gettext_lazy("propose a role of staff"))
def _propose(request: HttpRequest, form: ProposalForm) -> HttpResponse:
    try:
        staff.propose(**form.cleaned_data, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except Refused as refused:
        form.add_error("email", messages.sentence(refused.code))
        return _proposal_page(request, form)
    notes.success(request, _("The proposal is recorded. Another operator has to confirm it."))
    return redirect("staff:grant-list")


def _proposal_page(request: HttpRequest, form: ProposalForm) -> HttpResponse:
    context = {"form": form, "second_navigation": staff_sections()}
    return render(request, "accounts/staff/grant_propose.html", context)


@require_POST
@operator_required
def grant_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirm(request, get_object_or_404(StaffGrant, pk=pk))


@fresh_log_in_required(act=gettext_lazy("confirm a role of staff"))
def _confirm(request: HttpRequest, grant: StaffGrant) -> HttpResponse:
    said = _("The role is confirmed. The invitation is on its way to %(email)s.") % {"email": grant.email}
    return told(request, partial(staff.confirm, grant), said, "staff:grant-list")


@require_POST
@operator_required
def grant_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(StaffGrant, pk=pk)
    said = _("This is withdrawn.")
    return told(request, partial(staff.withdraw, grant), said, "staff:grant-list")


@require_http_methods(["GET", "POST"])
@operator_required
def role_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User.objects.exclude(role=User.Role.MEMBER), pk=pk)
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _revoke(request, person, form)
    return _revocation_page(request, person, form)


@fresh_log_in_required(act=gettext_lazy("take a role of staff away"))
def _revoke(request: HttpRequest, person: User, form: RevocationForm) -> HttpResponse:
    try:
        staff.revoke(person, **form.cleaned_data, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except Refused as refused:
        form.add_error(None, messages.sentence(refused.code))
        return _revocation_page(request, person, form)
    notes.success(request, _("The role is taken away. All sessions of this person have ended."))
    return redirect("home" if person == request.user else "staff:person-list")


def _revocation_page(request: HttpRequest, person: User, form: RevocationForm) -> HttpResponse:
    context = {"form": form, **_row(person), "second_navigation": staff_sections()}
    return render(request, "accounts/staff/role_revoke.html", context)


def _row(person: User) -> dict[str, Any]:
    return {"person": person, "role": messages.ROLES[person.role]}


def _asked(grant: StaffGrant, reader: Any) -> dict[str, Any]:
    is_mine = grant.proposed_by_id == reader.pk or grant.email == reader.email
    return {
        "grant": grant,
        "role": messages.ROLES[grant.role],
        "may_confirm": grant.confirmed_at is None and not is_mine,
    }
