"""How carefully a case is looked at: the fast lane for small changes, the careful one where a glance is not enough.

The lane chooses where a case stands in the queue and how soon it is due, never who decides: two people do, always.
The applicant sees the lane before sending, by the same function.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from publicsuffixlist import PublicSuffixList

from whitelist.policy import asked_url
from whitelist.policy.content import diff, read

_SUFFIXES = PublicSuffixList(accept_unknown=True)


class Lane(StrEnum):
    FAST = "fast"
    NORMAL = "normal"
    CAREFUL = "careful"


@dataclass(frozen=True, slots=True)
class Choice:
    """The lane and why, as codes of whitelist.messages.lane_words (the heaviest reasons of that lane)."""

    lane: Lane
    reasons: tuple[str, ...]


# Findings of a check report that ask for more than a glance, and the reason they give.
CAREFUL_FINDINGS: Mapping[str, str] = {
    "dom.lookalike": "lane.look_alike",
    "url.brand": "lane.look_alike",
    "url.idn.alabel": "lane.look_alike",
    "url.idn.mixed_script": "lane.look_alike",
    "url.idn.confusable": "lane.look_alike",
    "url.shared_hosting": "lane.shared_hosting",
}
# What a reviewer can judge from one line: it neither moves answers to another domain nor hands over more.
_SMALL = ("contacts.", "measures.", "evidence", "note", "app.fingerprint", "try_open_redirects")


def choose(
    after: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None,
    findings: Collection[str] = (),
    is_first: bool,
    is_domain_proven: bool,
) -> Choice:
    """The lane of a case.

    after: the content asked for; before: the content of the live entry that it would change, None for a new entry;
    findings: codes of the warnings of its check report; is_first: the organisation has nothing published yet;
    is_domain_proven: the organisation has proven the domain of the URL, and the proof stands.
    """
    careful = _careful(after, before, findings, is_first=is_first, is_domain_proven=is_domain_proven)
    if careful:
        return Choice(Lane.CAREFUL, careful)
    if before is None:
        return Choice(Lane.NORMAL, ("lane.new_entry",))
    larger = _larger(before, after)
    if larger:
        return Choice(Lane.NORMAL, larger)
    return Choice(Lane.FAST, _small(before, after))


def _careful(
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    findings: Collection[str],
    *,
    is_first: bool,
    is_domain_proven: bool,
) -> tuple[str, ...]:
    reasons = []
    if is_first:
        reasons.append("lane.first_application")
    if before is not None and registrable_domain(before["url"]) != registrable_domain(after["url"]):
        reasons.append("lane.new_domain")
    if not is_domain_proven:
        reasons.append("lane.domain_unproven")
    reasons += [reason for code, reason in CAREFUL_FINDINGS.items() if code in findings]
    return tuple(dict.fromkeys(reasons))


def _larger(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Reasons why a change is not small; a host under the same domain is one, a path is none."""
    reasons = []
    for found in diff(before, after):
        if found.key == "url":
            is_path_only = _authority(before["url"]) == _authority(after["url"])
            reasons += [] if is_path_only else ["lane.new_host"]
        elif not found.key.startswith(_SMALL):
            reasons.append("lane.other_change")
    return tuple(dict.fromkeys(reasons))


def _small(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    keys = [found.key for found in diff(before, after)]
    reasons = ["lane.path_only"] if "url" in keys else []
    reasons += ["lane.contacts_only"] if any(key.startswith("contacts.") for key in keys) else []
    reasons += ["lane.measures_only"] if any(key.startswith("measures.") for key in keys) else []
    return tuple(reasons) or ("lane.unchanged",)


def registrable_domain(url: str) -> str | None:
    """The registrable domain of a URL's host (Public Suffix List), the host itself where it has none.

    None for what is no URL with a host.
    """
    asked = asked_url.parse(url)
    if not isinstance(asked, asked_url.AskedUrl) or asked.host is None:
        return None
    host = asked.host
    return host.ascii if host.is_ip else _SUFFIXES.privatesuffix(host.ascii) or host.ascii


def _authority(url: str) -> tuple[str, str]:
    """Scheme and host with port, as they stand in a canonical URL."""
    scheme, _, rest = url.partition("://")
    return scheme, rest.partition("/")[0]


def is_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the change asks for anything at all."""
    return bool(diff(read(before), read(after)))
