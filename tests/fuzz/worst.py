"""The worst that is sent to a parser on purpose. `python -m tests.fuzz.worst NAME` says what it costs each parser."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.der_damage import Piece, nested, pieces

_SEQUENCE = 0x30
_STATUS = Path("/proc/self/status")
_DEEP = nested(Piece(0x05, b""), 4000).written()


def _wide(count: int) -> bytes:
    """One sequence of so many empty ones."""
    return Piece(_SEQUENCE, b"\x30\x00" * count).written()


# A serial, a moment, reason 1; the other one has a critical extension that nobody knows.
_MOMENT = b"\x17\x0d260131000000Z"
_ENTRY = b"\x30\x21\x02\x02\x01\x02" + _MOMENT + b"\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03\x0a\x01\x01"
_UNUSUAL = b"\x30\x23\x02\x02\x01\x03" + _MOMENT + b"\x30\x0e\x30\x0c\x06\x02\x2a\x03\x01\x01\xff\x04\x03\x0a\x01\x01"


def _list_of(entries: bytes) -> bytes:
    """A revocation list with these entries in the place of its own."""
    from tests.fuzz.parsers import LONG_LIST

    (whole,) = pieces(LONG_LIST) or ()
    tbs, *rest = whole.content
    assert isinstance(tbs, Piece)
    inner = [Piece(_SEQUENCE, entries) if place == 5 else piece for place, piece in enumerate(tbs.content)]
    return Piece(_SEQUENCE, (Piece(_SEQUENCE, tuple(inner)), *rest)).written()


BYTES: dict[str, Callable[[], bytes]] = {
    "a length of two gigabytes": lambda: b"\x30\x84\x7f\xff\xff\xff" * 20,
    "a length of 2^64": lambda: b"\x30\x88" + b"\xff" * 8 + b"\x30" * 100,
    "indefinite lengths without end": lambda: b"\x30\x80" * 8000,
    "4000 levels": lambda: _DEEP,
    "4000 levels in an extension": lambda: Piece(_SEQUENCE, Piece(0x04, _DEEP).written() * 2).written(),
    "five million elements": lambda: _wide(5_000_000),
    "ten megabytes of one number": lambda: Piece(_SEQUENCE, Piece(0x02, b"\x7f" * 10_000_000).written()).written(),
    "ten megabytes of nothing": lambda: bytes(10_000_000),
    "a list of ten megabytes, one entry again and again": lambda: _list_of(_ENTRY * 320_000),
    "a list of ten megabytes that breaks off": lambda: _list_of(_ENTRY * 320_000 + b"\x30\x14\x02"),
    "a list of ten megabytes, its first entry unusual": lambda: _list_of(_UNUSUAL + _ENTRY * 320_000),
    "a list of ten megabytes, its last entry unusual": lambda: _list_of(_ENTRY * 320_000 + _UNUSUAL),
    "a list of entries without anything": lambda: _list_of(b"\x30\x00" * 1_000_000),
}


def _peak() -> int:
    """The most memory this process ever held, in bytes."""
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (line,) = (line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _forget_peak() -> None:
    """Start anew from what the process holds now, where the system can (Linux: proc_pid_clear_refs(5))."""
    if _STATUS.exists():
        _STATUS.with_name("clear_refs").write_text("5")


def told(name: str) -> dict[str, object]:
    """What it costs all parsers together: seconds of CPU of the slowest, bytes the process grew by, how each ended."""
    from tests.fuzz.parsers import PARSERS

    data = BYTES[name]()
    for parser in PARSERS.values():
        parser.refused(b"\x30\x00")
    _forget_peak()
    before, slowest, ends = _peak(), 0.0, []
    for parser in PARSERS.values():
        started = time.process_time()
        ends.append("refused" if parser.refused(data) else "read")
        slowest = max(slowest, time.process_time() - started)
    return {"size": len(data), "seconds": slowest, "grown": _peak() - before, "ends": ends}


if __name__ == "__main__":
    print(json.dumps(told(sys.argv[1])))
