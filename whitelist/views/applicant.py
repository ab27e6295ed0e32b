"""Pages of a service provider: entries of its test environment, applications, "does it match?"."""

from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.environments import services as environments
from whitelist import applications, drafts, reopening, services
from whitelist.forms import EntryForm
from whitelist.messages import case_words, review_words
from whitelist.models import Application, Entry
from whitelist.permissions import applicant_view
from whitelist.policy import url_rules
from whitelist.policy.workflow import ApplicationEvent, event_of, possible_events
from whitelist.refusals import UrlRefused
from whitelist.views import effects, evidence, findings
from whitelist.views.cases import own

form_page = require_http_methods(["GET", "HEAD", "POST"])


# Return servers ------------------------------------------------------------------------------------------------------


@require_safe
@applicant_view
def entry_list(request: HttpRequest, *, provider: Any) -> HttpResponse:
    sandbox = environments.sandbox_of(provider)
    granted = Entry.objects.filter(world="production", provider=provider).order_by("-id")
    context = {
        "sandbox": sandbox,
        "test_entries": services.live_entries(sandbox) if sandbox else [],
        "entries": [
            {"entry": entry, "state": evidence.entry_state(entry), "change": reopening.change_of(entry)}
            for entry in granted.select_related("revision__application__live_entry")
        ],
        "list_version": services.lookup(environments.production(), b"").list_version,
    }
    return render(request, "whitelist/applicant/entry_list.html", context)


@form_page
@applicant_view
def entry_add(request: HttpRequest, *, provider: Any) -> HttpResponse:
    sandbox = environments.sandbox_of(provider)
    if sandbox is None:
        return redirect("whitelist:entry-list")
    form = EntryForm(_mended(request) if request.method == "POST" else None)
    report = None
    if request.method == "POST":
        report = url_rules.check(form.data.get("url", ""), world="sandbox")
        if "mend" not in request.POST and form.is_valid():
            try:
                entry = services.enter_in_sandbox(sandbox, by=request.user, **form.cleaned_data)
            except UrlRefused:
                form.add_error("url", case_words.refusal("entry.url_refused"))
            else:
                notices.success(request, _("%(url)s is live in your test environment.") % {"url": entry.url_text})
                return redirect("whitelist:entry-list")
    context = {
        "form": form,
        "environment": sandbox,
        "world": "sandbox",
        "findings": findings.shown(report) if report else None,
    }
    return render(request, "whitelist/applicant/entry_add.html", context)


@form_page
@applicant_view
def entry_remove(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    sandbox = environments.sandbox_of(provider)
    entry = services.entry_of(sandbox, public_id) if sandbox else None
    if entry is None:
        raise Http404
    if request.method == "POST":
        removed = services.remove_from_sandbox(entry, by=request.user, at=timezone.now())
        words = _("The entry %(entry)s has been removed.") if removed else _("The entry %(entry)s was removed already.")
        notices.info(request, words % {"entry": entry.public_id})
        return redirect("whitelist:entry-list")
    return render(request, "whitelist/applicant/entry_remove.html", {"entry": entry, "environment": sandbox})


def _mended(request: HttpRequest) -> Any:
    """The posted form; a pressed "mend" button has replaced the URL, and nothing is entered yet."""
    data = request.POST.copy()
    if "mend" in data:
        data["url"] = str(data["mend"])
    return data


# Applications --------------------------------------------------------------------------------------------------------


@require_safe
@applicant_view
def application_list(request: HttpRequest, *, provider: Any) -> HttpResponse:
    found = Application.objects.filter(provider=provider).select_related("current_revision").order_by("-id")
    rows = [{"application": application, "state": evidence.state(application)} for application in found]
    return render(request, "whitelist/applicant/application_list.html", {"rows": rows})


@require_safe
@applicant_view
def application_detail(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    application = own(provider, public_id)
    if application.current_revision is None:
        if applications.can_edit(application):
            return redirect("whitelist:application-edit", public_id)
        context: dict[str, Any] = {"state": evidence.state(application), "application": application, "content": None}
    else:
        context = evidence.of(application, at=timezone.now())
    context |= {
        "correction": drafts.correction(application),
        "may_reopen": reopening.may_reopen(application),
        "can_edit": applications.can_edit(application),
        "entry": application.live_entry,
        "refusal": _refusal(application),
        "objection": _objection(application),
        "objection_sample": review_words.OBJECTION_SAMPLE,
        "can_withdraw": _can_withdraw(application),
        **_effect(application),
    }
    return render(request, "whitelist/applicant/application_detail.html", context)


@require_safe
@applicant_view
def application_effect(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    """The part of the application's page that says where its entry is in effect; the page asks for it anew."""
    found = _effect(own(provider, public_id))
    if not found:
        raise Http404
    return render(request, "whitelist/entry/effect.html", found)


def _effect(application: Application) -> dict[str, Any]:
    """Empty before the approval. The page is fetched whole once the stage has changed: it then says more."""
    entry = Entry.objects.filter(revision=application.current_revision_id, revision__isnull=False).first()
    effect = effects.of_entry(entry, at=timezone.now()) if entry else None
    if effect is None:
        return {}
    return {
        "effect": effect,
        "effect_url": reverse("whitelist:application-effect", args=[application.public_id]),
        "effect_stage": "listed" if effect["version"] else "awaited",
    }


def _objection(application: Application) -> str:
    """How to object, as it was told with the refusal."""
    refusal = _refusal(application)
    return review_words.objection(refusal.objection) if refusal else ""


def _can_withdraw(application: Application) -> bool:
    wish = event_of(ApplicationEvent.WITHDRAW, has_live_entry=application.live_entry is not None)
    return wish in possible_events(application.status)


def _refusal(application: Application) -> Any:
    if application.state != "refused" or application.current_revision is None:
        return None
    return application.current_revision.reviews.filter(decision="refuse").order_by("-id").first()
