"""The reviewers' desk: queue, evidence, decision."""

from datetime import datetime
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages as notices
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from whitelist import claims, deadlines, permissions, reviews, second_look
from whitelist.decision_form import DecisionForm, ProvisionalForm
from whitelist.messages import case_words, review_words
from whitelist.models import Application
from whitelist.permissions import reviewer_view
from whitelist.policy import content as shape
from whitelist.policy.criteria import criteria_of
from whitelist.policy.second_look import CONFLICT_STATEMENT
from whitelist.policy.working_days import STANDARD_PERIOD
from whitelist.refusals import Overtaken, Refused
from whitelist.views import evidence, findings

VIEWS = ("mine", "first", "second", "applicant", "decided")
# Findings that ask for more than a glance: such a case goes to the careful lane.
_CAREFUL = {"url.brand", "url.idn.mixed_script", "url.shared_hosting", "url.idn.alabel"}


@require_safe
@reviewer_view
def queue(request: HttpRequest) -> HttpResponse:
    at = _now()
    rows = [_queue_row(application, request.user, at) for application in _submitted()]
    rows.sort(key=lambda row: (row["clock"].due, row["application"].pk))
    chosen = request.GET.get("view", "")
    asked = request.GET.get("q", "").strip().lower()
    shown = [row for row in rows if _matches(row, chosen, asked)]
    context = {
        "views": [
            {"name": name, "words": case_words.QUEUE_VIEWS[name], "count": sum(_matches(r, name, "") for r in rows)}
            for name in VIEWS
        ],
        "chosen": chosen,
        "asked": request.GET.get("q", ""),
        "mine": [row for row in shown if row["is_mine"]],
        "free": [row for row in shown if not row["is_mine"]],
        "standard_period": STANDARD_PERIOD,
        "now": at,
    }
    return render(request, "whitelist/reviewer/queue.html", context)


def _submitted() -> QuerySet[Application]:
    return Application.objects.filter(current_revision__isnull=False).select_related(
        "provider", "current_revision", "claimed_by"
    )


def _matches(row: dict[str, Any], view: str, asked: str) -> bool:
    open_views = {"mine": row["is_mine"], "first": row["view"] == "first", "second": row["view"] == "second"}
    if view in open_views:
        in_view = open_views[view]
    else:
        in_view = row["view"] == view if view in VIEWS else row["view"] != "decided"
    return in_view and asked in row["searched"]


def _queue_row(application: Application, reviewer: Any, at: datetime) -> dict[str, Any]:
    stage = claims.stage_of(application)
    assert application.current_revision is not None
    content, report = application.current_revision.content, application.current_revision.latest_report
    found = findings.shown_json(report.report)
    claimed = stage is not None and claims.is_claimed(application, at)
    refusal = permissions.review_refusal(application, reviewer) if stage else None
    is_paused = deadlines.is_paused(application)
    careful = next((row for row in found.warnings if row.code in _CAREFUL), None)
    return {
        "application": application,
        "content": content,
        "purposes": evidence.content_facts(content)["purposes"],
        "stage": stage,
        "view": stage or ("applicant" if is_paused else "decided"),
        "is_mine": claimed and application.claimed_by_id == reviewer.pk,
        "is_others": claimed and application.claimed_by_id != reviewer.pk,
        "refusal": case_words.refusal(refusal) if refusal else "",
        "state": evidence.state(application),
        "is_paused": is_paused,
        "clock": deadlines.clock_of(application, at),
        "careful": careful,
        "counts": found.counts,
        "searched": f"{application.public_id} {application.provider.name} {content['url']}".lower(),
    }


@require_safe
@reviewer_view
def application_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _evidence_page(request, _case(public_id))


