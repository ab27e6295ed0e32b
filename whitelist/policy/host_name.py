"""The host of a return URL, read once and strictly.

A browser reads a host far more generously than RFC 3986 writes it: `0x7f.1`, `2130706433` and `127.0.0.1` are one
address to it (WHATWG URL Standard, section 3.5, host parser). This reader follows the browser far enough to know *what*
the host would become, and remembers whether it was written plainly; the rules decide what to make of it.
"""

import ipaddress
import re
from dataclasses import dataclass

import idna

_LDH_LABEL = re.compile(r"[a-z0-9*](?:[a-z0-9*-]*[a-z0-9*])?\Z")  # RFC 1123 section 2.1; `*` is left to its own rule
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)\Z")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class HostName:
    """A host that could be read.

    ascii: lower-case A-label form without the root dot; an IPv6 address stands in brackets, compressed (RFC 5952).
    unicode: the same with U-labels, for people.
    address: the IP address the host stands for, or None for a name (and for a number that is no address).
    is_ip: the host is an address or would be taken for one.
    is_plain: the address is written in its one ordinary notation, without a zone.
    """

    ascii: str
    unicode: str
    address: Address | None = None
    is_ip: bool = False
    is_plain: bool = True
    has_zone: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        return () if self.is_ip else tuple(self.ascii.split("."))

    @property
    def is_loopback(self) -> bool:
        """RFC 6761 section 6.3 for names, RFC 1122 section 3.2.1.3 and RFC 4291 section 2.5.3 for addresses."""
        if self.is_ip:
            return self.is_plain and self.address is not None and self.address.is_loopback
        return self.labels[-1] == "localhost"

    def is_under(self, domain: str) -> bool:
        return self.ascii == domain or self.ascii.endswith("." + domain)


def read(text: str) -> HostName | None:
    """The host written as `text` (IPv6 with its brackets), or None when it is no host at all."""
    if text.startswith("["):
        return _read_ipv6(text)
    ascii_form = _to_ascii(text)
    if ascii_form is None:
        return None
    name = ascii_form.removesuffix(".")
    if _NUMBER.match(name.rpartition(".")[2]):
        return _read_ipv4(name, text)
    if not all(_LDH_LABEL.match(label) for label in name.split(".")):
        return None
    unicode_form = _to_unicode(name)
    return None if unicode_form is None else HostName(name, unicode_form)


def _to_ascii(text: str) -> str | None:
    if text.isascii():
        return text.lower()
    try:
        mapped = idna.uts46_remap(text, std3_rules=True, transitional=False)
        return ".".join(idna.alabel(label).decode("ascii") if label else "" for label in mapped.split("."))
    except (UnicodeError, ValueError, IndexError):
        return None


def _to_unicode(name: str) -> str | None:
    """U-labels for every A-label. An `xn--` label that is no A-label is refused (RFC 5891 section 5.4)."""
    try:
        return ".".join(_label_to_unicode(label) for label in name.split("."))
    except (UnicodeError, ValueError, IndexError):
        return None


def _label_to_unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    unicode_label = idna.ulabel(label)
    if idna.alabel(unicode_label) != label.encode("ascii"):
        raise UnicodeError("not an A-label")
    return unicode_label


def _read_ipv6(text: str) -> HostName | None:
    inner, zone_mark, _zone = text[1:-1].partition("%")  # zones: RFC 6874, withdrawn by RFC 9844
    if not text.endswith("]"):
        return None
    try:
        address = ipaddress.IPv6Address(inner)
    except ValueError:
        return None
    form = f"[{address.compressed}]"
    is_plain = not zone_mark and address.ipv4_mapped is None and "." not in inner
    return HostName(form, form, address, is_ip=True, is_plain=is_plain, has_zone=bool(zone_mark))


def _read_ipv4(name: str, typed: str) -> HostName:
    """A host whose last label is a number is an IPv4 address or nothing (WHATWG URL Standard, "ends in a number")."""
    address = _ipv4_of(name)
    is_plain = address is not None and typed == str(address)
    return HostName(name if address is None else str(address), name, address, is_ip=True, is_plain=is_plain)


def _ipv4_of(name: str) -> ipaddress.IPv4Address | None:
    parts = [_number_of(part) for part in name.split(".")]
    numbers = [number for number in parts if number is not None]
    if len(numbers) != len(parts) or len(numbers) > 4 or any(number > 255 for number in numbers[:-1]):
        return None
    if numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    value = numbers[-1] + sum(number << (8 * (3 - place)) for place, number in enumerate(numbers[:-1]))
    return ipaddress.IPv4Address(value)


def _number_of(part: str) -> int | None:
    """One part of an address: hexadecimal after 0x, octal after 0, else decimal; None when it is no number.

    More digits than any address can need are no number: the conversion of very long ones is costly.
    """
    if not _NUMBER.match(part) or len(part) > 16:
        return None
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    try:
        return int(part, 8 if part.startswith("0") else 10)
    except ValueError:
        return None
