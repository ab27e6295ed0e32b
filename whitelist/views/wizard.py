"""Filling in an application, step by step. Every page works without script; with it, drafts are saved by themselves."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.evidence import messages as evidence_words
from portal.evidence.services import EvidenceRefused
from portal.listing import listed
from whitelist import applications, contacts, domains, drafts, looks, reporting
from whitelist.draft_form import DraftForm, base_of
from whitelist.drafts import ACCEPTED, Contested
from whitelist.messages import case_words, content_words, measure_words
from whitelist.models import Application
from whitelist.permissions import applicant_view
from whitelist.policy import app_identifier, measures
from whitelist.policy.finding import Report
from whitelist.refusals import Refused
from whitelist.views import findings, steps
from whitelist.views.cases import now, own

form_page = require_http_methods(["GET", "HEAD", "POST"])
AUTOSAVE = "X-Autosave"


@form_page
@applicant_view
def application_new(request: HttpRequest, *, provider: Any) -> HttpResponse:
    """The first step of a new application, prefilled; the draft is made by the first save."""
    like = _like(request, provider)
    begun = drafts.carried_over(provider, like=like)
    if request.method != "POST":
        said = drafts.said(begun)
        form = DraftForm(keys=steps.keys_of(steps.PURPOSE, said["kind"]), said=said, seen_version=1)
        more: dict[str, Any] = {"form_key": uuid.uuid4(), "like": like.public_id if like else "", "begun": bool(begun)}
        return _page(request, form, None, steps.PURPOSE, said, **more)
    try:
        key = uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        key = uuid.uuid4()
    application = applications.start_application(provider, form_key=key, content=begun, by=request.user)
    return _posted(request, application, steps.PURPOSE)


def _like(request: HttpRequest, provider: Any) -> Application | None:
    """The application that a new one begins from; another organisation's does not exist here."""
    wanted = request.POST.get("like") or request.GET.get("like")
    return own(provider, wanted) if wanted else None


