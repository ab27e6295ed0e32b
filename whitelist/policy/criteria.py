"""The review criteria (審査基準) as data: what a reviewer ticks, and what a refusal has to name.

Sandbox emulation: these are sample criteria made for this site, not J-LIS's. A published criterion is never rewritten;
a change is a new version (Administrative Procedure Act, article 5: criteria are laid down and made public; article 8: a
refusal gives its grounds).
"""

from collections.abc import Collection
from dataclasses import dataclass

from whitelist.policy.measures import MEASURES

CRITERIA_VERSION = "2026-11/sample-2"
NOTICE_CODE = "criteria.notice"


@dataclass(frozen=True, slots=True)
class Criterion:
    """number: as reviewers and applicants quote it; code: its name in the programme and in whitelist.messages;
    findings: codes of the check report that speak to it; kinds: the entry kinds it is asked of."""

    number: str
    code: str
    findings: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("browser", "app")

    @property
    def field(self) -> str | None:
        """The field key of the measure it judges, None for the other criteria."""
        return f"measures.{self.code.removeprefix('measure.')}" if self.code.startswith("measure.") else None


CRITERIA: tuple[Criterion, ...] = (
    Criterion("1-1", "criteria.legal_basis"),
    Criterion("1-2", "criteria.legal_basis_dates"),
    Criterion("1-3", "criteria.two_owners"),
    Criterion(
        "2-1", "criteria.domain_managed", ("url.psl", "url.shared_hosting", "url.shortener", "url.host.reserved")
    ),
    Criterion("2-2", "criteria.url_as_sent", ("url.parse", "url.canonical", "url.case", "url.query", "url.port")),
    Criterion("2-3", "criteria.no_look_alike", ("url.brand", "url.idn.alabel", "url.idn.mixed_script")),
    Criterion("3-1", "criteria.security_measures", ("url.scheme.https", "url.path.traversal", "url.userinfo")),
    *(Criterion(m.criterion_number, f"measure.{m.code}", kinds=m.kinds) for m in MEASURES),
)


def criteria_of(kind: str, changed: Collection[str] | None = None) -> tuple[Criterion, ...]:
    """The criteria asked of an entry of this kind ("browser" or "app").

    changed: field keys in which a reopened application differs from its live entry (None: nothing is live). Measures
    that two people have judged already and that say the same are not judged again; everything else always is.
    """
    asked = (candidate for candidate in CRITERIA if kind in candidate.kinds)
    return tuple(found for found in asked if changed is None or found.field is None or found.field in changed)


def criterion(number: str) -> Criterion | None:
    """The criterion quoted as `number`, or None."""
    return next((candidate for candidate in CRITERIA if candidate.number == number), None)
