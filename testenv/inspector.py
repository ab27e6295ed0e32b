"""The six hops of a journey as the page beside the phone draws them: what happened, when, and what is still to come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from testenv.models import PhoneRequest
from verifier import services as verifier
from verifier.messages import step_words
from whitelist import services as whitelist

Words = str | Promise
_MEANING_OF_VERDICT = {"valid": "ok", "invalid": "error", "indeterminate": "unknown"}
_STATE_OF_VERDICT = {"valid": "done", "invalid": "stopped", "indeterminate": "unknown"}
State = PhoneRequest.State


@dataclass(frozen=True)
class Hop:
    """`state` and `meaning` are words of the look; `facts` is the recorded line of the log, empty for a hop to come."""

    number: int
    title: Words
    route: Words
    state: str
    meaning: str
    outcome: Words
    offset: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_skipped: bool = False


@dataclass(frozen=True)
class Journey:
    """All hops, the verdict if one was made, and the head's sentence (`meaning` and `words`)."""

    hops: tuple[Hop, ...]
    verification: Any
    meaning: str
    words: Words
    is_over: bool


def journey(row: PhoneRequest) -> Journey:
    """The journey as it stands now; asks the verifier for the verdict under the service's request id."""
    verification = verifier.by_request_id(row.environment, row.request_id) if row.signature is not None else None
    lines = {line["hop"]: line for line in row.hops}
    hops = (
        _received(lines),
        _compared(lines, row),
        _consented(lines, row),
        _signed(lines, row),
        _returned(lines, row),
        _verified(verification, row),
    )
    meaning, words = _head(hops, row)
    return Journey(hops, verification, meaning, words, is_over=_is_over(row, verification))


def nearest_entry(row: PhoneRequest) -> Any:
    """The listed URL nearest to what was asked, with its differences; None when the sandbox lists nothing."""
    found = whitelist.explain(row.environment, bytes(row.return_url), provider=row.environment.provider)
    return found.near[0] if found.near else None


def _received(lines: Mapping[int, Any]) -> Hop:
    return Hop(1, _("Request received"), _("Service → app"), "done", "ok", _("Done"), _offset(lines[1]), lines[1])


def _compared(lines: Mapping[int, Any], row: PhoneRequest) -> Hop:
    line, route = lines[2], _("App → TSM")
    if row.refusal == "list.purpose_not_granted":
        return Hop(2, _("Not granted for this purpose"), route, "stopped", "error", _("Refused"), _offset(line), line)
    if row.refusal == "list.way_not_granted":
        return Hop(2, _("Not granted for this way in"), route, "stopped", "error", _("Refused"), _offset(line), line)
    if row.refusal:
        near = nearest_entry(row)
        outcome = _("No entry at all")
        if near is not None and near.candidate.differences:
            outcome = _("Byte %(n)d differs") % {"n": near.candidate.differences[0].position}
        return Hop(2, _("Not in the whitelist"), route, "stopped", "error", outcome, _offset(line), line)
    size = len(bytes(row.return_url))
    outcome = _("%(n)d of %(n)d bytes match") % {"n": size}
    return Hop(2, _("Compared with the whitelist"), route, "done", "ok", outcome, _offset(line), line)


def _consented(lines: Mapping[int, Any], row: PhoneRequest) -> Hop:
    title, route = _("Consent and password"), _("Holder → app")
    line = lines.get(3)
    if row.state == State.REFUSED:
        return _skipped(3, title, route)
    if row.state == State.WAITING_PIN:
        offset = _offset(line) if line else ""
        return Hop(3, title, route, "now", "waiting", _("Waiting for the holder"), offset, line or {})
    assert line is not None
    stopped = {State.CANCELLED: _("Cancelled"), State.PIN_LOCKED: _("Locked"), State.EXPIRED: _("Timed out")}
    if row.state in stopped:
        return Hop(3, title, route, "stopped", "error", stopped[State(row.state)], _offset(line), line)
    tried = sum(1 for each in row.hops if each["hop"] == 3)
    outcome = _("Accepted at try %(n)d") % {"n": tried}
    return Hop(3, title, route, "done", "ok", outcome, _offset(line), line)


def _signed(lines: Mapping[int, Any], row: PhoneRequest) -> Hop:
    title, route = _("Signed in the Secure Element"), _("JPKI applet")
    if 4 in lines:
        return Hop(4, title, route, "done", "ok", _("Done"), _offset(lines[4]), lines[4])
    return _to_come(4, title, route) if row.state == State.WAITING_PIN else _skipped(4, title, route)