@require_http_methods(["GET", "HEAD"])
@applicant_view
def application_edit(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    """To the page where the applicant goes on: the named fields of a correction, else the first unfinished step."""
    application = own(provider, public_id)
    if not applications.can_edit(application):
        return _not_open(request, application)
    if drafts.requests(application):
        return redirect("whitelist:application-correct", public_id)
    step = steps.first_unfinished(applications.gaps(application, at=now()))
    return redirect(steps.url_of(application, step))


@form_page
@applicant_view
def application_step(request: HttpRequest, public_id: str, step: str, *, provider: Any) -> HttpResponse:
    application = own(provider, public_id)
    if step not in steps.ORDER:
        raise Http404
    if not applications.can_edit(application):
        return _not_open(request, application)
    if drafts.requests(application):
        return redirect("whitelist:application-correct", public_id)
    if request.method == "POST":
        return _posted(request, application, step)
    said = drafts.said(application.draft)
    form = DraftForm(keys=steps.keys_of(step, said["kind"]), said=said, seen_version=application.version)
    return _page(request, form, application, step, said)


def _not_open(request: HttpRequest, application: Application) -> HttpResponse:
    if AUTOSAVE in request.headers:
        return JsonResponse({"words": case_words.refusal("application.not_open")}, status=409)
    notices.info(request, case_words.refusal("application.not_open"))
    return redirect("whitelist:application-detail", application.public_id)


def _posted(request: HttpRequest, application: Application, step: str) -> HttpResponse:
    """Keep what was sent, then do what the pressed button says."""
    standing = drafts.said(application.draft)
    data = _mended(request)
    form = DraftForm(data, keys=steps.keys_of(step, standing["kind"]), said=standing, seen_version=application.version)
    is_whole = form.is_valid()
    if AUTOSAVE not in request.headers and ("mend" in request.POST or not is_whole):
        return _page(request, form, application, step, standing)
    try:
        saved = drafts.save(
            application,
            new=form.said(),
            base=form.seen_base(),
            seen_version=form.cleaned_data.get("seen_version") or 0,
            by=request.user,
        )
    except Contested as contested:
        return _contested(request, form, application, step, contested)
    except Refused:
        return _not_open(request, application)
    if AUTOSAVE in request.headers:
        return _autosaved(saved, step, form)
    return _after_saving(request, saved, step)


def _mended(request: HttpRequest) -> Any:
    """The posted form; a pressed "mend" button has replaced the URL, and nothing is saved yet."""
    data = request.POST.copy()
    if "mend" in data:
        data["url"] = str(data["mend"])
    return data


def _autosaved(saved: Application, step: str, form: DraftForm) -> JsonResponse:
    moment = timezone.localtime().strftime("%H:%M")
    answer = {
        "words": _("Saved by itself at %(time)s") % {"time": moment},
        "version": saved.version,
        "base": base_of({**form.standing, **form.said()}, form.keys),
        "url": steps.url_of(saved, step),
    }
    return JsonResponse(answer)


def _contested(
    request: HttpRequest, form: DraftForm, application: Application, step: str, contested: Contested
) -> HttpResponse:
    """Both values side by side; what was typed stays in the form, and sending it again replaces the other knowingly."""
    application.refresh_from_db()
    words = _("A team-mate has changed the same fields meanwhile. Save to see both.")
    if AUTOSAVE in request.headers:
        return JsonResponse({"words": words}, status=409)
    standing = drafts.said(application.draft)
    form.rebase(standing, version=application.version)
    return _page(request, form, application, step, standing, conflicts=conflict_rows(contested), status=409)


def conflict_rows(contested: Contested) -> list[dict[str, str]]:
    """Both values of each field that two people changed, in words."""
    return [
        {
            "label": content_words.label(conflict.key),
            "theirs": content_words.words(conflict.key, conflict.theirs),
            "mine": content_words.words(conflict.key, conflict.mine),
        }
        for conflict in contested.conflicts
        if conflict.key != ACCEPTED
    ]


def _after_saving(request: HttpRequest, saved: Application, step: str) -> HttpResponse:
    chosen = request.POST
    if step == steps.SERVER:
        _look_at_server(saved)
    if "attach" in chosen or "detach" in chosen:
        change_papers(request, saved)
    elif "ask" in chosen:
        _ask_again(request, saved, chosen["ask"])
    elif "later" in chosen:
        notices.success(request, _("The draft has been saved."))
    else:
        return _onward(request, saved, step)
    return redirect(steps.url_of(saved, step))


def _onward(request: HttpRequest, saved: Application, step: str) -> HttpResponse:
    wanted = request.POST.get("go", "")
    if step == steps.CONTACTS:
        _ask_contacts(request, saved)
        drafts.check(saved, by=request.user, at=now())
    return redirect(steps.url_of(saved, wanted if wanted in (*steps.ORDER, steps.SUMMARY) else steps.next_step(step)))


def _look_at_server(application: Application) -> None:
    """Have the server looked at while the applicant goes on."""
    at = now()
    report = applications.check_draft(application, at=at)
    if report.canonical and reporting.can_be_looked_at(report.canonical):
        looks.ask(report.canonical, application.draft, holder=application.provider, reason="draft", at=at)


def change_papers(request: HttpRequest, application: Application) -> None:
    try:
        if "detach" in request.POST:
            drafts.detach(application, sha256=request.POST["detach"], by=request.user)
            return
        file = request.FILES.get("paper")
        if file is None:
            notices.warning(request, _("Choose a file first."))
            return
        measure = measures.measure(request.POST.get("paper_for", ""))
        code = measure.code if measure else ""
        content = file.read(_READ_AT_MOST)
        drafts.attach(application, content=content, name=str(file.name), measure=code, by=request.user)
        notices.success(request, _("The paper is attached."))
    except EvidenceRefused as refused:
        notices.error(request, evidence_words.sentence(refused.code))
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))


_READ_AT_MOST = 10 * 1024 * 1024 + 1  # one byte more than is kept: enough to know that it is too much


def _ask_contacts(request: HttpRequest, application: Application) -> None:
    try:
        asked = drafts.ask_contacts(application, by=request.user, at=now())
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
        return
    if asked:
        _say_asked(request, asked)


def _ask_again(request: HttpRequest, application: Application, email: str) -> None:
    """Another mail, to an address of this draft only."""
    if email.lower() not in drafts.contact_addresses(application.draft):
        raise Http404
    try:
        contacts.ask(application.provider, email=email, by=request.user, at=now())
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
    else:
        _say_asked(request, [email])


