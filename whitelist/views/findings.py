"""Findings as a page shows them: meaning, words, and what a machine can mend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils.functional import Promise

from whitelist.messages import finding_words, server_words
from whitelist.policy.finding import Finding, Report, Severity

MEANINGS = {
    Severity.BLOCK: "error",
    Severity.WARN: "warning",
    Severity.INCONCLUSIVE: "unknown",
    Severity.NOT_RUN: "not_run",
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
    recipe: str


@dataclass(frozen=True)
class Shown:
    """A report for a template: what is open, what passed, what waits for a look, what could not run, and the counts."""

    asked: str
    canonical: str
    needs_acceptance: bool
    is_blocked: bool
    open: tuple[Row, ...]
    passed: tuple[Row, ...]
    waiting: tuple[str | Promise, ...]
    not_run: int
    counts: Mapping[str, int]
    rule_set: str

    @property
    def canonical_bytes(self) -> int:
        return len(self.canonical)

    @property
    def answered(self) -> int:
        """Rules that have given their answer, whatever it is."""
        return len(self.open) + len(self.passed)

    @property
    def asked_rules(self) -> int:
        """Rules that give one sooner or later."""
        return self.answered + len(self.waiting)

    @property
    def warnings(self) -> tuple[Row, ...]:
        return tuple(row for row in self.open if row.severity == Severity.WARN)


def shown(report: Report) -> Shown:
    return shown_json(report.as_json(), needs_acceptance=report.needs_acceptance)


def shown_json(report: Mapping[str, Any], *, needs_acceptance: bool = False) -> Shown:
    """From the kept JSON of a report, so that the evidence shows what was found then, in the words of now."""
    host = urlsplit(report["canonical"] or "").hostname or ""
    rows = [_row(finding, host) for finding in _findings(report["findings"])]
    counts = {severity.value: sum(row.severity == severity for row in rows) for severity in Severity}
    return Shown(
        asked=report["asked"],
        canonical=report["canonical"] or "",
        needs_acceptance=needs_acceptance,
        is_blocked=report["canonical"] is None or counts["block"] > 0,
        open=tuple(row for row in rows if row.severity != Severity.PASSED),
        passed=tuple(row for row in rows if row.severity == Severity.PASSED),
        waiting=tuple(server_words.SUBJECTS[code] for code in report.get("waiting", ())),
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


def _row(finding: Finding, host: str) -> Row:
    words = finding_words.words(finding)
    return Row(
        code=finding.code,
        severity=finding.severity.value,
        meaning=MEANINGS[finding.severity],
        word=finding_words.SEVERITIES[finding.severity.value],
        title=words.title,
        observed=finding.observed,
        expected=words.expected,
        how=words.mend,
        mend=finding.mend,
        recipe="" if finding.is_passed else recipe_address(finding.code, host),
    )


def recipe_address(code: str, host: str) -> str:
    """The page that says how to mend `code`, with the reader's own host in its examples."""
    return reverse("whitelist:recipe", args=[code]) + (f"?{urlencode({'host': host})}" if host else "")
