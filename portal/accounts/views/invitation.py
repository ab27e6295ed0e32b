"""The page behind the link in an invitation to staff. Looking at it decides nothing: mail scanners open links."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.accounts import messages, staff
from portal.accounts.models import StaffGrant
from portal.accounts.refusals import Refused
from portal.accounts.services import by_email
from portal.accounts.staff_forms import JoinForm


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    grant = staff.by_token(token, at=timezone.now())
    if grant is None:
        return render(request, "accounts/staff/invitation_over.html", status=404)
    if request.user.is_authenticated:
        return _accept(request, grant)
    if by_email(grant.email) is not None:
        return _page(request, grant, has_account=True)
    return _join(request, grant)


def _accept(request: HttpRequest, grant: StaffGrant) -> HttpResponse:
    is_invited = request.user.email == grant.email  # type: ignore[union-attr]
    if request.method == "POST" and is_invited:
        try:
            staff.accept(grant, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except Refused as refused:
            notes.error(request, messages.sentence(refused.code))
        else:
            notes.success(request, _("You are now %(role)s.") % {"role": messages.ROLES[grant.role]})
            return redirect("home")
    return _page(request, grant, is_invited=is_invited)


def _join(request: HttpRequest, grant: StaffGrant) -> HttpResponse:
    """An account for the invited address; then the second factor is asked for, and then this page again."""
    form = JoinForm(request.POST or None, email=grant.email, initial={"name": grant.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = staff.join(grant, **form.cleaned_data, at=timezone.now())
        except Refused as refused:
            form.add_error(None, messages.sentence(refused.code))
        else:
            answer: HttpResponse = perform_login(request, Login(user=user, signup=True, redirect_url=request.path))
            return answer
    return _page(request, grant, form=form)


def _page(request: HttpRequest, grant: StaffGrant, **context: Any) -> HttpResponse:
    known = {"grant": grant, "role": messages.ROLES[grant.role], "role_explained": messages.ROLES_EXPLAINED[grant.role]}
    return render(request, "accounts/staff/invitation.html", {**known, **context})
