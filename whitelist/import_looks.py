"""What the engine says about the return servers of a table: the rules at once, their servers when they were looked at.

A table may name a thousand servers; the first LOOKED_AT are judged by every rule and looked at, the others by the rules
on their URL alone until their applications are filled in and sent. Nothing found here keeps a row from becoming a draft
but what can never be an entry: the rest is for the applicant to mend before sending.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from whitelist import looks, reporting, rule_sets
from whitelist.models import BulkImport, Probe
from whitelist.policy import bulk, server_facts, server_rules, url_rules
from whitelist.policy.bulk import UrlAnswer, UrlFinding
from whitelist.policy.finding import Finding, Severity
from whitelist.policy.server_rule import Context

LOOKED_AT = 100
_FOLLOWED = timedelta(minutes=15)  # how long the page asks whether a look has happened
_TOLD = (Severity.BLOCK, Severity.WARN, Severity.INCONCLUSIVE)


class UrlEngine:
    """Asks the rules about one URL after the other, for the table `row`; counts the servers it named."""

    def __init__(self, row: BulkImport) -> None:
        self._row, self._at = row, timezone.now().replace(microsecond=0)
        self._rules = rule_sets.in_force(self._at)
        self._named: set[bytes] = set()

    def __call__(self, url: str) -> UrlAnswer:
        world: Any = self._row.world
        report = url_rules.check(url, world=world, rules=self._rules)
        own = {finding.code for finding in report.of(Severity.BLOCK)}
        if report.canonical is not None and self._has_room(report.canonical):
            report = reporting.report_for(url, provider=self._row.provider, world=world, at=self._at, rules=self._rules)
        told = tuple(_told(found, blocks=found.code in own) for found in report.findings if found.severity in _TOLD)
        return UrlAnswer(report.canonical.decode("ascii") if report.canonical else "", told, report.waiting)

    def _has_room(self, canonical: bytes) -> bool:
        if self._row.world != "production":
            return False
        if len(self._named) < LOOKED_AT:
            self._named.add(canonical)
        return canonical in self._named


def _told(found: Finding, *, blocks: bool) -> UrlFinding:
    args = {name: str(value) for name, value in found.expected_args.items()}
    return UrlFinding(found.code, found.variant, found.observed, found.mend or "", blocks, args)


def ask(row: BulkImport, *, at: datetime) -> int:
    """Have the servers looked at that rules wait for, where nobody has lately; how many looks were asked for."""
    asked = 0
    for draft in _to_look_at(row):
        values = draft["values"]
        url, app = values["url"].encode("ascii"), {"identifier": values.get("app_identifier", "")}
        content = {"kind": values["kind"], "app": app}
        asked += looks.ask_where_stale(url, content, holder=row.provider, reason="import", at=at) is not None
    return asked


def _to_look_at(row: BulkImport) -> list[Mapping[str, Any]]:
    found = [draft for draft in row.drafts if draft.get("waiting")]
    return [draft for draft in found if reporting.can_be_looked_at(draft["values"]["url"].encode("ascii"))]


@dataclass(frozen=True)
class Seen:
    """The server of one draft: when it was looked at, or that it is being looked at; neither: nobody looks yet.

    is_due: its turn has come, so that the page may wait for it.
    """

    looked_at: datetime | None
    is_awaited: bool
    is_due: bool
    findings: Sequence[bulk.CellFinding]


def seen(row: BulkImport, *, at: datetime) -> dict[int, Seen]:
    """By the number of the draft, for every draft that rules on its server waited for when the table was read."""
    drafts = _to_look_at(row)
    newest: dict[bytes, Probe] = {}
    for probe in Probe.objects.filter(url__in=[draft["values"]["url"].encode("ascii") for draft in drafts]).order_by(
        "id"
    ):
        newest[bytes(probe.url)] = probe
    return {draft["number"]: _seen(draft, newest.get(draft["values"]["url"].encode("ascii")), at) for draft in drafts}


def _seen(draft: Mapping[str, Any], probe: Probe | None, at: datetime) -> Seen:
    if probe is None:
        return Seen(None, is_awaited=False, is_due=False, findings=())
    if probe.facts_json is None:
        is_due = probe.due_at <= at < max(probe.due_at, probe.asked_at) + _FOLLOWED
        return Seen(None, is_awaited=True, is_due=is_due, findings=())
    facts = server_facts.from_json(probe.facts_json)
    context = Context(at=at, url=probe.url_text, host=probe.host)
    judged = server_rules.judge(facts, context, rules=rule_sets.in_force(at), world="production")
    told = [found for found in judged.findings if found.code in draft["waiting"] and found.severity in _TOLD]
    place = (str(draft["cell"][0]), str(draft["cell"][1]))
    findings = [bulk.url_finding(place, _told(found, blocks=False)) for found in told]
    return Seen(probe.looked_at, is_awaited=False, is_due=False, findings=findings)
