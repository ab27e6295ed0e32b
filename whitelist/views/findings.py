"""Findings as a page shows them: meaning, words, and what a machine can mend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from whitelist.messages import finding_words
from whitelist.policy.finding import Finding, Report, Severity

_MEANINGS = {
    Severity.BLOCK: "error",
    Severity.WARN: "warning",
    Severity.INFO: "info",
    Severity.PASSED: "ok",
}


@dataclass(frozen=True)
class Row:
    code: str
    severity: str
    meaning: str
    word: str | Promise
    title: str
    observed: str
    expected: str
    how: str
    mend: str | None


@dataclass(frozen=True)
class Shown:
    """A report for a template: what is open, what passed, what could not run, and the counts."""

    asked: str
    canonical: str
    needs_acceptance: bool
    is_blocked: bool
    open: tuple[Row, ...]
    passed: tuple[Row, ...]
    not_run: int
    counts: Mapping[str, int]
    rule_set: str

    @property
    def canonical_bytes(self) -> int:
        return len(self.canonical)

    @property
    def warnings(self) -> tuple[Row, ...]:
        return tuple(row for row in self.open if row.severity == Severity.WARN)


def shown(report: Report) -> Shown:
    return shown_json(report.as_json(), needs_acceptance=report.needs_acceptance)


def shown_json(report: Mapping[str, Any], *, needs_acceptance: bool = False) -> Shown:
    """From the kept JSON of a report, so that the evidence shows what was found then, in the words of now."""
    rows = [_row(finding) for finding in _findings(report["findings"])]
    counts = {severity.value: sum(row.severity == severity for row in rows) for severity in Severity}
    return Shown(
        asked=report["asked"],
        canonical=report["canonical"] or "",
        needs_acceptance=needs_acceptance,
        is_blocked=report["canonical"] is None or counts["block"] > 0,
        open=tuple(row for row in rows if row.severity != Severity.PASSED),
        passed=tuple(row for row in rows if row.severity == Severity.PASSED),
        not_run=len(report["not_run"]),
        counts=counts,
        rule_set=report["rule_set"],
    )


def _findings(rows: Iterable[Mapping[str, Any]]) -> Iterable[Finding]:
    for row in rows:
        yield Finding(
            code=row["code"],
            severity=Severity(row["severity"]),
            observed=row["observed"],
            expected_args=row["expected_args"],
            mend=row["mend"],
            variant=row["variant"],
        )


def _row(finding: Finding) -> Row:
    words = finding_words.words(finding)
    return Row(
        code=finding.code,
        severity=finding.severity.value,
        meaning=_MEANINGS[finding.severity],
        word=finding_words.SEVERITIES[finding.severity.value],
        title=words.title,
        observed=finding.observed,
        expected=words.expected,
        how=words.mend,
        mend=finding.mend,
    )
