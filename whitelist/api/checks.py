"""POST return-servers/check and GET return-servers/checks/{id}: the public checker for programs, without a key."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from drf_spectacular.utils import extend_schema

from portal import origin
from portal.api.base import LeanView
from portal.api.decoding import Fields
from portal.problems import Problem, language_of
from whitelist import checks
from whitelist.api import check_shapes as shapes
from whitelist.messages import finding_words
from whitelist.models import PublicCheck
from whitelist.policy.finding import Finding, Report, World
from whitelist.policy.url_rules import UNREAD_ABOVE


class ReturnServerCheck(LeanView):
    authentication_classes = []
    needs_key = False

    @extend_schema(
        operation_id="return_server_check",
        auth=[],
        tags=["return servers"],
        request={"application/json": shapes.REQUEST},
        responses=shapes.answers_200(shapes.CHECK, 400, 411, 413, 415, 422, 429),
        **shapes.WORDS["check"],
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        url, world = _question(self.body())
        at, language = _now(), language_of(request)
        try:
            outcome = checks.ask(url, world=world, address=origin.current().address, at=at)
        except checks.TooMany as refused:
            wait = max(1, int((refused.again_at - at).total_seconds()))
            raise Problem(refused.code, headers={"Retry-After": str(wait)}) from None
        if outcome.check is None:
            return self.answer(_without_look(outcome.report, language), language=language)
        return self.answer(_with_look(outcome.check, at, language), language=language)


class ReturnServerCheckResult(LeanView):
    authentication_classes = []
    needs_key = False

    @extend_schema(
        operation_id="return_server_check_result",
        auth=[],
        tags=["return servers"],
        responses=shapes.answers_200(shapes.CHECK, 404),
        **shapes.WORDS["result"],
    )
    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        check = checks.by_id(public_id)
        if check is None:
            raise Problem("not_found")
        language = language_of(request)
        return self.answer(_with_look(check, _now(), language), language=language)


def _question(body: dict[str, Any]) -> tuple[str, World]:
    fields = Fields(body)
    url = fields.text("url", max_length=UNREAD_ABOVE)
    world = fields.choice("world", ("production", "sandbox"), required=False)
    if not url and "url" not in body:
        fields.wrong("url", "field.required")
    fields.finish()
    return url or "", "sandbox" if world == "sandbox" else "production"


def _with_look(check: PublicCheck, at: datetime, language: str) -> dict[str, Any]:
    looked = check.probe.looked_at
    return {
        "id": check.public_id,
        "status": "done" if checks.is_done(check) else "looking",
        "result_url": settings.SITE_URL + reverse("api:return-server-check-result", args=[check.public_id]),
        "asked_at": _written(check.asked_at),
        "looked_at": _written(looked) if looked else None,
        **_report(checks.report_of(check, at=at), language),
    }


def _without_look(report: Report, language: str) -> dict[str, Any]:
    head = {"id": None, "status": "not_looked_at", "result_url": None, "asked_at": None, "looked_at": None}
    return {**head, **_report(report, language)}


def _report(report: Report, language: str) -> dict[str, Any]:
    """The report exactly as an application keeps it, each finding with its sentences beside it."""
    whole = report.as_json()
    with translation.override(language):
        whole["findings"] = [{**finding.as_json(), **_words(finding)} for finding in report.findings]
    return {
        "report": whole,
        "scanner": {"user_agent": settings.PROBE_USER_AGENT, "addresses": list(settings.PROBE_ADDRESSES)},
    }


def _words(finding: Finding) -> dict[str, str]:
    words = finding_words.words(finding)
    return {
        "title": words.title,
        "expected": words.expected,
        "how_to_mend": words.mend,
        "recipe": settings.SITE_URL + reverse("whitelist:recipe", args=[finding.code]),
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
