"""The verification log: what an SP's keys asked, what was answered, and why."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from portal.providers.permissions import seat_required
from verifier import kind_words, reason_words, services, status_changes
from verifier.api import answers
from verifier.messages import kind_nouns, source_words, step_words, verdict_words
from verifier.models import Verification, VerificationSet
from verifier.rule_words import RULES

PAGE_SIZE = 20
_MOMENTS = {"at", "not_before", "not_after", "this_update", "next_update", "revoked_at", "produced_at"}
_WORDS_OF_VALUES: dict[str, Any] = {
    "purpose": kind_nouns.PURPOSES,
    "purpose_asked": kind_nouns.PURPOSES,
    "medium": kind_nouns.MEDIA,
    "declared_medium": kind_nouns.MEDIA,
    "covers": step_words.COVERS,
    "changes": step_words.CHANGES,
}
_TIMES = ("this_update", "next_update", "fetched_at", "produced_at")
PERIODS = ("today", "week", "all")


@dataclass(frozen=True)
class Filters:
    """What the person looks for; absurd values count as not given, so that an old bookmark still opens."""

    kind: str
    search: str
    verdict: str
    medium: str
    key: str
    period: str
    before: int | None

    @classmethod
    def of(cls, request: HttpRequest) -> "Filters":
        given = request.GET
        before = given.get("before", "")
        return cls(
            kind=_one_of(given.get("environment"), ("sandbox", "production")),
            search=given.get("search", "").strip().replace("\0", "")[:64],
            verdict=_one_of(given.get("verdict"), ("", *verdict_words.VERDICT_WORDS)),
            medium=_one_of(given.get("medium"), ("", *kind_nouns.MEDIA)),
            key=given.get("key", "").replace("\0", "")[:30],
            period=_one_of(given.get("period"), PERIODS, "all"),
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
        )

    def query(self, **changes: Any) -> str:
        """The address' query for the same filters with changes."""
        values = {
            "environment": self.kind if self.kind != "sandbox" else "",
            "search": self.search,
            "verdict": self.verdict,
            "medium": self.medium,
            "key": self.key,
            "period": self.period if self.period != "all" else "",
            **changes,
        }
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.verdict or self.medium or self.key or self.period != "all")

    def apply(self, records: VerificationSet, *, now: datetime) -> VerificationSet:
        if self.search:
            records = records.matching(self.search)
        if self.verdict:
            records = records.filter(verdict=self.verdict)
        if self.medium:
            records = records.filter(medium=self.medium)
        if self.key:
            records = records.filter(client__prefix=self.key)
        if self.period != "all":
            records = records.filter(created_at__gte=_beginning(self.period, now))
        return records


@require_safe
@seat_required
def verification_list(request: HttpRequest, seat: Any) -> HttpResponse:
    return _log(request, seat, None)


@require_safe
@seat_required
def verification_detail(request: HttpRequest, seat: Any, public_id: str) -> HttpResponse:
    record = services.of_provider(seat.provider, public_id=public_id)
    if record is None:
        raise Http404
    return _log(request, seat, record)