def _evidence_page(
    request: HttpRequest,
    application: Application,
    form: DecisionForm | None = None,
    *,
    code: str = "",
    status: int = 200,
) -> HttpResponse:
    """The evidence with the decision drawer; `code` says why a decision just sent was not recorded."""
    at = _now()
    stage = claims.stage_of(application)
    refusal = permissions.review_refusal(application, request.user) if stage else None
    is_others = claims.is_claimed(application, at) and application.claimed_by_id != request.user.pk
    if stage and not refusal and is_others:
        refusal = "review.claimed_by_another"
    context = evidence.of(application, at=at, for_reviewer=True)
    report = context["report"]
    if form is None:
        form = DecisionForm(
            finding_codes=evidence.warning_codes(report),
            initial={"seen_version": application.version, "stage": stage, "binding": report.binding},
        )
    context |= {
        "form": form,
        "stage": stage,
        "stage_words": case_words.STAGES[stage] if stage else "",
        "refusal": case_words.refusal(refusal) if refusal else "",
        "not_recorded": case_words.refusal(code) if code else "",
        "missing": _missing(form, report) if form.is_bound else [],
        "criteria": [
            {"number": c.number, "words": case_words.CRITERIA[c.code]}
            for c in criteria_of(shape.read(report.revision.content)["kind"])
        ],
        "ticked": form["criteria"].value() or [],
        "ticked_findings": form["findings_seen"].value() or [],
        "conflict": {"version": CONFLICT_STATEMENT, "words": review_words.CONFLICT[CONFLICT_STATEMENT]},
        "provisional": ProvisionalForm(initial={"binding": report.binding})
        if second_look.is_blind(application, request.user)
        else None,
        "is_mine": claims.is_claimed(application, at) and application.claimed_by_id == request.user.pk,
        "approvals": _approvals(application),
        "decisions": [
            {"value": value, "words": words, "checked": form["decision"].value() == value}
            for value, words in case_words.DECISIONS.items()
        ],
    }
    return render(request, "whitelist/reviewer/application_detail.html", context, status=status)


def _missing(form: DecisionForm, report: Any) -> list[str]:
    if not form.is_valid():
        return []
    return [str(case_words.refusal(code)) for code in reviews.verdict_refusals(report, form.verdict(), at=_now())]


def _approvals(application: Application) -> list[dict[str, Any]]:
    """Both stages of the current revision; the second reviewer does not read the first one's note beforehand."""
    standing = {
        review.stage: review
        for review in application.current_revision.reviews.filter(voided_at=None).select_related("reviewer")  # type: ignore[union-attr]
    }
    return [{"words": words, "review": standing.get(stage)} for stage, words in case_words.STAGES.items()]


@require_POST
@reviewer_view
def application_claim(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        claims.claim(_case(public_id), by=request.user, at=_now())
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
    return redirect("review:application-detail", public_id)


@require_POST
@reviewer_view
def application_hand_back(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        claims.hand_back(_case(public_id), by=request.user, at=_now())
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
    return redirect("review:queue")


@require_POST
@reviewer_view
def application_recheck(request: HttpRequest, public_id: str) -> HttpResponse:
    try:
        reviews.recheck(_case(public_id), by=request.user, at=_now())
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
    return redirect("review:application-detail", public_id)


@require_POST
@reviewer_view
def application_second_look(request: HttpRequest, public_id: str) -> HttpResponse:
    application, form = _case(public_id), ProvisionalForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("review.decision_missing")
        second_look.give(application, by=request.user, at=_now(), **form.cleaned_data)
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
    return redirect("review:application-detail", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewer_view
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def application_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """A decision is signed for by a person who has just shown again who they are."""
    application = _case(public_id)
    if request.method != "POST":  # somebody came back here with the browser's buttons
        return redirect("review:application-detail", public_id)
    assert application.current_revision is not None
    codes = evidence.warning_codes(application.current_revision.latest_report)
    form = DecisionForm(request.POST, finding_codes=codes)
    if not form.is_valid():
        return _evidence_page(request, application, form, code="review.form_incomplete", status=422)
    try:
        review = reviews.decide(application, verdict=form.verdict(), by=request.user, at=_now())
    except Overtaken as overtaken:
        return _evidence_page(request, _case(public_id), code=overtaken.code, status=409)
    except Refused as refused:
        return _evidence_page(request, application, form, code=refused.code, status=422)
    notices.success(request, str(case_words.RECORDED[review.decision, review.stage]))
    return redirect("review:application-detail", public_id)


def _case(public_id: str) -> Application:
    """A case that has been submitted; a draft is nobody's business but the applicant's."""
    application = _submitted().filter(public_id=public_id).first()
    if application is None:
        raise Http404
    return application


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)
