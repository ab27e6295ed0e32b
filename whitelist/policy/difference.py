"""Why two return URLs do not match: an explainer beside the matcher, never a part of it.

The matcher compares bytes and answers yes or no. This module looks at the same bytes component by component
(RFC 3986, appendix B) and names what differs, so that somebody can mend it in a minute. Positions are counted from 1,
as people do.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

from whitelist.policy import host_name
from whitelist.policy.asked_url import DEFAULT_PORTS
from whitelist.policy.finding import is_hidden

_COMPONENTS = re.compile(
    rb"(?P<scheme>(?:[^:/?#]*:)?)(?P<slashes>(?://)?)(?P<rest>.*)\Z",
    re.DOTALL,
)
_AFTER_SLASHES = re.compile(
    rb"(?P<userinfo>(?:[^/?#]*@)?)(?P<host>(?:\[[^\]/?#]*\]|[^/?#:]*))(?P<port>(?::[^/?#]*)?)"
    rb"(?P<path>[^?#]*)(?P<query>(?:\?[^#]*)?)(?P<fragment>(?:\#.*)?)\Z",
    re.DOTALL,
)
_PATH_ONLY = re.compile(rb"(?P<path>[^?#]*)(?P<query>(?:\?[^#]*)?)(?P<fragment>(?:\#.*)?)\Z", re.DOTALL)

# A longer text is no URL that anybody stores: only its first differing byte is named, as a matter of length.
EXPLAINED_BYTES = 8192

COMPONENTS = ("scheme", "slashes", "userinfo", "host", "port", "path", "query", "fragment")

KINDS = (
    "url.bom",
    "url.space",
    "url.invisible",
    "url.scheme",
    "url.scheme.case",
    "url.slashes",
    "url.userinfo",
    "url.host",
    "url.host.case",
    "url.host.trailing_dot",
    "url.host.idn",
    "url.host.www",
    "url.port",
    "url.port.default",
    "url.case",
    "url.canonical.slash",
    "url.path",
    "url.path.double_slash",
    "url.percent_encoding",
    "url.percent_encoding.case",
    "url.percent_encoding.double",
    "url.query",
    "url.fragment",
    "url.length",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the asked and the stored bytes part.

    position: place in the asked bytes, from 1 (one past the end when only the stored URL goes on).
    stored_position: the same place in the stored bytes.
    asked_byte, stored_byte: the values at these places, None where there is no byte.
    kind: one of KINDS.
    asked_run, stored_run: the whole differing pieces, for a table.
    """

    position: int
    asked_byte: int | None
    stored_byte: int | None
    kind: str
    stored_position: int
    asked_run: bytes
    stored_run: bytes


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored URL near to the asked one: its index in the given sequence and all differences (none: it matches)."""

    index: int
    stored: bytes
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bytes of one component and, for each of them and for the end, the place in the URL it was cut from."""

    data: bytes
    places: Sequence[int]

    def cut(self, start: int, end: int) -> "_Piece":
        return _Piece(self.data[start:end], self.places[start : end + 1])


def explain(asked: bytes, stored: bytes) -> Difference | None:
    """The first differing byte, with its kind; None exactly when the two are equal."""
    return next(iter(differences(asked, stored)), None)


def differences(asked: bytes, stored: bytes) -> tuple[Difference, ...]:
    """All differences in order of position. The first one always stands at the first differing byte."""
    if asked == stored:
        return ()
    if max(len(asked), len(stored)) > EXPLAINED_BYTES:
        found = [_trimmed("url.length", _whole(asked), _whole(stored))]
    else:
        found = sorted(_found(asked, stored), key=lambda difference: difference.position)
    first = _common_prefix(asked, stored)
    leading = replace(
        found[0],  # there is one: hidden characters and components together make up all of the bytes
        position=first + 1,
        stored_position=first + 1,
        asked_byte=_byte_at(asked, first),
        stored_byte=_byte_at(stored, first),
    )
    return (leading, *(difference for difference in found[1:] if difference.position > first + 1))


