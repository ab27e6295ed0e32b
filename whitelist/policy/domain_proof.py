"""Whether somebody controls a domain: what is to be put where, what a server's answer means, and when to ask again.

Two ways: a TXT record under an underscore label of the domain (RFC 8552 keeps such labels free of hosts), or a file
below /.well-known/ (RFC 8615) on the domain's own https server. The names and values are this site's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from whitelist.policy import fact_json, host_name
from whitelist.policy.server_rule import registrable

RECORD_LABEL = "_jpki-sp"
FILE_PATH = "/.well-known/jpki-portal-proof.txt"
_PREFIX = "jpki-sp=v1;"
# How long a proof that has not come is waited for, and how long one that has gone is still believed.
WAITED_FOR = timedelta(days=14)
BELIEVED_FOR = timedelta(days=14)
RECHECK = timedelta(days=1)
_RECHECK_MISSING = timedelta(hours=6)
_BACK_OFF_SECONDS = (20, 20, 30, 60, 120, 300, 600, 1800, 3600)
# Pressing "check now" over and over asks nobody more often than this.
PAUSE_BETWEEN_CHECKS = timedelta(seconds=10)


class Method(StrEnum):
    DNS_TXT = "dns_txt"
    FILE = "file"


class State(StrEnum):
    WAITING = "waiting"
    PROVEN = "proven"
    LAPSED = "lapsed"


class Seen(StrEnum):
    """What one server's answer means for the proof."""

    MATCH = "match"
    OLD_VALUE = "old_value"  # a value of ours, but not the wanted one: an earlier proof, or a copy not yet renewed
    OTHER_VALUE = "other_value"  # there are values, none of ours
    NO_RECORD = "no_record"  # the name exists without such a record
    NO_NAME = "no_name"  # NXDOMAIN
    CACHED_NO_NAME = "cached_no_name"  # a resolver still remembers that there was nothing
    SILENT = "silent"
    FAILED = "failed"  # SERVFAIL, refused, unreadable
    INNER_ADDRESS = "inner_address"
    REDIRECTED = "redirected"
    NOT_FOUND = "not_found"  # the file: any status but 200
    NOT_SECURE = "not_secure"  # the file: no TLS connection that proves itself
    TOO_LARGE = "too_large"

    @property
    def is_silence(self) -> bool:
        return self in (Seen.SILENT, Seen.FAILED)


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """One server's answer. role: "authority", "resolver" or "web"; found: what stood there, as it was.

    seconds: for how long a resolver may still say so (RFC 2308), None when not told.
    """

    role: str
    server: str
    seen: Seen
    found: tuple[str, ...] = ()
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of one check: the name or URL asked, the value wanted, and who said what."""

    asked: str
    wanted: str
    servers: tuple[ServerAnswer, ...] = field(default=())

    @property
    def matching(self) -> int:
        return sum(answer.seen is Seen.MATCH for answer in self.servers)

    @property
    def is_proof(self) -> bool:
        """Everybody who answered shows the wanted value: of the DNS at least one name server and one resolver."""
        spoke = [answer for answer in self.servers if not answer.seen.is_silence]
        roles = {answer.role for answer in spoke}
        enough = "web" in roles or {"authority", "resolver"} <= roles
        return enough and all(answer.seen is Seen.MATCH for answer in spoke)

    @property
    def is_silence(self) -> bool:
        """Nobody said anything: no reason to doubt a proof that stood."""
        return all(answer.seen.is_silence for answer in self.servers)

    def as_json(self) -> dict[str, Any]:
        return dict(fact_json.plain(self))


def answers_from_json(value: dict[str, Any]) -> Answers:
    """The answers that `as_json` wrote. Raises ValueError."""
    answers = fact_json.build(Answers, value)
    assert isinstance(answers, Answers)
    return answers


def domain_of(text: str) -> str | None:
    """The ASCII form of a domain that can be proven, or None: no address, no bare public suffix, two labels or more."""
    host = host_name.read(text.strip().rstrip(".").lower())
    if host is None or host.is_ip or len(host.labels) < 2 or "*" in host.ascii or len(host.ascii) > 200:
        return None
    if any(len(label) > 63 for label in host.labels):  # RFC 1035 section 2.3.4
        return None
    return None if _is_suffix(host.ascii) else host.ascii


def _is_suffix(domain: str) -> bool:
    """A public suffix has no registrable domain of its own: one more label would be needed."""
    return registrable(f"x.{domain}") == f"x.{domain}"


def covering(host: str) -> list[str]:
    """The domains whose proof counts for `host`: the host itself and its parents down to the registrable domain."""
    top, labels = registrable(host), host.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels))]
    return [name for name in names if name == top or name.endswith("." + top)]


def record_name(domain: str) -> str:
    return f"{RECORD_LABEL}.{domain}"


def file_url(domain: str) -> str:
    return f"https://{domain}{FILE_PATH}"


def asked(domain: str, method: Method) -> str:
    """What a check by that way asks for: a name in the DNS, or a URL."""
    return file_url(domain) if method is Method.FILE else record_name(domain)


def wanted_value(token: str) -> str:
    return _PREFIX + token


def seen_in_record(found: Sequence[str], wanted: str) -> Seen:
    """What the TXT values at the name mean. Blanks around a value are not held against anybody."""
    values = [value.strip() for value in found]
    if wanted in values:
        return Seen.MATCH
    if any(value.startswith("jpki-sp=") for value in values):
        return Seen.OLD_VALUE
    return Seen.OTHER_VALUE if values else Seen.NO_RECORD


def seen_in_file(body: bytes, wanted: str) -> Seen:
    """What the file's content means: one of its lines must be the value."""
    lines = [line.strip() for line in body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").splitlines()]
    return Seen.NOT_FOUND if not any(lines) else seen_in_record(lines, wanted)


def next_wait(tries: int) -> timedelta:
    """How long to wait after the `tries`-th check of a proof that is still to come."""
    return timedelta(seconds=_BACK_OFF_SECONDS[min(max(tries, 1), len(_BACK_OFF_SECONDS)) - 1])


def next_recheck(is_missing: bool) -> timedelta:
    return _RECHECK_MISSING if is_missing else RECHECK


@dataclass(frozen=True, slots=True)
class Standing:
    """What one check makes of a proof: its state, since when the proof has been missing, when to ask again."""

    state: State
    missing_since: datetime | None
    wait: timedelta | None


def judge(
    state: State, answers: Answers, *, tries: int, waited_until: datetime, missing_since: datetime | None, at: datetime
) -> Standing:
    """The new standing of a proof in `state` after a check at `at`.

    A waiting proof waits until `waited_until`; a proven one that has gone is believed BELIEVED_FOR longer.
    """
    if answers.is_proof:
        return Standing(State.PROVEN, None, next_recheck(False))
    if state is State.WAITING:
        if at >= waited_until:
            return Standing(State.LAPSED, None, None)
        return Standing(State.WAITING, None, next_wait(tries))
    if state is State.LAPSED or answers.is_silence:
        return Standing(state, missing_since, None if state is State.LAPSED else next_recheck(True))
    since = missing_since or at
    if at - since >= BELIEVED_FOR:
        return Standing(State.LAPSED, since, None)
    return Standing(State.PROVEN, since, next_recheck(True))
