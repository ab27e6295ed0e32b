"""The security measures an applicant states: fifteen sentences, each a published criterion (4-1 … 4-15).

Sandbox emulation: the sentences are made for this site. That only apps and browsers with a certain level of security
are let in is public (Digital Agency briefing, June 2022); how the level is judged is not, and is assumed here.

An answer is `{"status": "met" | "planned" | "not_applicable", "by": "YYYY-MM-DD" | None, "reason": text,
"evidence": [sha256, …]}`. A measure that is planned says by when, one that does not apply says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

STATUSES = ("met", "planned", "not_applicable")
KINDS = ("browser", "app")
REASON_LENGTH = 1000

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Measure:
    """code: its name in answers, in `measures.<code>` and in whitelist.messages; criterion_number: as refusals quote
    it; source: the public paper the sentence follows; kinds: the entry kinds it speaks to."""

    code: str
    criterion_number: str
    source: str
    kinds: tuple[str, ...] = KINDS

    @property
    def field(self) -> str:
        """Its key among the fields of a revision."""
        return f"measures.{self.code}"


_APPI = "Act on the Protection of Personal Information"

MEASURES: tuple[Measure, ...] = (
    Measure("tls", "4-1", "RFC 9325, sections 3 and 4"),
    Measure("key_custody", "4-2", "NIST SP 800-57 Part 1 Rev. 5, section 5"),
    Measure("server_hardening", "4-3", "NIST SP 800-123, section 4"),
    Measure("session_binding", "4-4", "RFC 9700, sections 4.5 and 4.7 (replay and session mix-up)"),
    Measure("verified_before_use", "4-5", "RFC 5280, section 6"),
    Measure("stored_data", "4-6", f"{_APPI}, articles 22 and 23"),
    Measure("vulnerability_handling", "4-7", "ISO/IEC 29147:2018; RFC 9116"),
    Measure("patching", "4-8", "NIST SP 800-40 Rev. 4"),
    Measure("logs", "4-9", "NIST SP 800-92"),
    Measure("staff_access", "4-10", f"{_APPI}, article 24; NIST SP 800-53 Rev. 5, AC-2"),
    Measure("app_distribution", "4-11", "OWASP MASVS v2, MASVS-RESILIENCE", ("app",)),
    Measure("outsourcing", "4-12", f"{_APPI}, article 25"),
    Measure("incident_reporting", "4-13", f"{_APPI}, article 26"),
    Measure("backups", "4-14", "NIST SP 800-34 Rev. 1, section 3.4"),
    Measure("test_separation", "4-15", "ISO/IEC 27002:2022, 8.31"),
)

_BY_CODE = {measure.code: measure for measure in MEASURES}


def measure(code: str) -> Measure | None:
    """The measure called `code`, or None."""
    return _BY_CODE.get(code)


def applicable(kind: str) -> tuple[Measure, ...]:
    """The measures an entry of this kind ("browser" or "app") has to answer, in their order."""
    return tuple(measure for measure in MEASURES if kind in measure.kinds)


def gaps(answers: Answers, *, kind: str, on: date | None = None) -> list[tuple[str, str]]:
    """What is missing: (measure code, refusal code) in the order of MEASURES, empty when all is answered.

    answers: by measure code; foreign codes are ignored. kind: of the entry. on: the day (JST) of the question; with it
    a planned date in the past is a gap too.
    """
    found = ((measure.code, gap(answers.get(measure.code), on=on)) for measure in applicable(kind))
    return [(code, refusal) for code, refusal in found if refusal]


def gap(answer: Mapping[str, Any] | None, *, on: date | None = None) -> str | None:
    """The refusal code for one answer, None when it is whole."""
    status = (answer or {}).get("status")
    if not answer or not status:
        return "measure.unanswered"
    if status not in STATUSES:
        return "measure.status_unknown"
    if status == "planned":
        return _date_gap(answer.get("by"), on)
    if status == "not_applicable" and not str(answer.get("reason") or "").strip():
        return "measure.reason_missing"
    return None


def _date_gap(by: Any, on: date | None) -> str | None:
    if not by:
        return "measure.date_missing"
    try:
        planned = date.fromisoformat(str(by))
    except ValueError:
        return "measure.date_unreadable"
    return "measure.date_past" if on is not None and planned < on else None