def nearest(asked: bytes, stored: Sequence[bytes], *, limit: int = 3) -> tuple[Candidate, ...]:
    """At most `limit` stored URLs, nearest first: equal bytes, then the same host, then the longest shared ends."""

    def distance(index: int) -> tuple[bool, bool, int, int]:
        other = stored[index]
        shared = _common_prefix(asked, other)
        shared_tail = _common_prefix(asked[shared:][::-1], other[shared:][::-1])
        return (asked != other, _host(asked) != _host(other), -(shared + shared_tail), abs(len(asked) - len(other)))

    order = sorted(range(len(stored)), key=lambda index: (distance(index), index))
    return tuple(Candidate(index, stored[index], differences(asked, stored[index])) for index in order[:limit])


def _host(url: bytes) -> bytes:
    return _split(_whole(url))["host"].data.lower()


def _whole(url: bytes) -> _Piece:
    return _Piece(url, range(len(url) + 1))


def _byte_at(url: bytes, place: int) -> int | None:
    return url[place] if place < len(url) else None


def _common_prefix(left: bytes, right: bytes) -> int:
    for place, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return place
    return min(len(left), len(right))


def _difference(kind: str, asked: _Piece, stored: _Piece) -> Difference:
    return Difference(
        position=asked.places[0] + 1,
        asked_byte=_byte_at(asked.data, 0),
        stored_byte=_byte_at(stored.data, 0),
        kind=kind,
        stored_position=stored.places[0] + 1,
        asked_run=asked.data,
        stored_run=stored.data,
    )


def _found(asked: bytes, stored: bytes) -> Iterator[Difference]:
    asked_piece, stored_piece = _whole(asked), _whole(stored)
    if _cleaned(stored_piece).data == stored:  # nothing hidden is ever stored; without that the hidden is no difference
        yield from _hidden_in(asked_piece)
        asked_piece = _cleaned(asked_piece)
    asked_parts, stored_parts = _split(asked_piece), _split(stored_piece)
    for name in COMPONENTS:
        if asked_parts[name].data != stored_parts[name].data:
            yield from _in_component(name, asked_parts, stored_parts)


def _characters(piece: _Piece) -> Iterator[tuple[str, int, int]]:
    """The piece as UTF-8 text: each character with its byte range; a byte that is no UTF-8 stands for itself."""
    place = 0
    for character in piece.data.decode("utf-8", "surrogateescape"):
        length = len(character.encode("utf-8", "surrogateescape"))
        yield character, place, place + length
        place += length


def _is_removed(character: str) -> bool:
    return is_hidden(character) and not "\udc80" <= character <= "\udcff"


def _hidden_in(piece: _Piece) -> Iterator[Difference]:
    for character, start, end in _characters(piece):
        if _is_removed(character):
            kind = "url.bom" if character == "\ufeff" else "url.space" if character.isspace() else "url.invisible"
            yield _difference(kind, piece.cut(start, end), _Piece(b"", piece.places[start : start + 1]))


def _cleaned(piece: _Piece) -> _Piece:
    kept = [
        place
        for character, start, end in _characters(piece)
        if not _is_removed(character)
        for place in range(start, end)
    ]
    return _Piece(
        bytes(piece.data[place] for place in kept), [*(piece.places[place] for place in kept), piece.places[-1]]
    )


def _split(piece: _Piece) -> dict[str, _Piece]:
    head = _COMPONENTS.match(piece.data)
    assert head is not None  # every byte string has this shape
    pattern = _AFTER_SLASHES if head["slashes"] else _PATH_ONLY
    tail = pattern.match(piece.data, head.start("rest"))
    assert tail is not None
    parts = {}
    end = 0
    for name in COMPONENTS:
        source = head if name in ("scheme", "slashes") else tail
        start, end = source.span(name) if name in source.re.groupindex else (end, end)
        parts[name] = piece.cut(start, end)
    return parts


