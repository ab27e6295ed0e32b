"""Changing how grave findings are: try it over all live entries, propose, let another person confirm, or withdraw.

A change needs two people, like an entry. It judges what is looked at from its first day on; entries that stand keep
their own rule set until the notice has run out, and their providers are told when that is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max

from portal.audit import services as audit
from portal.jobs import services as jobs
from whitelist import reporting, rule_sets
from whitelist.models import Entry, RuleSetVersion
from whitelist.policy.finding import Severity
from whitelist.policy.rule_set import RULE_SET, RuleSet
from whitelist.refusals import Overtaken, Refused

SHORTEST_NOTICE_DAYS = 14
NOTE_LENGTH = 2000
CHOICES = (Severity.BLOCK, Severity.WARN, Severity.INFO)

_JAPAN = ZoneInfo("Asia/Tokyo")
_TRIAL = "trial"

Changes = Mapping[str, tuple[Severity, Severity]]


@dataclass(frozen=True)
class Failing:
    """A live production entry that would be blocked under the proposed severities and is not under its own."""

    entry: str
    url: str
    provider_id: int
    provider: str
    codes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "entry": self.entry,
            "url": self.url,
            "provider_id": self.provider_id,
            "provider": self.provider,
            "codes": list(self.codes),
        }


@dataclass(frozen=True)
class DryRun:
    """looked: how many live entries were judged; failing: those that would fail."""

    looked: int
    failing: tuple[Failing, ...]

    def as_json(self) -> list[dict[str, Any]]:
        return [row.as_json() for row in self.failing]


def dry_run(changes: Changes, *, at: datetime) -> DryRun:
    """Judge every listed production entry under the set in force with `changes`, and under its own. Changes nothing."""
    proposed = rule_sets.in_force(at).changed(_TRIAL, changes)
    entries = Entry.objects.listed().filter(world="production").select_related("provider").order_by("id")
    failing = []
    for entry in entries:
        codes = _newly_blocked(entry, proposed, at=at)
        if codes:
            assert entry.provider is not None  # a database constraint: a production entry has its provider
            failing.append(
                Failing(entry.public_id, entry.url_text, entry.provider.pk, entry.provider.name, tuple(codes))
            )
    return DryRun(len(entries), tuple(failing))


def _newly_blocked(entry: Entry, proposed: RuleSet, *, at: datetime) -> list[str]:
    own = rule_sets.for_entry(entry.rule_set_version, at)
    report = reporting.report_for(entry.url_text, provider=entry.provider, world="production", at=at, rules=proposed)
    blocks = report.of(Severity.BLOCK)
    return sorted({f.code for f in blocks if own.severity(f.code, f.variant, "production") is not Severity.BLOCK})


def changed_keys(before: RuleSet, after: Mapping[str, tuple[Severity, Severity]]) -> list[str]:
    return [key for key in before.severities if after.get(key, before.severities[key]) != before.severities[key]]


@transaction.atomic
def propose(
    changes: Changes, *, note: str, effective_from: datetime, notice_days: int, by: Any, at: datetime
) -> RuleSetVersion:
    """A proposal with its dry run. Raises Refused: rules.nothing_changed, rules.unknown_code, rules.note_missing,
    rules.notice_too_short, rules.production_milder, rules.one_proposal_at_a_time."""
    present = rule_sets.in_force(at)
    refusal = _refusal(present, changes, note=note, notice_days=notice_days)
    if refusal:
        raise Refused(refusal)
    if waiting() is not None:
        raise Refused("rules.one_proposal_at_a_time")
    number = _next_number()
    row = RuleSetVersion.objects.create(
        number=number,
        name=f"{at.astimezone(_JAPAN):%Y-%m}/r{number}",
        severities={key: list(pair) for key, pair in {**present.severities, **changes}.items()},
        note=note.strip(),
        dry_run=dry_run(changes, at=at).as_json(),
        notice_days=notice_days,
        proposed_by=by,
        proposed_at=at,
        effective_from=max(effective_from, at),
    )
    details = {"failing": len(row.dry_run), "changed": changed_keys(present, changes)}
    audit.record(
        "rules.proposed", row, by=by, before={"version": present.version}, after={"version": row.name}, details=details
    )
    return row


def waiting() -> RuleSetVersion | None:
    """The proposal that waits for its second person."""
    return RuleSetVersion.objects.filter(state=RuleSetVersion.State.PROPOSED).select_related("proposed_by").first()


def confirm(row: RuleSetVersion, *, by: Any, at: datetime) -> RuleSetVersion:
    """The second person's yes; providers whose entries would fail are written to.

    Raises Refused (rules.same_person) and Overtaken (rules.not_waiting, rules.dry_run_changed: other entries would fail
    than were shown, so that a proposal made over the present ones is needed).
    """
    try:
        with transaction.atomic():
            return _confirm(row, by=by, at=at)
    except IntegrityError:
        raise Overtaken("rules.not_waiting") from None


def _confirm(row: RuleSetVersion, *, by: Any, at: datetime) -> RuleSetVersion:
    locked = _lock_waiting(row)
    if locked.proposed_by_id == by.pk:
        raise Refused("rules.same_person")
    if dry_run(rule_sets.severities_of(locked), at=at).as_json() != locked.dry_run:
        raise Overtaken("rules.dry_run_changed")
    effective = max(locked.effective_from, at)
    locked.state = RuleSetVersion.State.CONFIRMED
    locked.closed_by, locked.closed_at = by, at
    locked.effective_from, locked.notice_until = effective, effective + timedelta(days=locked.notice_days)
    locked.save(update_fields=["state", "closed_by", "closed_at", "effective_from", "notice_until"])
    _record_end("rules.confirmed", locked, by=by, failing=len(locked.dry_run))
    for provider_id in sorted({failing["provider_id"] for failing in locked.dry_run}):
        key = f"whitelist.send_rule_notice:{locked.number}:{provider_id}"
        jobs.enqueue("whitelist.send_rule_notice", locked.pk, provider_id, lane="mail", key=key)
    return locked


@transaction.atomic
def withdraw(row: RuleSetVersion, *, by: Any, at: datetime) -> RuleSetVersion:
    """Take a proposal back or turn it down; one person is enough. Raises Overtaken when it is decided already."""
    locked = _lock_waiting(row)
    locked.state, locked.closed_by, locked.closed_at = RuleSetVersion.State.WITHDRAWN, by, at
    locked.save(update_fields=["state", "closed_by", "closed_at"])
    _record_end("rules.withdrawn", locked, by=by)
    return locked


def _record_end(action: str, row: RuleSetVersion, *, by: Any, **details: int) -> None:
    before, after = {"state": RuleSetVersion.State.PROPOSED.value}, {"state": str(row.state)}
    audit.record(action, row, by=by, before=before, after=after, details={"version": row.name, **details})


def _lock_waiting(row: RuleSetVersion) -> RuleSetVersion:
    locked = RuleSetVersion.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.state != RuleSetVersion.State.PROPOSED:
        raise Overtaken("rules.not_waiting")
    return locked


def _refusal(present: RuleSet, changes: Changes, *, note: str, notice_days: int) -> str | None:
    if set(changes) - set(present.severities):
        return "rules.unknown_code"
    if not changed_keys(present, changes):
        return "rules.nothing_changed"
    order = [Severity.PASSED, Severity.INFO, Severity.WARN, Severity.BLOCK]
    if any(order.index(production) < order.index(sandbox) for sandbox, production in changes.values()):
        return "rules.production_milder"
    if not note.strip() or len(note) > NOTE_LENGTH:
        return "rules.note_missing"
    return None if notice_days >= SHORTEST_NOTICE_DAYS else "rules.notice_too_short"


def _next_number() -> int:
    """The seed has a number too: that of its name."""
    seed = int(RULE_SET.version.rpartition("r")[2])
    return max(seed, RuleSetVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
