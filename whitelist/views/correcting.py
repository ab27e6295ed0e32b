"""Answering a correction: only the fields that the reviewer named are open, each beside the reviewer's words."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from whitelist import applications, drafts, reporting
from whitelist.draft_form import DraftForm
from whitelist.drafts import ACCEPTED, Contested
from whitelist.messages import case_words, content_words, review_words
from whitelist.models import Application, FieldRequest
from whitelist.permissions import applicant_view
from whitelist.refusals import Refused
from whitelist.views import findings, steps
from whitelist.views.cases import now, own
from whitelist.views.wizard import change_papers, conflict_rows


@require_http_methods(["GET", "HEAD", "POST"])
@applicant_view
def application_correct(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    application = own(provider, public_id)
    asked = drafts.requests(application)
    if not asked:
        return redirect("whitelist:application-edit", public_id)
    keys = [request.field for request in asked]
    said = drafts.said(application.draft)
    if request.method != "POST":
        return _page(request, DraftForm(keys=keys, said=said, seen_version=application.version), application, asked)
    data = request.POST.copy()
    if "mend" in data:
        data["url"] = str(data["mend"])
    form = DraftForm(data, keys=keys, said=said, seen_version=application.version)
    if not form.is_valid() or "mend" in data:
        return _page(request, form, application, asked)
    return _saved(request, form, application, asked)


def _saved(request: HttpRequest, form: DraftForm, application: Application, asked: list[FieldRequest]) -> HttpResponse:
    seen = form.cleaned_data.get("seen_version") or 0
    try:
        saved = drafts.save(application, new=form.said(), base=form.seen_base(), seen_version=seen, by=request.user)
    except Contested as contested:
        return _contested(request, form, application, asked, contested)
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
        return redirect("whitelist:application-detail", application.public_id)
    if "attach" in request.POST or "detach" in request.POST:
        change_papers(request, saved)
        return redirect("whitelist:application-correct", saved.public_id)
    return redirect("whitelist:application-submit", saved.public_id)


def _contested(
    request: HttpRequest, form: DraftForm, application: Application, asked: list[FieldRequest], contested: Contested
) -> HttpResponse:
    application.refresh_from_db()
    form.rebase(drafts.said(application.draft), version=application.version)
    rows = conflict_rows(contested)
    return _page(request, form, application, asked, conflicts=rows, status=409)


def _page(
    request: HttpRequest,
    form: DraftForm,
    application: Application,
    asked: list[FieldRequest],
    *,
    conflicts: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    url = str(form["url"].value() or "") if "url" in form.fields else ""
    report = reporting.report_for(url, provider=application.provider, world="production", at=now()) if url else None
    context = {
        "form": form,
        "application": application,
        "correction": drafts.correction(application),
        "rows": [_row(form, row) for row in asked],
        "papers": drafts.said(application.draft)["evidence"],
        "findings": findings.shown(report) if report else None,
        "world": "production",
        "conflicts": conflicts or [],
        "can_edit": applications.can_edit(application),
    }
    return render(request, "whitelist/applicant/application_correct.html", context, status=status)


def _row(form: DraftForm, asked: FieldRequest) -> dict[str, Any]:
    names = [] if asked.field == "evidence" else form.names_of(asked.field)
    return {
        "field": asked.field,
        "label": content_words.label(asked.field),
        "anchor": steps.anchor(asked.field),
        "sentence": review_words.TEMPLATES[asked.template_code],
        "text": asked.text,
        "fields": [form[name] for name in names if name != ACCEPTED],
    }