def _in_component(name: str, asked: dict[str, _Piece], stored: dict[str, _Piece]) -> Iterator[Difference]:
    left, right = asked[name], stored[name]
    if name == "path":
        yield from _in_path(left, right)
    elif name == "scheme":
        yield _trimmed("url.scheme.case" if left.data.lower() == right.data.lower() else "url.scheme", left, right)
    elif name == "host":
        yield _trimmed(_host_kind(left.data, right.data), left, right)
    elif name == "port":
        is_default = _port(asked) == _port(stored)
        yield _trimmed("url.port.default" if is_default else "url.port", left, right)
    elif name == "query" and left.data and right.data:
        yield _trimmed(_encoding_kind(left.data, right.data) or "url.query", left, right)
    else:
        yield _trimmed(f"url.{name}", left, right)


def _trimmed(kind: str, left: _Piece, right: _Piece) -> Difference:
    """A difference without the bytes both pieces begin and end with."""
    start = _common_prefix(left.data, right.data)
    tail = _common_prefix(left.data[start:][::-1], right.data[start:][::-1])
    return _difference(kind, left.cut(start, len(left.data) - tail), right.cut(start, len(right.data) - tail))


def _port(parts: dict[str, _Piece]) -> bytes:
    text = parts["port"].data.removeprefix(b":")
    scheme = parts["scheme"].data.removesuffix(b":").lower().decode("ascii", "replace")
    return text or str(DEFAULT_PORTS.get(scheme, "")).encode("ascii")


def _host_kind(left: bytes, right: bytes) -> str:
    asked, stored = left.lower(), right.lower()
    if asked == stored:
        return "url.host.case"
    if asked.removesuffix(b".") == stored.removesuffix(b"."):
        return "url.host.trailing_dot"
    if asked == b"www." + stored or stored == b"www." + asked:
        return "url.host.www"
    readings = [host_name.read(host.decode("utf-8", "surrogateescape")) for host in (left, right)]
    if not (left.isascii() and right.isascii()) and readings[0] is not None and readings[0] == readings[1]:
        return "url.host.idn"
    return "url.host"


def _in_path(left: _Piece, right: _Piece) -> Iterator[Difference]:
    left_slash, right_slash = left.data.endswith(b"/"), right.data.endswith(b"/")
    if left_slash != right_slash:
        left_body, right_body = (
            piece.cut(0, len(piece.data) - slash) for piece, slash in ((left, left_slash), (right, right_slash))
        )
        yield from _in_path_body(left_body, right_body)
        yield _difference(
            "url.canonical.slash",
            left.cut(len(left_body.data), len(left.data)),
            right.cut(len(right_body.data), len(right.data)),
        )
    else:
        yield from _in_path_body(left, right)


def _in_path_body(left: _Piece, right: _Piece) -> Iterator[Difference]:
    if left.data == right.data:
        return
    if left.data.lower() == right.data.lower():
        yield from _case_runs(left, right)
        return
    kind = _encoding_kind(left.data, right.data)
    if kind is None and re.sub(rb"//+", b"/", left.data) == re.sub(rb"//+", b"/", right.data):
        kind = "url.path.double_slash"
    if kind is None and (left.data.startswith(right.data) or right.data.startswith(left.data)):
        kind = "url.length"
    yield _trimmed(kind or "url.path", left, right)


def _encoding_kind(left: bytes, right: bytes) -> str | None:
    once = unquote_to_bytes(left), unquote_to_bytes(right)
    if once[0] == once[1]:
        return "url.percent_encoding.case" if left.lower() == right.lower() else "url.percent_encoding"
    if unquote_to_bytes(once[0]) == once[1] or once[0] == unquote_to_bytes(once[1]):
        return "url.percent_encoding.double"
    return None


def _case_runs(left: _Piece, right: _Piece) -> Iterator[Difference]:
    """Each run of letters that differ in case only; inside a %XX it is the encoding that was written differently."""
    triplets = {place for match in re.finditer(rb"%[0-9A-Fa-f]{2}", left.data) for place in range(*match.span())}
    place = 0
    while place < len(left.data):
        end = place
        while end < len(left.data) and left.data[end] != right.data[end]:
            end += 1
        if end > place:
            kind = "url.percent_encoding.case" if place in triplets else "url.case"
            yield _difference(kind, left.cut(place, end), right.cut(place, end))
        place = end + 1
