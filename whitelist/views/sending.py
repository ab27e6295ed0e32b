"""The summary before sending, the sending itself, and taking back: the steps that move an application."""

from typing import Any

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.providers import members
from portal.providers.messages import LEGAL_BASES
from whitelist import applications, casework, drafts, permissions, reopening
from whitelist.messages import case_words, lane_words
from whitelist.models import Application
from whitelist.permissions import applicant_view
from whitelist.policy import content as shape
from whitelist.policy.finding import Report, Severity
from whitelist.refusals import Overtaken, Refused
from whitelist.views import evidence, findings, steps
from whitelist.views.cases import now, own

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@applicant_view
def application_submit(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    """The summary: what the reviewers will see, what changes, and what is still missing."""
    application = own(provider, public_id)
    if not applications.can_edit(application):
        notices.info(request, _("The application has been sent already; nothing was sent twice."))
        return redirect("whitelist:application-detail", public_id)
    refused_because = ""
    if request.method == "POST":
        seen = request.POST.get("seen_version", "")
        try:
            applications.submit(
                application, seen_version=int(seen) if seen.isdecimal() else 0, by=request.user, at=now()
            )
        except Overtaken as overtaken:
            notices.warning(request, case_words.refusal(overtaken.code))
            return redirect("whitelist:application-submit", public_id)
        except Refused as refused:
            refused_because = refused.code
        else:
            notices.success(request, _("The application has been sent. A receipt is in your mail."))
            return redirect("whitelist:application-detail", public_id)
    return render(
        request, "whitelist/applicant/application_submit.html", _summary(request, application, refused_because)
    )


def _summary(request: HttpRequest, application: Application, refused_because: str) -> dict[str, Any]:
    at, provider = now(), application.provider
    report = applications.check_draft(application, at=at)
    gaps = applications.gaps(application, at=at)
    url = (report.canonical or b"").decode("ascii") or str(application.draft.get("url") or "")
    asked = shape.build(application=application.public_id, provider={}, url=url, draft=application.draft)
    before = _before(application)
    return {
        "application": application,
        "missing": steps.missing(application, gaps),
        "refused_because": case_words.refusal(refused_because) if refused_because else "",
        "findings": findings.shown(report),
        "facts": evidence.content_facts(asked),
        "legal_basis": LEGAL_BASES[provider.legal_basis],
        "provider": provider,
        "owners": members.owner_count(provider),
        "steps": steps.row(application, steps.SUMMARY, gaps),
        "is_correction": drafts.correction(application) is not None,
        "before": before,
        "changes": evidence.differences(before, asked | {"provider": before["provider"]}) if before else [],
        "lane": lane(application, asked, report),
        "may_send": permissions.may_send(request.user, provider),
    }


def _before(application: Application) -> shape.Content | None:
    """What the draft is compared with: the revision that is corrected, or what is published."""
    if drafts.correction(application) is not None and application.current_revision is not None:
        return application.current_revision.content
    return reopening.published_content(application) if application.live_entry else None


def lane(application: Application, asked: shape.Content, report: Report) -> dict[str, Any]:
    """The lane this will be looked at in, in words, by the same function as the desk's."""
    warnings = {found.code for found in report.findings if found.severity is Severity.WARN}
    before = casework.live_content(application)
    named = asked | {"provider": before["provider"] if before else {}}  # the organisation's name is not the draft's
    choice = casework.lane_for(application, named, warnings, at=now())
    return {
        "code": str(choice.lane),
        "word": lane_words.LANES[choice.lane],
        "meaning": {"fast": "ok", "normal": "info", "careful": "warning"}[choice.lane],
        "reasons": [lane_words.REASONS[reason] for reason in choice.reasons],
    }


@form_page
@applicant_view
def application_withdraw(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    """Take it back; a change of something published is given up, and what is published stays."""
    application = own(provider, public_id)
    if request.method == "POST":
        try:
            taken = applications.withdraw(application, by=request.user, at=now())
        except Refused as refused:
            notices.warning(request, case_words.refusal(refused.code))
        else:
            kept = _("The change has been given up. Your entry stays as it is.")
            notices.success(request, kept if taken.live_entry else _("The application has been withdrawn."))
        return redirect("whitelist:application-list")
    return render(request, "whitelist/applicant/application_withdraw.html", {"application": application})


@require_POST
@applicant_view
def application_reopen(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    """Begin a change of what is published, or go on with the one that was begun."""
    application = own(provider, public_id)
    try:
        reopening.reopen(application, by=request.user)
    except Refused as refused:
        if not applications.can_edit(application):
            notices.warning(request, case_words.refusal(refused.code))
            return redirect("whitelist:application-detail", public_id)
    return redirect("whitelist:application-step", public_id, steps.SERVER)
