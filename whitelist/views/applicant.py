"""Pages of a service provider: entries of its test environment, applications, "does it match?"."""

import uuid
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.environments import services as environments
from portal.providers import members
from portal.providers.messages import LEGAL_BASES
from whitelist import applications, services
from whitelist.forms import ApplicationForm, EntryForm
from whitelist.messages import case_words, review_words
from whitelist.models import Application, Entry
from whitelist.permissions import applicant_view
from whitelist.policy import url_rules
from whitelist.policy.workflow import ApplicationEvent, possible_events
from whitelist.refusals import Overtaken, Refused, UrlRefused
from whitelist.views import evidence, findings

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
            {"entry": entry, "state": evidence.entry_state(entry)}
            for entry in granted.select_related("revision__application")
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


@form_page
@applicant_view
def application_new(request: HttpRequest, *, provider: Any) -> HttpResponse:
    if request.method == "POST":
        form = ApplicationForm(_mended(request))
        if form.is_valid() and "mend" not in request.POST:
            key = form.cleaned_data["form_key"] or uuid.uuid4()
            application = applications.start_application(
                provider, form_key=key, content=form.content(), by=request.user
            )
            return _after_saving(request, application)
    else:
        form = ApplicationForm(initial=_carried_over(provider))
    return _application_form(request, form, None)


def _carried_over(provider: Any) -> dict[str, Any]:
    """What the test environment already knows: the newest https entry."""
    initial: dict[str, Any] = {"form_key": uuid.uuid4(), "seen_version": 1}
    sandbox = environments.sandbox_of(provider)
    entry = services.live_entries(sandbox).filter(url_text__startswith="https://").first() if sandbox else None
    if entry is not None:
        initial |= {"url": entry.url_text, "purposes": entry.purposes, "ways_in": entry.ways_in}
    return initial


@form_page
@applicant_view
def application_edit(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    application = _own(provider, public_id)
    if not applications.can_edit(application):
        notices.info(request, case_words.refusal("application.not_open"))
        return redirect("whitelist:application-detail", public_id)
    if request.method != "POST":
        initial = {**application.draft, "seen_version": application.version}
        return _application_form(request, ApplicationForm(initial=initial), application)
    data = _mended(request)
    form = ApplicationForm(data)
    if form.is_valid() and "mend" not in request.POST:
        try:
            seen = form.cleaned_data["seen_version"] or 0
            saved = applications.save_draft(application, content=form.content(), seen_version=seen, by=request.user)
            return _after_saving(request, saved)
        except Refused as refused:
            application.refresh_from_db()
            # What was typed stays in the form; sending it once more replaces the team-mate's text knowingly.
            data["seen_version"] = str(application.version)
            form.add_error(None, case_words.refusal(refused.code))
    return _application_form(request, form, application)


def _after_saving(request: HttpRequest, application: Application) -> HttpResponse:
    if "later" in request.POST:
        notices.success(request, _("The draft has been saved."))
        return redirect("whitelist:application-edit", application.public_id)
    return redirect("whitelist:application-submit", application.public_id)


def _application_form(request: HttpRequest, form: ApplicationForm, application: Application | None) -> HttpResponse:
    url = form["url"].value() or ""
    context = {
        "form": form,
        "application": application,
        "world": "production",
        "findings": findings.shown(url_rules.check(url, world="production")) if url else None,
        "correction": _correction(application) if application else None,
        "steps": [_("Organisation"), _("Return server and contact"), _("Summary and sending")],
    }
    return render(request, "whitelist/applicant/application_form.html", context)


def _correction(application: Application) -> Any:
    """The reviewer's request that this draft answers."""
    if application.current_revision is None:
        return None
    return application.current_revision.reviews.filter(decision="request_changes").order_by("-id").first()


@require_safe
@applicant_view
def application_detail(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    application = _own(provider, public_id)
    if application.current_revision is None:
        if applications.can_edit(application):
            return redirect("whitelist:application-edit", public_id)
        context: dict[str, Any] = {"state": evidence.state(application), "application": application, "content": None}
    else:
        context = evidence.of(application, at=timezone.now())
    context |= {
        "correction": _correction(application) if applications.can_edit(application) else None,
        "refusal": _refusal(application),
        "objection": _objection(application),
        "objection_sample": review_words.OBJECTION_SAMPLE,
        "can_withdraw": ApplicationEvent.WITHDRAW in possible_events(application.status),
    }
    return render(request, "whitelist/applicant/application_detail.html", context)


def _objection(application: Application) -> str:
    """How to object, as it was told with the refusal."""
    refusal = _refusal(application)
    return review_words.objection(refusal.objection) if refusal else ""


def _refusal(application: Application) -> Any:
    if application.state != "refused" or application.current_revision is None:
        return None
    return application.current_revision.reviews.filter(decision="refuse").order_by("-id").first()


@form_page
@applicant_view
def application_submit(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    """The summary: what the reviewers will see, and what is still missing."""
    application = _own(provider, public_id)
    if not applications.can_edit(application):
        notices.info(request, _("The application has been sent already; nothing was sent twice."))
        return redirect("whitelist:application-detail", public_id)
    refused_because = ""
    if request.method == "POST":
        seen = request.POST.get("seen_version", "")
        try:
            applications.submit(
                application, seen_version=int(seen) if seen.isdecimal() else 0, by=request.user, at=_now()
            )
        except Overtaken as overtaken:
            notices.warning(request, case_words.refusal(overtaken.code))
            return redirect("whitelist:application-detail", public_id)
        except Refused as refused:
            refused_because = refused.code
        else:
            notices.success(request, _("The application has been sent. A receipt is in your mail."))
            return redirect("whitelist:application-detail", public_id)
    now = _now()
    report = applications.check_draft(application, at=now)
    missing = applications.submission_refusals(application, at=now)
    context = {
        "application": application,
        "missing": [{"code": code, "words": case_words.refusal(code)} for code in missing],
        "refused_because": refused_because,
        "findings": findings.shown(report),
        "facts": evidence.content_facts({**application.draft, "url": (report.canonical or b"").decode("ascii")}),
        "legal_basis": LEGAL_BASES[provider.legal_basis],
        "provider": provider,
        "owners": members.owner_count(provider),
        "steps": [_("Organisation"), _("Return server and contact"), _("Summary and sending")],
    }
    return render(request, "whitelist/applicant/application_submit.html", context)


@form_page
@applicant_view
def application_withdraw(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    application = _own(provider, public_id)
    if request.method == "POST":
        try:
            applications.withdraw(application, by=request.user, at=_now())
            notices.success(request, _("The application has been withdrawn."))
        except Refused as refused:
            notices.warning(request, case_words.refusal(refused.code))
        return redirect("whitelist:application-list")
    return render(request, "whitelist/applicant/application_withdraw.html", {"application": application})


def _own(provider: Any, public_id: str) -> Application:
    application = (
        Application.objects.filter(provider=provider, public_id=public_id)
        .select_related("provider", "current_revision", "published_in")
        .first()
    )
    if application is None:
        raise Http404
    return application


def _now() -> Any:
    return timezone.now().replace(microsecond=0)