def _returned(lines: Mapping[int, Any], row: PhoneRequest) -> Hop:
    title, route = _("Returned to the return server"), _("Phone's browser → return server")
    if 5 in lines:
        outcome = _("Handed over") if lines[5]["outcome"] == "ok" else _("Told: %(r)s") % {"r": lines[5]["outcome"]}
        return Hop(5, title, route, "done", "ok", outcome, _offset(lines[5]), lines[5])
    if row.state == State.REFUSED:
        return _skipped(5, title, route)
    return _to_come(5, title, route)


def _verified(verification: Any, row: PhoneRequest) -> Hop:
    title, route = pgettext("hop", "Verified"), _("Return server → verification API")
    if verification is None:
        waits = row.signature is not None or row.state == State.WAITING_PIN
        return _to_come(6, title, route) if waits else _skipped(6, title, route)
    offset = round((verification.created_at - row.created_at).total_seconds() * 1000)
    return Hop(
        6,
        title,
        route,
        _STATE_OF_VERDICT[verification.verdict],
        _MEANING_OF_VERDICT[verification.verdict],
        verification.code if verification.verdict != "valid" else pgettext("hop", "Valid"),
        _seconds(offset),
        {"outcome": verification.verdict},
    )


def _to_come(number: int, title: Words, route: Words) -> Hop:
    return Hop(number, title, route, "to_come", "not_run", _("To come"))


def _skipped(number: int, title: Words, route: Words) -> Hop:
    return Hop(number, title, route, "to_come", "not_run", _("Not done"), is_skipped=True)


def _head(hops: tuple[Hop, ...], row: PhoneRequest) -> tuple[str, Words]:
    """How far the journey is and whose move it is."""
    if row.state == State.WAITING_PIN:
        return "turn", _("3 of 6: waiting for the holder")
    reached = max(hop.number for hop in hops if hop.state != "to_come")
    last = hops[reached - 1]
    stopped = next((hop for hop in hops if hop.state in {"stopped", "unknown"}), None)
    if stopped is not None and stopped.number < 6:
        return "error", _("Stopped at %(n)d of 6") % {"n": stopped.number}
    if row.state == State.SIGNED:
        return "turn", _("4 of 6: ready to be handed over")
    if reached == 6:
        return last.meaning, _("6 of 6: done") if last.meaning == "ok" else _("6 of 6: refused by the verifier")
    return "waiting", _("5 of 6: waiting for the service's verification")


def _is_over(row: PhoneRequest, verification: Any) -> bool:
    """Whether nothing further will come, so that the page may stop asking."""
    if row.state in {State.REFUSED, State.CANCELLED, State.PIN_LOCKED, State.EXPIRED}:
        return True
    return row.state == State.DELIVERED and verification is not None


def _offset(line: Mapping[str, Any]) -> str:
    return _seconds(line["offset_ms"])


def _seconds(milliseconds: int) -> str:
    return f"+{milliseconds / 1000:.3f}"


def step_marks(verification: Any) -> list[tuple[str, Words]]:
    """(result, title) of each step of the verdict, in order; empty while there is none."""
    steps = verification.steps if verification is not None else []
    return [(step["result"], step_words.STEPS.get(step["id"], step["id"])) for step in steps]


def list_times(verification: Any) -> tuple[datetime, datetime] | None:
    """thisUpdate and nextUpdate of the list the verdict rests on."""
    facts = verification.revocation if verification is not None else None
    if not facts or not facts.get("this_update") or not facts.get("next_update"):
        return None
    return datetime.fromisoformat(facts["this_update"]), datetime.fromisoformat(facts["next_update"])


def readable(url: bytes) -> str:
    """A URL's bytes as text; what is not printable ASCII is shown as its percent-encoding, so that nothing hides."""
    return "".join(chr(byte) if 0x21 <= byte <= 0x7E else f"%{byte:02X}" for byte in url)


def difference_words(difference: Any) -> str:
    """The first difference in one sentence: which byte, and both code points."""
    values = {
        "n": difference.position,
        "before": difference.position - 1,
        "asked": _byte_words(difference.asked_byte),
        "listed": _byte_words(difference.stored_byte),
    }
    if difference.position == 1:
        return _("Byte 1: asked %(asked)s, listed %(listed)s.") % values
    return _("Bytes 1 to %(before)d are the same. Byte %(n)d: asked %(asked)s, listed %(listed)s.") % values


def _byte_words(byte: int | None) -> str:
    if byte is None:
        return _("nothing (the URL ends here)")
    return f"{chr(byte)} (0x{byte:02X})" if 0x21 <= byte <= 0x7E else f"0x{byte:02X}"
