"""Public pages: URL checker, review criteria, and the list as everybody may check it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from whitelist import reporting
from whitelist.messages import case_words, finding_words, measure_words
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
