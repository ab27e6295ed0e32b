"""The entries of a revocation list as sorted columns, and the byte image in which processes share them.

A row is a serial (at most 20 octets, RFC 5280 section 5.2.3), a moment (Unix seconds) and a reason number.  Rows are
sorted by the low 64 bits of the serial, then by the rest of it, then by reason (a hold behind the final ones).
Sorting by the low bits lets lists of short and of long serials be searched alike: one bisection over machine words,
and a comparison of the rest only where a serial is longer than that.

The image is a header and the columns one after another, in the byte order of the machine.  It is derived from a list
and worth nothing by itself, so whatever does not fit its header or its digest is refused whole.
"""

import hashlib
import struct
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from verifier.pki.reasons import RevocationReason

Buffer = bytes | bytearray | memoryview

LOW_MASK = (1 << 64) - 1
MAX_ROWS = 1 << 40

# Magic and version in one number: an image of another byte order or another version has another one.
_MAGIC = 0x4A504B4943524C01
# magic, rows, columns present, SHA-256 of the list, SHA-256 of everything else here and of the columns
_HEADER = struct.Struct("=QQQ32s32s")
HEADER_BYTES = 128
_PADDING = bytes(HEADER_BYTES - _HEADER.size)
_SHORT, _LONG = 0, 1


class DamagedImage(ValueError):
    """Bytes that are not the image of this list: cut, changed, of another version or of another list."""


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Columns:
    """Sorted rows.  ``lows``, ``mids`` and ``tops`` are bits 0-63, 64-127 and 128-159 of the serials; ``mids`` and
    ``tops`` are empty when no serial needs them.
    """

    lows: memoryview = field(repr=False)
    mids: memoryview = field(repr=False)
    tops: memoryview = field(repr=False)
    seconds: memoryview = field(repr=False)
    reasons: memoryview = field(repr=False)

    def __len__(self) -> int:
        return len(self.lows)

    def find(self, serial: int) -> int:
        """The first row of a serial, or -1."""
        lows = self.lows
        low = serial & LOW_MASK
        index = bisect_left(lows, low)
        if index == len(lows) or lows[index] != low:
            return -1
        rest = serial >> 64
        if not self.mids:
            return -1 if rest else index
        if self.rest(index) == rest:
            return index
        return self._among_equals(index, low, rest)

    def rest(self, index: int) -> int:
        """The serial of a row without its low 64 bits."""
        return self.tops[index] << 64 | self.mids[index] if self.mids else 0

    def serial(self, index: int) -> int:
        """The serial of a row."""
        return self.rest(index) << 64 | self.lows[index]

    def reason(self, index: int) -> RevocationReason:
        """The reason of a row."""
        return _REASONS[self.reasons[index]]

    def rows(self) -> Iterator[tuple[int, int, RevocationReason]]:
        """Serial, Unix seconds and reason of every row, in the order of the columns."""
        return ((self.serial(index), self.seconds[index], self.reason(index)) for index in range(len(self)))

    def _among_equals(self, start: int, low: int, rest: int) -> int:
        """Serials that differ only above their low 64 bits: a CA may number so, therefore no walk along them."""
        stop = bisect_left(range(len(self)), True, lo=start, key=lambda row: self.lows[row] != low)
        index = bisect_left(range(stop), rest, lo=start, key=self.rest)
        return index if index < stop and self.rest(index) == rest else -1


_REASONS = {reason.value: reason for reason in RevocationReason}


def of(lows: object, mids: object, tops: object, seconds: object, reasons: object) -> Columns:
    """Columns over any buffers of 8, 8, 4, 8 and 1 bytes a row, in the machine's byte order."""
    return Columns(_view(lows, "Q"), _view(mids, "Q"), _view(tops, "I"), _view(seconds, "q"), _view(reasons, "B"))


def _view(data: object, code: Literal["Q", "I", "q", "B"]) -> memoryview:
    flat = memoryview(data)  # type: ignore[arg-type]
    # A view of nothing cannot be cast from every shape.
    return flat.cast("B").cast(code) if flat.nbytes else memoryview(b"").cast(code)


# --- the image -----------------


def image(columns: Columns, list_sha256: bytes) -> Iterator[Buffer]:
    """The image in pieces, ready to be written one behind the other."""
    parts = [columns.lows, columns.mids, columns.tops, columns.seconds, columns.reasons]
    raw = [part.cast("B") for part in parts if part.nbytes]
    head = (_MAGIC, len(columns), _LONG if columns.mids else _SHORT, list_sha256)
    yield _HEADER.pack(*head, _digest(head, raw)) + _PADDING
    yield from raw


def open_image(data: Buffer | object, list_sha256: bytes) -> Columns:
    """The columns over an image (bytes or a memory map), without copying them.

    Raises ``DamagedImage`` unless its size, its digest and the list it was made from are right.
    """
    whole = memoryview(data)  # type: ignore[arg-type]
    if len(whole) < HEADER_BYTES:
        raise DamagedImage("cut")
    magic, rows, kind, of_list, digest = _HEADER.unpack(whole[: _HEADER.size])
    if magic != _MAGIC or kind not in (_SHORT, _LONG) or of_list != list_sha256 or rows > MAX_ROWS:
        raise DamagedImage("header")
    widths = (8, 8, 4, 8, 1) if kind == _LONG else (8, 0, 0, 8, 1)
    if len(whole) != HEADER_BYTES + rows * sum(widths):
        raise DamagedImage("size")
    parts = _slices(whole, [rows * width for width in widths])
    if _digest((magic, rows, kind, of_list), parts) != digest or any(whole[_HEADER.size : HEADER_BYTES]):
        raise DamagedImage("digest")
    return of(*parts)


def _slices(whole: memoryview, sizes: list[int]) -> list[memoryview]:
    parts, pos = [], HEADER_BYTES
    for size in sizes:
        parts.append(whole[pos : pos + size])
        pos += size
    return parts


def _digest(head: tuple[int, int, int, bytes], parts: list[memoryview]) -> bytes:
    digest = hashlib.sha256(_HEADER.pack(*head, bytes(32)))
    for part in parts:
        digest.update(part)
    return digest.digest()
