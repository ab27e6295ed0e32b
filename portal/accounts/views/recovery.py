"""The public pages of a recovery. A GET decides nothing: scanners open the links in mails."""

from allauth.core import ratelimit
from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import messages, recovery
from portal.accounts.recovery_forms import AskForm, ProofForm
from portal.accounts.refusals import Refused


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The same answer for every address; see portal.accounts.recovery.request."""
    form = AskForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/recovery/ask.html", {"form": form})
    email = form.cleaned_data["email"].lower()
    if not ratelimit.consume(request, action="person_recovery", key=email):
        form.add_error(None, _("Too many requests. Please come back in an hour."))
        return render(request, "accounts/recovery/ask.html", {"form": form}, status=429)
    recovery.request(email)
    return render(request, "accounts/recovery/asked.html", {"email": email, "minutes": recovery.LINK_MINUTES})


@never_cache
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    found = recovery.by_link(token, at=now)
    if found is None:
        return render(request, "accounts/recovery/over.html", status=404)
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recovery.prove(token, **form.cleaned_data, at=now)
        except Refused:
            return render(request, "accounts/recovery/over.html", status=404)
        return render(request, "accounts/recovery/proven.html", {"days": recovery.OPERATORS_DAYS})
    return render(request, "accounts/recovery/prove.html", {"form": form, "recovery": found})


@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    found = recovery.by_stop_link(token)
    if found is None:
        return render(request, "accounts/recovery/over.html", status=404)
    if request.method == "POST":
        try:
            recovery.stop(found, by=None, at=timezone.now())
        except Refused:
            return render(request, "accounts/recovery/over.html", status=404)
        return render(request, "accounts/recovery/stopped.html")
    return render(request, "accounts/recovery/stop.html", {"recovery": found})


@require_POST
@login_required
def stop_own(request: HttpRequest) -> HttpResponse:
    found = recovery.open_of(request.user)  # type: ignore[arg-type]
    try:
        if found is None:
            raise Refused("recovery.over")
        recovery.stop(found, by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except Refused as refused:
        notes.error(request, messages.sentence(refused.code))
    else:
        notes.success(request, _("The recovery is stopped. Your second factors stay as they are."))
    return redirect("person:account")
