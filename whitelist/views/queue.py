"""The reviewers' queue: whose turn, how long, how carefully; sorted by what is due first."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from whitelist import casework, claims, deadlines, permissions
from whitelist.messages import case_words, lane_words
from whitelist.models import Application
from whitelist.permissions import reviewer_view
from whitelist.policy.lanes import Lane
from whitelist.policy.legal_clock import day_of
from whitelist.policy.queue_age import urgency
from whitelist.policy.working_days import FAST_PERIOD
from whitelist.views import evidence, findings, queue_age

VIEWS = ("mine", "first", "second", "fast", "applicant")
ALL_VIEWS = (*VIEWS, "decided")
_SHOWN_AT_MOST = 100


@require_safe
@reviewer_view
def queue(request: HttpRequest) -> HttpResponse:
    at = timezone.now().replace(microsecond=0)
    rows = [row_of(application, request.user, at) for application in submitted()]
    rows.sort(key=lambda row: (row["clock"].due, row["application"].pk))
    view, lane = request.GET.get("view", ""), request.GET.get("lane", "")
    asked = request.GET.get("q", "")
    shown = [row for row in rows if matches(row, view, asked.strip().lower(), lane)]
    if request.GET.get("sort") == "newest":
        shown.sort(key=lambda row: row["application"].pk, reverse=True)
    open_rows = [row for row in rows if row["stage"]]
    context = {
        "views": [
            {"name": name, "words": case_words.QUEUE_VIEWS[name], "count": sum(matches(row, name) for row in rows)}
            for name in VIEWS
        ],
        "decided_count": sum(matches(row, "decided") for row in rows),
        "chosen": view,
        "asked": asked,
        "lane": lane,
        "lanes": lane_words.LANES.items(),
        "sort": request.GET.get("sort", ""),
        "mine": [row for row in shown if row["is_mine"]][:_SHOWN_AT_MOST],
        "free": [row for row in shown if not row["is_mine"]][:_SHOWN_AT_MOST],
        "due_today": sum(row["clock"].due == day_of(at) for row in open_rows),
        "overdue": sum(row["clock"].is_overdue for row in open_rows),
        "age": queue_age.of(row["clock"] for row in rows if not row["is_decided"]),
        "now": at,
    }
    return render(request, "whitelist/reviewer/queue.html", context)


def submitted() -> QuerySet[Application]:
    """Everything that was ever before the reviewers, with what a row shows."""
    found = Application.objects.filter(current_revision__isnull=False, submitted_at__isnull=False)
    related = ("provider", "current_revision", "claimed_by", "live_entry__revision", "published_in")
    return found.select_related(*related).prefetch_related("transitions", "current_revision__reports")


def matches(row: dict[str, Any], view: str, asked: str = "", lane: str = "") -> bool:
    in_view = {
        "mine": row["is_mine"],
        "first": row["stage"] == "first",
        "second": row["stage"] == "second",
        "fast": bool(row["stage"]) and row["lane"] == Lane.FAST,
        "applicant": row["is_applicants"],
        "decided": row["is_decided"],
    }.get(view, not row["is_decided"])
    return in_view and asked in row["searched"] and lane in ("", row["lane"])


def row_of(application: Application, reviewer: Any, at: datetime) -> dict[str, Any]:
    stage = claims.stage_of(application)
    revision = application.current_revision
    assert revision is not None
    report = max(revision.reports.all(), key=lambda kept: kept.number)
    found = findings.shown_json(report.report)
    lane = casework.lane_of(application, [row.code for row in found.warnings], at=at)
    is_fast = lane.lane is Lane.FAST
    clock = deadlines.clock_of(application, at, period=FAST_PERIOD) if is_fast else deadlines.clock_of(application, at)
    assert clock is not None
    said, live = revision.content, casework.live_content(application)
    return {
        "application": application,
        "purposes": evidence.content_facts(said)["purposes"],
        "url": said["url"],
        "changes": evidence.differences(live, said)[:3] if live else [],
        "stage": stage,
        "is_decided": clock.is_stopped,
        "is_applicants": clock.is_paused,
        "state": evidence.state(application),
        "clock": clock,
        "share": f"{min(max(clock.used, 0) * 100 / clock.period, 100):.2f}",
        "meaning": queue_age.MEANINGS[urgency(clock)],
        "lane": str(lane.lane),
        "lane_words": lane_words.LANES[lane.lane],
        "lane_reason": lane_words.REASONS[lane.reasons[0]],
        "counts": found.counts,
        "searched": f"{application.public_id} {application.provider.name} {said['url']}".lower(),
        **_claim(application, reviewer, stage, at),
    }


def _claim(application: Application, reviewer: Any, stage: str | None, at: datetime) -> dict[str, Any]:
    """Who has it, and whether this reviewer may take it."""
    held = stage is not None and claims.is_claimed(application, at)
    refusal = permissions.review_refusal(application, reviewer) if stage else None
    is_mine = held and application.claimed_by_id == reviewer.pk
    return {
        "is_mine": is_mine,
        "is_others": held and not is_mine,
        "refusal": case_words.refusal(refusal) if refusal else "",
        "can_claim": bool(stage) and not held and not refusal,
    }
