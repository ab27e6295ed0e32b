"""DER taken to pieces, damaged where it hurts a reader, and put together again with lengths that are right or lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

_CONSTRUCTED = 0x20
_OCTET_STRING, _BIT_STRING, _SEQUENCE = 0x04, 0x03, 0x30
# What lengths are told that are not so; the last ones ask a trusting reader for gigabytes.
LIES = (b"\x00", b"\x7f", b"\x80", b"\x81\x00", b"\x82\xff\xff", b"\x84\x7f\xff\xff\xff", b"\x88" + b"\xff" * 8)
TEXTS = (b"", b"a\0b", b"\xff\xfe", b"\xed\xa0\x80", b"\xd8\x00\x00\x00", b"A" * 3000, "人".encode() * 200)
WHOLE_NUMBERS = (b"", b"\x00", b"\x80", b"\xff" * 20, b"\x7f" * 21, b"\x7f" * 4000)
# Text, moments, numbers, names of algorithms: each put in the place of another.
TAGS = (0x01, 0x02, 0x05, 0x06, 0x0C, 0x13, 0x17, 0x18, 0x1E, 0x1C, 0x30, 0x31, 0x80, 0xA0, 0xA3, 0x1F, 0xFF)
DEPTHS = (1, 30, 500, 3000)


@dataclass(frozen=True)
class Piece:
    """One element: its tag octet, and its content as octets or as pieces. `lie` stands in the place of its length."""

    tag: int
    content: bytes | tuple[Piece, ...]
    before: bytes = b""
    lie: bytes | None = None

    def written(self) -> bytes:
        inner = self.content if isinstance(self.content, bytes) else b"".join(piece.written() for piece in self.content)
        inner = self.before + inner
        return bytes((self.tag,)) + (_length(len(inner)) if self.lie is None else self.lie) + inner


def pieces(data: bytes) -> tuple[Piece, ...] | None:
    """The elements that `data` is made of, None where it is not DER; strings that hold DER are opened as well."""
    found: list[Piece] = []
    while data:
        header = _header(data)
        if header is None or len(data) < header[0] + header[1]:
            return None
        content, tag = data[header[0] : sum(header)], data[0]
        data = data[sum(header) :]
        found.append(_piece(tag, content))
    return tuple(found)


def _piece(tag: int, content: bytes) -> Piece:
    unused = content[:1] if tag == _BIT_STRING else b""
    opened = pieces(content[len(unused) :]) if tag & _CONSTRUCTED or tag in (_OCTET_STRING, _BIT_STRING) else None
    return Piece(tag, opened, unused) if opened else Piece(tag, content)


def _header(data: bytes) -> tuple[int, int] | None:
    """How long header and content are."""
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        return None
    if data[1] < 0x80:
        return 2, data[1]
    octets = data[1] & 0x7F
    return (2 + octets, int.from_bytes(data[2 : 2 + octets], "big")) if 0 < octets <= 4 else None


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes((size,))
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


@st.composite
def damaged(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """One of `seeds` with up to three injuries to its structure, and sometimes one to its octets."""
    (whole,) = pieces(draw(st.sampled_from(seeds))) or (Piece(_SEQUENCE, b""),)
    for _ in range(draw(st.integers(1, 3))):
        whole = _injured(draw, whole, draw(st.integers(0, 12)))
    data = whole.written()
    if draw(st.booleans()) and data:
        place = draw(st.integers(0, len(data) - 1))
        data = draw(st.sampled_from((data[:place], data[:place] + b"\xff" + data[place + 1 :], data + data[:place])))
    return data


def _injured(draw: st.DrawFn, piece: Piece, depth: int) -> Piece:
    """The piece with one injury `depth` levels down, or where it ends."""
    inner = piece.content
    if isinstance(inner, bytes) or not inner or depth == 0:
        return _hurt(draw, piece)
    place = draw(st.integers(0, len(inner) - 1))
    whole = inner[:place], inner[place], inner[place + 1 :]
    how = draw(st.integers(0, 9))
    if how == 0:
        changed = whole[0] + whole[2]  # cut out
    elif how == 1:
        changed = whole[0] + (whole[1],) * draw(st.sampled_from((2, 3, 400))) + whole[2]  # repeated
    elif how == 2:
        changed = whole[0] + (draw(st.sampled_from(inner)),) + whole[2]  # its neighbour in its place
    else:
        changed = whole[0] + (_injured(draw, whole[1], depth - 1),) + whole[2]
    return Piece(piece.tag, changed, piece.before, piece.lie)


def _hurt(draw: st.DrawFn, piece: Piece) -> Piece:
    how = draw(st.integers(0, 4))
    if how == 0:
        return Piece(draw(st.sampled_from(TAGS)), piece.content, piece.before)
    if how == 1:
        return Piece(piece.tag, piece.content, piece.before, draw(st.sampled_from(LIES)))
    if how == 2:
        return Piece(piece.tag, draw(st.sampled_from(TEXTS + WHOLE_NUMBERS)))
    if how == 3:
        return Piece(0x02, draw(st.sampled_from(WHOLE_NUMBERS)))
    return nested(piece, draw(st.sampled_from(DEPTHS)))


def nested(piece: Piece, depth: int) -> Piece:
    """The piece in so many sequences, one in the other; written at once, for Python itself nests no deeper."""
    data = piece.written()
    for _ in range(depth):
        data = bytes((_SEQUENCE,)) + _length(len(data)) + data
    return Piece(_SEQUENCE, data)
