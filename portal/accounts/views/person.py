"""A person's own account, beside what allauth's pages do."""

from typing import Any

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import languages, recovery, security, services, sessions
from portal.accounts.person_forms import DescriptionForm


@require_http_methods(["GET", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = DescriptionForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        services.describe_oneself(user, **form.cleaned_data, by=user)
        chosen = form.cleaned_data["language"]
        with translation.override(chosen):
            notes.success(request, _("Your name and language are saved."))
        response = redirect("person:account")
        languages.show(response, chosen)
        return response
    context = {"form": form, "security": security.of(user), "recovery": recovery.open_of(user)}
    return render(request, "accounts/account.html", context)


@require_POST
@login_required
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    if not sessions.end_one(request.user, pk):
        raise Http404
    notes.success(request, _("This session has ended."))
    return redirect("usersessions_list")
