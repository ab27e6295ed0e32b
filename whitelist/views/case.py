"""A case on the reviewers' desk: the evidence on one page, and what a reviewer does with it."""

from datetime import datetime
from typing import Any

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.permissions import fresh_log_in_required
from whitelist import claims, mail, permissions, reviews, second_look
from whitelist.decision_form import DecisionForm, ProvisionalForm
from whitelist.messages import case_words, review_words
from whitelist.models import Application, Review
from whitelist.permissions import reviewer_view
from whitelist.policy.objection import OBJECTION_VERSION
from whitelist.policy.second_look import CONFLICT_STATEMENT, report_refusal
from whitelist.refusals import Overtaken, Refused
from whitelist.views import case_facts, evidence, looking
from whitelist.views.cases import case_or_404, press

_PREVIEWED = {"request_changes": "changes_requested", "refuse": "refused"}


@require_safe
@reviewer_view
def application_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _case_page(request, case_or_404(public_id))


def _case_page(
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
    context = evidence.of(application, at=at, for_reviewer=True)
    report = context["report"]
    if form is None:
        initial = {"seen_version": application.version, "stage": stage, "binding": report.binding}
        form = DecisionForm(finding_codes=evidence.warning_codes(report), initial=initial)
    is_held = claims.is_claimed(application, at)
    refusal = _refusal(request, application, stage, is_held)
    is_blind = second_look.is_blind(application, request.user)
    can_decide = bool(stage) and not refusal
    context |= case_facts.of(application, context, form=form, at=at)
    context |= {
        "form": form,
        "stage": stage,
        "stage_words": case_words.STAGES[stage] if stage else "",
        "refusal": case_words.refusal(refusal) if refusal else "",
        "not_recorded": case_words.refusal(code) if code else "",
        "missing": _missing(form, report, at) if form.is_bound else [],
        "can_tick": can_decide and not is_blind,
        "look": looking.of(application, at=at) if stage else None,
        "is_too_old": bool(stage) and report_refusal(report.created_at, at) is not None,
        "conflict": {"version": CONFLICT_STATEMENT, "words": review_words.CONFLICT[CONFLICT_STATEMENT]},
        "provisional": ProvisionalForm(initial={"binding": report.binding}) if can_decide and is_blind else None,
        "first_look": None if is_blind else case_facts.first_look(application, request.user),
        "is_mine": is_held and application.claimed_by_id == request.user.pk,
        "can_claim": can_decide and not is_held,
        "approvals": _approvals(application),
        "decisions": [
            {"value": value, "words": words, "checked": form["decision"].value() == value}
            for value, words in case_words.DECISIONS.items()
        ],
    }
    return render(request, "whitelist/reviewer/application_detail.html", context, status=status)


def _refusal(request: HttpRequest, application: Application, stage: str | None, is_held: bool) -> str | None:
    """Why this reviewer cannot decide now; None when they can, or when no decision is open."""
    if stage is None:
        return None
    refusal = permissions.review_refusal(application, request.user)
    is_others = is_held and application.claimed_by_id != request.user.pk
    return refusal or ("review.claimed_by_another" if is_others else None)


def _missing(form: DecisionForm, report: Any, at: datetime) -> list[str]:
    if not form.is_valid():
        return []
    return [str(case_words.refusal(code)) for code in reviews.verdict_refusals(report, form.verdict(), at=at)]


def _approvals(application: Application) -> list[dict[str, Any]]:
    """Both stages of the current revision: who and when, never ticks or notes."""
    standing = {
        review.stage: review
        for review in application.current_revision.reviews.filter(voided_at=None).select_related("reviewer")  # type: ignore[union-attr]
    }
    return [{"words": words, "review": standing.get(stage)} for stage, words in case_words.STAGES.items()]


@require_POST
@reviewer_view
def application_claim(request: HttpRequest, public_id: str) -> HttpResponse:
    press(request, public_id, claims.claim)
    return redirect("review:application-detail", public_id)


@require_POST
@reviewer_view
def application_hand_back(request: HttpRequest, public_id: str) -> HttpResponse:
    press(request, public_id, claims.hand_back)
    return redirect("review:queue")


@require_POST
@reviewer_view
def application_second_look(request: HttpRequest, public_id: str) -> HttpResponse:
    application, form = case_or_404(public_id), ProvisionalForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("review.decision_missing")
        second_look.give(application, by=request.user, at=_now(), **form.cleaned_data)
    except Refused as refused:
        notices.warning(request, case_words.refusal(refused.code))
    return redirect("review:application-detail", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewer_view
def application_decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Complete, then seen as the applicant will read it, then signed for with both factors, then recorded."""
    application = case_or_404(public_id)
    if request.method != "POST":  # somebody came back here with the browser's buttons, or a scanner followed a link
        return redirect("review:application-detail", public_id)
    form = _sent(request, application)
    if not form.is_valid():
        return _case_page(request, application, form, code="review.form_incomplete", status=422)
    if "back" in request.POST:
        return _case_page(request, application, form)
    verdict, is_shown = form.verdict(), form.cleaned_data["previewed"] == "1"
    is_present = verdict.seen_version == application.version
    missing = reviews.verdict_refusals(application.current_revision.latest_report, verdict, at=_now())  # type: ignore[union-attr]
    if is_present and missing:
        return _case_page(request, application, form, code=missing[0], status=422)
    if is_present and verdict.decision in _PREVIEWED and not is_shown:
        return _preview(request, application, verdict)
    return _record(request, public_id)


def _preview(request: HttpRequest, application: Application, verdict: reviews.Verdict) -> HttpResponse:
    """The mail in both languages, before anything is recorded."""
    told = Review(
        decision=verdict.decision,
        criterion=verdict.criterion,
        message=verdict.message,
        objection=OBJECTION_VERSION if verdict.decision == Review.Decision.REFUSE else "",
    )
    letter = mail.compose(application, _PREVIEWED[verdict.decision], review=told, requests=verdict.field_requests)
    kept = [(name, values) for name, values in request.POST.lists() if name not in ("csrfmiddlewaretoken", "previewed")]
    context = {
        "application": application,
        "letter": letter,
        "bodies": list(letter.bodies.items()),
        "kept": kept,
        "is_refusal": verdict.decision == Review.Decision.REFUSE,
        "sample": review_words.OBJECTION_SAMPLE,
    }
    return render(request, "whitelist/reviewer/preview.html", context)


@fresh_log_in_required(act=_("your decision on this application"))
def _record(request: HttpRequest, public_id: str) -> HttpResponse:
    application = case_or_404(public_id)
    form = _sent(request, application)
    if not form.is_valid():
        return _case_page(request, application, form, code="review.form_incomplete", status=422)
    try:
        review = reviews.decide(application, verdict=form.verdict(), by=request.user, at=_now())
    except Overtaken as overtaken:
        return _case_page(request, case_or_404(public_id), code=overtaken.code, status=409)
    except Refused as refused:
        return _case_page(request, application, form, code=refused.code, status=422)
    notices.success(request, str(case_words.RECORDED[review.decision, review.stage]))
    return redirect("review:application-detail", public_id)


def _sent(request: HttpRequest, application: Application) -> DecisionForm:
    assert application.current_revision is not None
    return DecisionForm(request.POST, finding_codes=evidence.warning_codes(application.current_revision.latest_report))


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)
