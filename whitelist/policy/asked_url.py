"""The one parser of return URLs.

RFC 3986, appendix B, read strictly: nothing is stripped, repaired or guessed, because what a browser repairs in silence
(tabs, newlines, backslashes: WHATWG URL Standard, section 4.4) is what the byte comparison would later trip over.
A text that cannot be read is answered with the reason, the place and, where one is certain, a mended URL.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote

from whitelist.policy import host_name
from whitelist.policy.finding import is_hidden
from whitelist.policy.host_name import HostName

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST_AND_PORT = re.compile(r"[A-Za-z0-9.-]+:[0-9]{1,5}(?:[/?#]|\Z)")
_TAIL = re.compile(r"([^?#]*)(?:\?([^#]*))?(?:#(.*))?\Z", re.DOTALL)
_TAIL_CHARACTER = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/?#%-]")  # RFC 3986 sections 2.2, 2.3 and 3.3 to 3.5
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TAIL_SAFE = "!$&'()*+,;=:@/?#%-._~"

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Part:
    """A component as it was typed, without its delimiter, and where it stands in the text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def span(self) -> tuple[int, int]:
        return (self.start, self.end)


@dataclass(frozen=True, slots=True)
class AskedUrl:
    """A URL that could be read. `host` and `host_part` are None only for schemes other than http and https."""

    text: str
    scheme: Part
    userinfo: Part | None
    host_part: Part | None
    host: HostName | None
    port: Part | None
    path: Part
    query: Part | None
    fragment: Part | None

    @property
    def scheme_name(self) -> str:
        return self.scheme.text.lower()

    @property
    def port_number(self) -> int | None:
        """The port when it is written and is one; RFC 3986 section 3.2.3 lets the digits be absent."""
        if self.port is None or not re.fullmatch(r"[0-9]{1,9}", self.port.text):
            return None
        return int(self.port.text)

    @property
    def is_default_port(self) -> bool:
        if self.port is None or self.port.text == "":
            return True
        return self.port_number == DEFAULT_PORTS.get(self.scheme_name)

    def replaced(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text is no absolute URL: the case, the place, and a mended URL when there is a certain one."""

    variant: str
    span: tuple[int, int]
    mend: str | None = None


def parse(text: str) -> AskedUrl | Unreadable:
    """Read `text` as one absolute URL; never raises, whatever the text."""
    result = _read(text)
    if isinstance(result, Unreadable):
        return Unreadable(result.variant, result.span, _readable_or_none(result.mend))
    return result


def _readable_or_none(mended: str | None) -> str | None:
    """A suggestion is made only when it can itself be read: one more repair is allowed, a chain of guesses is not."""
    if mended is None:
        return None
    again = _read(mended)
    if isinstance(again, AskedUrl):
        return mended
    if again.mend is not None and isinstance(_read(again.mend), AskedUrl):
        return again.mend
    return None


def _read(text: str) -> AskedUrl | Unreadable:
    if not text:
        return Unreadable("empty", (0, 0))
    refused = _refused_character(text)
    if refused is not None:
        return refused
    match = _SCHEME.match(text)
    if match is None or _HOST_AND_PORT.match(text):
        return Unreadable("relative", (0, len(text)), _with_scheme(text))
    scheme = Part(match[1], 0)
    if scheme.text.lower() not in DEFAULT_PORTS:
        return _read_tail(text, scheme, None, match.end())
    return _read_with_authority(text, scheme, match.end())


def _refused_character(text: str) -> Unreadable | None:
    for place, character in enumerate(text):
        if character == "\\" or is_hidden(character):
            mended = "".join(c for c in text.replace("\\", "/") if not is_hidden(c))
            return Unreadable(_character_variant(character), (place, place + 1), mended)
    return None


def _character_variant(character: str) -> str:
    if character == "\\":
        return "backslash"
    if character == "\ufeff":
        return "bom"
    if character == "\x00":
        return "nul"
    if "\ud800" <= character <= "\udfff":
        return "surrogate"
    if character.isspace():
        return "space"
    return "control" if character < "\xa0" else "invisible"


def _with_scheme(text: str) -> str:
    rest = text.lstrip("/")
    is_loopback = re.match(r"(?:localhost|127\.0\.0\.1)(?:[:/]|\Z)", rest) is not None
    return ("http://" if is_loopback else "https://") + rest


def _read_with_authority(text: str, scheme: Part, colon_end: int) -> AskedUrl | Unreadable:
    rest = text[colon_end:]
    if not rest.startswith("//") or rest.startswith("///"):
        return Unreadable("authority", (colon_end, colon_end + 1), f"{scheme.text}://{rest.lstrip('/')}")
    start = colon_end + 2
    authority = re.split(r"[/?#]", text[start:], maxsplit=1)[0]
    userinfo_text, at_sign, _host_and_port = authority.rpartition("@")
    userinfo = Part(userinfo_text, start) if at_sign else None
    host_start = start + len(userinfo_text) + len(at_sign)
    host_part, port = _host_and_port_parts(text[host_start : start + len(authority)], host_start)
    host = host_name.read(host_part.text) if host_part.text else None
    if host is None:
        return Unreadable("host", host_part.span)
    return _read_tail(text, scheme, _Authority(userinfo, host_part, host, port), start + len(authority))


@dataclass(frozen=True, slots=True)
class _Authority:
    userinfo: Part | None
    host_part: Part
    host: HostName
    port: Part | None


def _host_and_port_parts(text: str, start: int) -> tuple[Part, Part | None]:
    bracket = text.find("]") if text.startswith("[") else -1
    colon = text.find(":", bracket + 1)
    if colon < 0:
        return Part(text, start), None
    return Part(text[:colon], start), Part(text[colon + 1 :], start + colon + 1)


def _read_tail(text: str, scheme: Part, authority: _Authority | None, start: int) -> AskedUrl | Unreadable:
    refused = _refused_in_tail(text, start)
    if refused is not None:
        return refused
    match = _TAIL.match(text, start)
    assert match is not None  # every string has this shape
    path, query, fragment = (
        None if match[group] is None else Part(match[group], match.start(group)) for group in (1, 2, 3)
    )
    assert path is not None
    return AskedUrl(
        text=text,
        scheme=scheme,
        userinfo=authority.userinfo if authority else None,
        host_part=authority.host_part if authority else None,
        host=authority.host if authority else None,
        port=authority.port if authority else None,
        path=path,
        query=query,
        fragment=fragment,
    )


def _refused_in_tail(text: str, start: int) -> Unreadable | None:
    for place in range(start, len(text)):
        if not _TAIL_CHARACTER.match(text, place):
            variant = "character" if text[place].isascii() else "non_ascii"
            return Unreadable(variant, (place, place + 1), text[:start] + quote(text[start:], safe=_TAIL_SAFE))
    bad = _BAD_PERCENT.search(text, start)
    return None if bad is None else Unreadable("percent", (bad.start(), min(bad.start() + 3, len(text))))
