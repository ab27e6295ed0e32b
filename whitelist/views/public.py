"""Public pages: URL checker, review criteria, and the list as everybody may check it."""

from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.environments import services as environments
from whitelist import ledger, publication, reporting, services
from whitelist.messages import case_words, finding_words, measure_words
from whitelist.models import Entry, ListVersion
from whitelist.policy import criteria as policy_criteria
from whitelist.policy import url_rules, working_days
from whitelist.policy.measures import MEASURES, Measure
from whitelist.policy.server_rules import SERVER_RULES

_VERSIONS_SHOWN = 20


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    context = {
        "criteria": [
            {"number": c.number, "words": case_words.CRITERIA[c.code]}
            for c in policy_criteria.CRITERIA
            if not c.code.startswith("measure.")
        ],
        "measures": [_measure(measure) for measure in MEASURES],
        "emulation": measure_words.EMULATION,
        "notice": case_words.CRITERIA[policy_criteria.NOTICE_CODE],
        "version": policy_criteria.CRITERIA_VERSION,
        "rule_set": reporting.version_in_force(timezone.now()),
        "standard_period": working_days.STANDARD_PERIOD,
        "rules": [
            {"code": code, "source": source, "words": finding_words.passed(code)} for code, source in _rule_sources()
        ],
    }
    return render(request, "whitelist/public/criteria.html", context)


def _rule_sources() -> list[tuple[str, str]]:
    on_urls = [(rule.code, rule.source) for rule in url_rules.RULES.values()]
    return on_urls + [(rule.code, rule.source) for rule in SERVER_RULES.values()]


def _measure(measure: Measure) -> dict[str, Any]:
    words = measure_words.MEASURES[measure.code]
    return {
        "number": measure.criterion_number,
        "title": words.title,
        "statement": words.statement,
        "source": measure.source,
        "is_for_apps": measure.kinds == ("app",),
    }


@require_safe
def list_current(request: HttpRequest) -> HttpResponse:
    return _list_page(request, publication.current_version(environments.production()))


@require_safe
def list_version(request: HttpRequest, number: int) -> HttpResponse:
    return _list_page(request, _version(number))


@require_safe
def list_signed(request: HttpRequest, number: int) -> HttpResponse:
    """The version as it was signed (compact JWS); it never changes."""
    version = _version(number)
    response = HttpResponse(version.jws, content_type="application/jose")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Disposition"] = f'attachment; filename="whitelist-{version.number}.jws"'
    return response


def _version(number: int) -> ListVersion:
    version = ListVersion.objects.filter(environment=environments.production(), number=number).first()
    if version is None:
        raise Http404
    return version


def _list_page(request: HttpRequest, version: ListVersion | None) -> HttpResponse:
    production = environments.production()
    newest = publication.current_version(production)
    log = list(ListVersion.objects.filter(environment=production).order_by("-number")[:_VERSIONS_SHOWN])
    asked = request.GET.get("url", "")
    context = {
        "version": version,
        "newest": newest,
        "log": [_log_row(row) for row in log],
        "is_unbroken": all(older.digest == newer.previous_digest for newer, older in pairwise(log)),
        "asked": asked,
        "found": _find(version, asked) if version and asked else None,
        "nearest": services.explain(production, asked.encode("utf-8", "replace"), limit=1).near if asked else (),
    }
    return render(request, "whitelist/public/list.html", context)


def _log_row(version: ListVersion) -> dict[str, Any]:
    entries = Entry.objects.filter(public_id__in=[*version.added, *version.removed]).select_related("provider")
    names = sorted({entry.provider.name for entry in entries if entry.provider})
    return {"version": version, "names": names, "ids": [*version.added, *version.removed]}


def _find(version: ListVersion, asked: str) -> dict[str, Any] | None:
    """The entry of `version` with exactly these bytes, as the signed document has it."""
    for listed in ledger.listed_in(version):
        if listed["url"].encode() == asked.encode("utf-8", "replace"):
            entry = Entry.objects.select_related("provider").get(public_id=listed["id"])
            purposes = [case_words.PURPOSES[purpose] for purpose in listed["purposes"]]
            return {"entry": entry, "purposes": purposes, "since": listed["since"]}
    return None