def _log(request: HttpRequest, seat: Any, chosen: Verification | None) -> HttpResponse:
    """List at the left, the chosen record at the right; on a narrow screen the record is a page of its own."""
    filters = Filters.of(request)
    if chosen is not None:
        filters = Filters(**{**filters.__dict__, "kind": chosen.environment.kind})
    everything = services.log_of(seat.provider, kind=filters.kind)
    found = filters.apply(everything, now=timezone.now())
    rows = list(found.older_than(filters.before)[: PAGE_SIZE + 1])
    context = {
        "environment": services.environment_for_log(seat.provider, kind=filters.kind),
        "filters": filters,
        "keys": services.keys_of(seat.provider, kind=filters.kind),
        "periods": PERIODS,
        "rows": [_row(record) for record in rows[:PAGE_SIZE]],
        "count": found.count(),
        "next_query": filters.query(before=rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else "",
        "list_query": filters.query(),
        "has_any": bool(rows) or everything.exists(),
        "media": kind_nouns.MEDIA,
        "verdict_words": verdict_words.VERDICT_WORDS,
        "site_url": settings.SITE_URL,
        "chosen": _detail(chosen) if chosen else None,
        "sources": [_source(source) for source in services.sources_of(seat.provider, kind=filters.kind)],
        "responders": [_responder(row) for row in services.responders_of(seat.provider, kind=filters.kind)],
    }
    return render(request, "verifier/verification_log.html", context)


def _row(record: Verification) -> dict[str, Any]:
    return {
        "record": record,
        "group": record.medium.partition("_")[0],
        "purpose": kind_nouns.PURPOSES[record.purpose],
        "short": verdict_words.SHORT[record.code],
    }


def _detail(record: Verification) -> dict[str, Any]:
    language = translation.get_language() or settings.LANGUAGE_CODE
    deciding = next((n for n, step in enumerate(record.steps, 1) if step["result"] != "passed"), None)
    return {
        "record": record,
        "sentence": verdict_words.VERDICTS[record.code],
        "purpose": kind_nouns.PURPOSES[record.purpose],
        "told_by": _told_by(record),
        "unconfirmed": _unconfirmed(record),
        "steps": [_step(n, step, deciding) for n, step in enumerate(record.steps, 1)],
        "document": _document(record),
        "revocation": _revocation(record),
        "since": [_change(change) for change in status_changes.since(record)],
        "to_the_holder": _to_the_holder(record, language),
        "no_answer": source_words.OCSP_ERRORS.get((record.revocation or {}).get("detail") or "", ""),
        "json": json.dumps(
            answers.of_verification(record, environment=record.environment, language=language),
            ensure_ascii=False,
            indent=2,
        ),
    }


def _document(record: Verification) -> str:
    """The kind of document that the signature stood in, by the end of its file's name; empty if in none."""
    found = next((step for step in record.steps if step["id"] == "document"), None)
    return str(found["looked_at"]["document"]).lower() if found else ""


def _change(change: Any) -> dict[str, Any]:
    return {"change": change, "words": source_words.BECAME[change.became]}


def _source(source: dict[str, Any]) -> dict[str, Any]:
    return {**source, "error": source_words.REFRESH_ERRORS.get(source["point"].last_error, "")}


def _responder(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "purpose": kind_nouns.PURPOSES[row.anchor.purpose],
        "medium": kind_nouns.MEDIA_GROUPS[row.medium_group],
        "error": source_words.OCSP_ERRORS.get(row.last_error, ""),
    }


def _told_by(record: Verification) -> list[dict[str, Any]]:
    told = (record.certificate or {}).get("told_by", {})
    return [_fact(name, value) for name, value in told.items() if value]


def _unconfirmed(record: Verification) -> list[dict[str, Any]]:
    """The values that are not public and that the verdict rests on, in words."""
    found = (record.certificate or {}).get("unconfirmed_values", [])
    return [{"name": kind_words.VALUES[each["value"]], "basis": kind_words.BASES[each["basis"]]} for each in found]


def _step(number: int, step: dict[str, Any], deciding: int | None) -> dict[str, Any]:
    seen = {name: value for name, value in step["looked_at"].items() if value not in (None, "")}
    return {
        "number": number,
        "id": step["id"],
        "name": step_words.STEPS[step["id"]],
        "result": step["result"],
        "code": step["code"],
        "is_deciding": number == deciding,
        "decided_by": deciding,
        "summary": [_fact(name, seen[name]) for name in step_words.IN_SHORT[step["id"]] if name in seen],
        "facts": [_fact(name, value) for name, value in seen.items()],
    }


def _fact(name: str, value: Any) -> dict[str, Any]:
    """One thing a step looked at, as people read it: a moment as a moment, purpose and medium in words."""
    words = _WORDS_OF_VALUES.get(name, {})
    if name in _MOMENTS and isinstance(value, str):
        return {"name": step_words.LOOKED_AT[name], "moment": parse_datetime(value), "value": value}
    if name == "rule":
        return {"name": step_words.LOOKED_AT[name], "moment": None, "words": RULES.get(value, ""), "value": value}
    if isinstance(value, bool):
        value = str(value).lower()
    return {"name": step_words.LOOKED_AT[name], "moment": None, "value": words.get(value, value)}


def _revocation(record: Verification) -> dict[str, Any] | None:
    """The window of the list or answer with its moments as moments."""
    facts = record.revocation
    if not facts or not facts["this_update"]:
        return None
    return {
        **facts,
        **{name: parse_datetime(facts[name]) for name in _TIMES if facts.get(name)},
        "at": record.verified_at,
    }


def _to_the_holder(record: Verification, language: str) -> dict[str, str]:
    """What the reason for a revocation means, and what the holder can do."""
    reason = (record.revocation or {}).get("reason")
    return reason_words.told(reason, record.medium.partition("_")[0], language) if reason else {}


def _one_of(value: str | None, values: tuple[str, ...], default: str | None = None) -> str:
    fallback = values[0] if default is None else default
    return value if value in values else fallback


def _beginning(period: str, now: datetime) -> datetime:
    """Today begins at midnight in Japan; a week is seven days with today the last."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if period == "today" else midnight - timedelta(days=6)
