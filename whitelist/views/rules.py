"""The rule editor: try other severities over all live entries, propose them, confirm as the second person."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.permissions import fresh_log_in_required
from portal.providers.permissions import staff_required
from whitelist import rule_changes, rule_sets
from whitelist.messages import finding_words, rule_words, server_words
from whitelist.models import RuleSetVersion
from whitelist.policy.finding import Severity
from whitelist.policy.revision import digest
from whitelist.policy.rule_set import RULE_SET, RuleSet
from whitelist.refusals import Overtaken, Refused
from whitelist.rule_changes import DryRun
from whitelist.views.recipes import GROUPS

_JAPAN = ZoneInfo("Asia/Tokyo")
_WORLDS = ("sandbox", "production")
_CHOICES = frozenset(severity.value for severity in rule_changes.CHOICES)
_STATE_MEANINGS = {"proposed": "waiting", "confirmed": "ok", "withdrawn": "not_run"}

Changes = dict[str, tuple[Severity, Severity]]


@require_safe
@staff_required
def rule_list(request: HttpRequest) -> HttpResponse:
    at = _now()
    versions = RuleSetVersion.objects.select_related("proposed_by", "closed_by").order_by("-number")
    context = {
        "in_force": rule_sets.in_force(at).version,
        "seed": RULE_SET.version,
        "versions": [_summary(row, at) for row in versions],
        "has_proposal": rule_changes.waiting() is not None,
    }
    return render(request, "whitelist/reviewer/rule_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def rule_edit(request: HttpRequest) -> HttpResponse:
    """GET: the table. POST `try`: the dry run over all live entries. POST `propose`: only what has just been tried."""
    at = _now()
    present = rule_sets.in_force(at)
    changes, unknown = _changes(request.POST, present)
    trial = rule_changes.dry_run(changes, at=at) if changes else None
    refused = "rules.unknown_code" if unknown else ""
    if request.method == "POST" and not refused:
        if trial is None:
            refused = "rules.nothing_changed"
        elif request.POST.get("action") == "propose":
            if request.POST.get("seen") != _seal(changes, trial):
                refused = "rules.dry_run_changed"
            else:
                try:
                    row = _propose(request, changes, at)
                except Refused as error:
                    refused = error.code
                else:
                    notices.success(request, _("Proposed. Another person confirms it."))
                    return redirect("review:rule-detail", row.number)
    context = {
        "groups": _groups(present, changes),
        "choices": [(s.value, finding_words.SEVERITIES[s.value]) for s in rule_changes.CHOICES],
        "present": present.version,
        "changed": _changed_rows(present, changes),
        "trial": trial,
        "failing": trial.as_json() if trial else [],
        "seen": _seal(changes, trial) if trial else "",
        "refused": rule_words.REFUSALS[refused] if refused else "",
        "refused_code": refused,
        "note": request.POST.get("note", ""),
        "effective_from": request.POST.get("effective_from") or at.astimezone(_JAPAN).date().isoformat(),
        "notice_days": request.POST.get("notice_days") or "30",
        "shortest_notice": rule_changes.SHORTEST_NOTICE_DAYS,
        "note_length": rule_changes.NOTE_LENGTH,
    }
    return render(request, "whitelist/reviewer/rule_edit.html", context, status=422 if refused else 200)


@require_safe
@staff_required
def rule_detail(request: HttpRequest, number: int) -> HttpResponse:
    row = _version(number)
    at = _now()
    before = _before(row)
    context = {
        "summary": _summary(row, at),
        "version": row,
        "before": before.version,
        "changed": _changed_rows(before, rule_sets.severities_of(row)),
        "failing": row.dry_run,
        "is_open": row.state == RuleSetVersion.State.PROPOSED,
        "is_own": row.proposed_by_id == request.user.pk,
    }
    return render(request, "whitelist/reviewer/rule_detail.html", context)


@require_POST
@staff_required
def rule_confirm(request: HttpRequest, number: int) -> HttpResponse:
    return _confirm(request, _version(number))


@fresh_log_in_required(act=_("confirming a change of the rules"))
def _confirm(request: HttpRequest, row: RuleSetVersion) -> HttpResponse:
    return _decide(request, row, rule_changes.confirm, _("Confirmed. The providers concerned are written to."))


@require_POST
@staff_required
def rule_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    return _decide(request, _version(number), rule_changes.withdraw, _("Withdrawn. Nothing has changed."))


def _decide(request: HttpRequest, row: RuleSetVersion, verb: Any, done: Any) -> HttpResponse:
    try:
        verb(row, by=request.user, at=_now())
    except (Refused, Overtaken) as refused:
        notices.warning(request, str(rule_words.REFUSALS[refused.code]))
    else:
        notices.success(request, done)
    return redirect("review:rule-detail", row.number)


def _propose(request: HttpRequest, changes: Changes, at: datetime) -> RuleSetVersion:
    days = request.POST.get("notice_days", "")
    return rule_changes.propose(
        changes,
        note=request.POST.get("note", ""),
        effective_from=_day(request.POST.get("effective_from", ""), at),
        notice_days=min(int(days), 3650) if days.isascii() and days.isdigit() and len(days) < 6 else 0,
        by=request.user,
        at=at,
    )


def _day(text: str, at: datetime) -> datetime:
    """The beginning of that day in Japan; today where the text is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return at
    furthest = at.astimezone(_JAPAN).date() + timedelta(days=3650)
    return datetime.combine(min(day, furthest), time.min, tzinfo=_JAPAN)


