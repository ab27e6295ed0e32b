"""What a check found: frozen values with codes, never sentences (those stand in whitelist.messages)."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

World = Literal["sandbox", "production"]

OBSERVED_LIMIT = 200


class Severity(StrEnum):
    """A block stops the sending; a warn travels to the reviewer; an info is told; a passed rule is listed.

    Inconclusive: nobody answered. Not run: nobody has asked yet, for a reason that is told. Neither is a failing or a
    pass, and no rule set can change that.
    """

    BLOCK = "block"
    WARN = "warn"
    INCONCLUSIVE = "inconclusive"
    NOT_RUN = "not_run"
    INFO = "info"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rule.

    code: stable dotted code of the rule; variant: which of its cases ("" for the plain one).
    observed: the piece that was looked at, made visible (see `visible`), at most OBSERVED_LIMIT characters;
    "" when passed.
    expected_args: values for the placeholders of the rule's sentences.
    span: half-open range of characters in the asked text that is to be marked, or None.
    mend: a whole URL that repairs this finding, or None when a machine cannot know it.
    """

    code: str
    severity: Severity
    observed: str = ""
    expected_args: Mapping[str, str] = field(default_factory=dict)
    span: tuple[int, int] | None = None
    mend: str | None = None
    variant: str = ""

    @property
    def is_passed(self) -> bool:
        return self.severity is Severity.PASSED

    def as_json(self) -> dict[str, object]:
        """The finding as plain JSON values, fit for canonical JSON and the API."""
        return {
            "code": self.code,
            "variant": self.variant,
            "severity": self.severity.value,
            "observed": self.observed,
            "expected_args": dict(self.expected_args),
            "span": list(self.span) if self.span else None,
            "mend": self.mend,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All answers about one URL in one world.

    findings: one per rule that could look, gravest first, then in the order of the rules.
    not_run: codes of rules that had nothing to look at because something before them failed (never counted as passed).
    waiting: codes of rules for which nobody has looked at the server yet.
    canonical: the ASCII bytes that an entry would store, or None when this text can never become an entry.
    """

    asked: str
    world: World
    findings: tuple[Finding, ...]
    not_run: tuple[str, ...]
    canonical: bytes | None
    rule_set_version: str
    waiting: tuple[str, ...] = ()

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is severity)

    @property
    def is_blocked(self) -> bool:
        return self.canonical is None or bool(self.of(Severity.BLOCK))

    @property
    def needs_acceptance(self) -> bool:
        """True when the stored bytes differ from what was typed: the applicant must accept them before sending."""
        return self.canonical is not None and self.canonical != self.asked.encode("utf-8", "surrogatepass")

    def as_json(self) -> dict[str, object]:
        """The report as plain JSON values: its digest is what reviewers' decisions are bound to."""
        return {
            "asked": visible(self.asked, limit=None),
            "world": self.world,
            "findings": [finding.as_json() for finding in self.findings],
            "not_run": list(self.not_run),
            "waiting": list(self.waiting),
            "canonical": self.canonical.decode("ascii") if self.canonical is not None else None,
            "rule_set": self.rule_set_version,
        }


_GRAVITY = {severity: place for place, severity in enumerate(Severity)}


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By severity; equal ones stay in the order of their rules."""
    return tuple(sorted(findings, key=lambda finding: _GRAVITY[finding.severity]))


def is_hidden(character: str) -> bool:
    """True for characters a reader cannot see or a document cannot carry: controls, formats, separators, surrogates,
    private use and unassigned code points (Unicode general categories C* and Z*)."""
    return unicodedata.category(character)[0] in "CZ"


def visible(text: str, *, limit: int | None = OBSERVED_LIMIT) -> str:
    """`text` with hidden characters written as <U+XXXX>, cut after `limit` characters of the original."""
    shown = text if limit is None else text[:limit]
    escaped = "".join(f"<U+{ord(c):04X}>" if is_hidden(c) else c for c in shown)
    return escaped if len(shown) == len(text) else escaped + "…"
