"""The public checker: the form of a URL at once, its server as a look that is followed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal import origin
from whitelist import checks, reporting
from whitelist.checks import TooMany
from whitelist.messages import check_words
from whitelist.models import PublicCheck
from whitelist.policy.finding import World
from whitelist.views import findings

_SLOW_AFTER_SECONDS = 10


@require_http_methods(["GET", "HEAD", "POST"])
def url_check(request: HttpRequest) -> HttpResponse:
    """GET: the findings on the form of a URL, with `fragment` only the part that a form page puts beside its field.
    POST: have the server looked at too, and follow it on a page of its own."""
    asked = request.POST if request.method == "POST" else request.GET
    url, world = asked.get("url", ""), _world(asked.get("world"))
    if request.method == "POST" and url:
        return _ask(request, url, world)
    report = reporting.report_for(url, provider=None, world=world, at=timezone.now()) if url else None
    context = {
        "url": url,
        "world": world,
        "findings": findings.shown(report) if report else None,
        "may_accept": "may_accept" in request.GET,
    }
    if "fragment" in request.GET:
        return render(request, "whitelist/findings_panel.html", context)
    return _page(request, context)


def _ask(request: HttpRequest, url: str, world: World) -> HttpResponse:
    try:
        outcome = checks.ask(url, world=world, address=origin.current().address, at=_now())
    except TooMany as refused:
        report = reporting.report_for(url, provider=None, world=world, at=_now())
        context = {
            "url": url,
            "world": world,
            "findings": findings.shown(report),
            "refused": {
                "code": refused.code,
                "words": check_words.REFUSALS[refused.code],
                "again_at": refused.again_at,
            },
        }
        response = _page(request, context, status=429)
        response["Retry-After"] = str(max(1, int((refused.again_at - _now()).total_seconds())))
        return response
    if outcome.check is None:
        return _page(request, {"url": url, "world": world, "findings": findings.shown(outcome.report)})
    return redirect("whitelist:check-detail", outcome.check.public_id)


@require_safe
def check_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is known by now; the page follows by itself, and without script by loading it again."""
    return _page(request, _followed(_check(public_id)))


@require_safe
def check_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    context = {**_followed(_check(public_id)), "may_mend_by_link": True}
    return render(request, "whitelist/public/check_progress.html", context)


def _followed(check: PublicCheck) -> dict[str, Any]:
    at = _now()
    shown = findings.shown(checks.report_of(check, at=at))
    is_done = checks.is_done(check)
    return {
        "check": check,
        "url": check.asked_text,
        "world": check.world,
        "findings": shown,
        "looking": not is_done,
        "is_slow": not is_done and (at - check.asked_at).total_seconds() > _SLOW_AFTER_SECONDS,
        "turn_at": check.probe.due_at if not is_done and check.probe.due_at > at else None,
        "per_cent": 100 * shown.answered / max(1, shown.asked_rules),
        "is_unanswered": shown.counts["inconclusive"] > 0,
    }


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    whole = {
        "may_mend_by_link": True,
        "user_agent": settings.PROBE_USER_AGENT,
        "addresses": settings.PROBE_ADDRESSES,
        **context,
    }
    return render(request, "whitelist/public/url_check.html", whole, status=status)


def _check(public_id: str) -> PublicCheck:
    check = checks.by_id(public_id)
    if check is None:
        raise Http404
    return check


def _world(text: str | None) -> World:
    return "sandbox" if text == "sandbox" else "production"


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)
