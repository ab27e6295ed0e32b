"""The page of a production entry for its service provider: state, health, stopping it now, giving it up."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.permissions import fresh_log_in_required
from portal.providers import permissions as providers
from whitelist import impact, retirement, suspensions
from whitelist.incident_forms import RetirementForm, SuspensionForm
from whitelist.messages import entry_words
from whitelist.models import Entry
from whitelist.permissions import applicant_view
from whitelist.refusals import Refused
from whitelist.views import effects, entry_facts

form_page = require_http_methods(["GET", "HEAD", "POST"])


def entry_or_404(provider: Any, public_id: str) -> Entry:
    entry = Entry.objects.filter(world="production", provider=provider, public_id=public_id).first()
    if entry is None:
        raise Http404
    return entry


def own_entry(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Below `applicant_view`: the view gets the provider's own production entry; any other does not exist (404)."""

    @wraps(view)
    def guarded(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
        return view(request, entry_or_404(provider, public_id), provider=provider)

    return guarded


@require_safe
@applicant_view
@own_entry
def entry_detail(request: HttpRequest, entry: Entry, *, provider: Any) -> HttpResponse:
    context = entry_facts.shown(entry, at=_now()) | {"may_act": providers.is_owner(request.user, provider)}
    return render(request, "whitelist/applicant/entry_detail.html", context | _effect(entry))


@require_safe
@applicant_view
@own_entry
def entry_effect(request: HttpRequest, entry: Entry, *, provider: Any) -> HttpResponse:
    """The part of the entry's page that says where it is in effect; the page asks for it anew."""
    return render(request, "whitelist/entry/effect.html", _effect(entry))


def _effect(entry: Entry) -> dict[str, Any]:
    url = reverse("whitelist:entry-effect", args=[entry.public_id])
    return {"effect": effects.of_entry(entry, at=_now()), "effect_url": url}


@form_page
@applicant_view
@own_entry
@fresh_log_in_required
def entry_suspend(request: HttpRequest, entry: Entry, *, provider: Any) -> HttpResponse:
    """Two clicks and a code: the red button on the entry's page, the reason here."""
    form = SuspensionForm(request.POST or None, initial={"reason": "incident"})
    if request.method == "POST" and form.is_valid():
        try:
            suspensions.suspend(entry, by=request.user, at=_now(), **form.cleaned_data)
        except Refused as refused:
            notices.error(request, entry_words.refusal(refused.code))
        return redirect("whitelist:entry-detail", entry.public_id)
    context = {"entry": entry, "form": form, "impact": impact.of(entry, at=_now())}
    return render(request, "whitelist/applicant/entry_suspend.html", context)


@form_page
@applicant_view
@own_entry
@fresh_log_in_required
def entry_retire(request: HttpRequest, entry: Entry, *, provider: Any) -> HttpResponse:
    """Give the entry up on a day: the preview says what would stop working, the host is typed by hand."""
    at = _now()
    form, expected = RetirementForm(request.POST or None, entry=entry, at=at), impact.of(entry, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            retirement.give_up(entry, due_at=form.due_at(), impact=expected.as_json(), by=request.user, at=at)
        except Refused as refused:
            notices.error(request, entry_words.refusal(refused.code))
        return redirect("whitelist:entry-detail", entry.public_id)
    return render(request, "whitelist/applicant/entry_retire.html", {"entry": entry, "form": form, "impact": expected})


@require_POST
@applicant_view
@own_entry
def entry_keep(request: HttpRequest, entry: Entry, *, provider: Any) -> HttpResponse:
    try:
        retirement.keep(entry, by=request.user, at=_now())
    except Refused as refused:
        notices.error(request, entry_words.refusal(refused.code))
    else:
        notices.success(request, _("%(entry)s stays in the list.") % {"entry": entry.public_id})
    return redirect("whitelist:entry-detail", entry.public_id)


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)