def _say_asked(request: HttpRequest, addresses: list[str]) -> None:
    words = _("A mail has been sent to %(addresses)s. Have the button behind its link pressed.")
    notices.info(request, words % {"addresses": listed(addresses)})


# The page -------------------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    form: DraftForm,
    application: Application | None,
    step: str,
    said: dict[str, Any],
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    gaps = applications.gaps(application, at=now()) if application else []
    context = {
        "form": form,
        "application": application,
        "step": step,
        "heading": steps.LABELS[step],
        "steps": steps.row(application, step, gaps),
        "step_template": f"whitelist/applicant/step_{step}.html",
        "world": "production",
        "correction": drafts.correction(application) if application else None,
        **_MORE[step](form, application, said),
        **more,
    }
    return render(request, "whitelist/applicant/wizard.html", context, status=status)


def _purpose_context(form: DraftForm, application: Application | None, said: dict[str, Any]) -> dict[str, Any]:
    return {}


def _server_context(form: DraftForm, application: Application | None, said: dict[str, Any]) -> dict[str, Any]:
    assert application is not None
    url = str(form["url"].value() or "")
    report = reporting.report_for(url, provider=application.provider, world="production", at=now()) if url else None
    host = _host_of(report)
    identifier = str(form["app_identifier"].value() or "") if "app_identifier" in form.fields else ""
    has_gap = bool(identifier) and app_identifier.identifier_gap(identifier) is not None
    return {
        "findings": findings.shown(report) if report else None,
        "is_identifier_malformed": has_gap,
        "is_identifier_elsewhere": bool(identifier and url)
        and not has_gap
        and not app_identifier.is_under_domain_of(identifier, url),
        "host": host,
        "proof": domains.proof_of(application.provider, host, at=now()) if host else None,
        "published_url": application.live_entry.url_text if application.live_entry else "",
    }


def _host_of(report: Report | None) -> str:
    """The host whose domain has to be proven, empty while there is no URL that could be registered."""
    canonical = report.canonical if report else None
    return urlsplit(canonical.decode("ascii")).hostname or "" if canonical else ""


def _measures_context(form: DraftForm, application: Application | None, said: dict[str, Any]) -> dict[str, Any]:
    names = {paper["sha256"]: paper["name"] for paper in said["evidence"]}
    rows = [_measure_row(form, measure, said, names) for measure in measures.applicable(said["kind"])]
    return {
        "rows": rows,
        "answered": sum(not row["gap"] for row in rows),
        "emulation": measure_words.EMULATION,
        "papers": said["evidence"],
    }


def _measure_row(
    form: DraftForm, measure: measures.Measure, said: dict[str, Any], names: dict[str, str]
) -> dict[str, Any]:
    answer = said[measure.field] or {}
    gap = measures.gap(answer, on=timezone.localdate())
    return {
        "code": measure.code,
        "number": measure.criterion_number,
        "title": measure_words.title(measure.code),
        "help": measure_words.MEASURES[measure.code].help,
        "anchor": steps.anchor(measure.field),
        "status": form[f"m_{measure.code}"],
        "by": form[f"m_{measure.code}_by"],
        "reason": form[f"m_{measure.code}_reason"],
        "gap": gap,
        "words": measure_words.GAPS[gap] if gap and answer.get("status") else "",
        "papers": [names[sha256] for sha256 in answer.get("evidence", ()) if sha256 in names],
    }


def _contacts_context(form: DraftForm, application: Application | None, said: dict[str, Any]) -> dict[str, Any]:
    assert application is not None
    return {"contacts": [_contact(form, application, said, role) for role in ("security", "operations")]}


def _contact(form: DraftForm, application: Application, said: dict[str, Any], role: str) -> dict[str, Any]:
    email, at = (said[f"contacts.{role}"] or {}).get("email") or "", now()
    waiting = contacts.waiting(application.provider, email, at=at) if email else None
    return {
        "role": role,
        "anchor": steps.anchor(f"contacts.{role}"),
        "email": form[f"{role}_email"],
        "phone": form[f"{role}_phone"],
        "kept": email,
        "until": contacts.confirmed(application.provider, email, at=at) if email else None,
        "asked_at": waiting.asked_at if waiting else None,
    }


_MORE = {
    steps.PURPOSE: _purpose_context,
    steps.SERVER: _server_context,
    steps.MEASURES: _measures_context,
    steps.CONTACTS: _contacts_context,
}