def _changes(sent: Mapping[str, str], present: RuleSet) -> tuple[Changes, bool]:
    """What was chosen otherwise than it stands, and whether anything unknown was sent."""
    changes: Changes = {}
    for key, own in present.severities.items():
        chosen = tuple(sent.get(f"{world}:{key}", now.value) for world, now in zip(_WORLDS, own, strict=True))
        if any(value not in _CHOICES and value != now for value, now in zip(chosen, own, strict=True)):
            return {}, True
        pair = (Severity(chosen[0]), Severity(chosen[1]))
        if pair != own:
            changes[key] = pair
    return changes, False


def _groups(present: RuleSet, changes: Changes) -> list[dict[str, Any]]:
    table = {**present.severities, **changes}
    return [
        {"title": title, "rows": [_row(key, table[key], key in changes) for key in table if key.startswith(head)]}
        for head, title in GROUPS
    ]


def _row(key: str, pair: tuple[Severity, Severity], is_changed: bool) -> dict[str, Any]:
    return {
        "key": key,
        "title": _title(key),
        "sandbox": pair[0].value,
        "production": pair[1].value,
        "changed": is_changed,
    }


def _changed_rows(before: RuleSet, after: Mapping[str, tuple[Severity, Severity]]) -> list[dict[str, Any]]:
    rows = []
    for key in rule_changes.changed_keys(before, after):
        for place, world in enumerate(_WORLDS):
            old, new = before.severities[key][place], after[key][place]
            if old != new:
                rows.append({"key": key, "title": _title(key), "world": world, "old": _word(old), "new": _word(new)})
    return rows


def _word(severity: Severity) -> Any:
    return finding_words.SEVERITIES[severity.value]


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _title(key: str) -> str:
    code, _slash, variant = key.partition("/")
    tables = {**finding_words.FINDINGS, **server_words.FINDINGS}
    sentences = tables.get((code, variant)) or tables[code, ""]
    return str(sentences.title) % _Blank()


def _summary(row: RuleSetVersion, at: datetime) -> dict[str, Any]:
    return {
        "version": row,
        "meaning": _STATE_MEANINGS[row.state],
        "state": rule_words.STATES[row.state],
        "failing": len(row.dry_run),
        "is_confirmed": row.state == RuleSetVersion.State.CONFIRMED,
    }


def _before(row: RuleSetVersion) -> RuleSet:
    """The set that was in force when this one was proposed."""
    return rule_sets.in_force(row.proposed_at)


def _seal(changes: Changes, trial: DryRun) -> str:
    """What was shown in a dry run, as one value: a proposal is made over exactly this."""
    return digest({"changes": {key: list(pair) for key, pair in changes.items()}, "failing": trial.as_json()})


def _version(number: int) -> RuleSetVersion:
    row = RuleSetVersion.objects.select_related("proposed_by", "closed_by").filter(number=number).first()
    if row is None:
        raise Http404
    return row


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)
