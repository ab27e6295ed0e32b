"""Which addresses this site may call. Pure: texts in, an answer out.

A name on the internet may lead anywhere, back inside included. What is refused is listed with its source; of IPv6 only
global unicast space (RFC 4291 section 2.4: 2000::/3) is called at all, and of that nothing that carries another address
inside, because a translator near us would unpack it.
"""

import ipaddress
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_REFUSED = [
    (ipaddress.ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "this network (RFC 791)"),
        ("10.0.0.0/8", "private (RFC 1918)"),
        ("100.64.0.0/10", "carrier-grade NAT (RFC 6598)"),
        ("127.0.0.0/8", "loopback (RFC 1122)"),
        ("168.63.129.16/32", "a cloud's own service address"),
        ("169.254.0.0/16", "link-local, cloud metadata (RFC 3927)"),
        ("172.16.0.0/12", "private (RFC 1918)"),
        ("192.0.0.0/24", "protocol assignments (RFC 6890)"),
        ("192.0.2.0/24", "documentation (RFC 5737)"),
        ("192.31.196.0/24", "AS112 (RFC 7535)"),
        ("192.52.193.0/24", "AMT (RFC 7450)"),
        ("192.88.99.0/24", "6to4 relay (RFC 7526)"),
        ("192.168.0.0/16", "private (RFC 1918)"),
        ("192.175.48.0/24", "AS112 (RFC 7534)"),
        ("198.18.0.0/15", "benchmarking (RFC 2544)"),
        ("198.51.100.0/24", "documentation (RFC 5737)"),
        ("203.0.113.0/24", "documentation (RFC 5737)"),
        ("224.0.0.0/4", "multicast (RFC 5771)"),
        ("240.0.0.0/4", "reserved (RFC 1112)"),
        ("::1/128", "loopback (RFC 4291)"),
        ("::ffff:0:0/96", "IPv4-mapped (RFC 4291)"),
        ("::/96", "IPv4-compatible (RFC 4291)"),
        ("64:ff9b::/96", "NAT64 (RFC 6052)"),
        ("64:ff9b:1::/48", "local NAT64 (RFC 8215)"),
        ("100::/64", "discard (RFC 6666)"),
        ("2001::/32", "Teredo (RFC 4380)"),
        ("2001::/23", "protocol assignments (RFC 2928)"),
        ("2001:db8::/32", "documentation (RFC 3849)"),
        ("2002::/16", "6to4 (RFC 3056)"),
        ("3fff::/20", "documentation (RFC 9637)"),
        ("5f00::/16", "segment routing (RFC 9602)"),
        ("fc00::/7", "unique local (RFC 4193)"),
        ("fe80::/10", "link-local (RFC 4291)"),
        ("fec0::/10", "site-local (RFC 3879)"),
        ("ff00::/8", "multicast (RFC 4291)"),
    )
]
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NUMBER = re.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)\Z")
# Interface identifiers of ISATAP end in an IPv4 address (RFC 5214 section 6.1).
_ISATAP = (0x00005EFE, 0x02005EFE)


class NotAnAddress(ValueError):
    """The host is written like an address, but not in the one ordinary notation."""


def refusal(text: str) -> str | None:
    """Why the address `text` is never called, or None when it may be."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "not an address"
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return "an IPv6 zone (RFC 4007)"
        if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
            return "ISATAP (RFC 5214)"
    for network, reason in _REFUSED:
        if address in network:
            return reason
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return "outside global unicast (RFC 4291)"
    return None if address.is_global else "not globally reachable (IANA special-purpose registries)"


def is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def literal(host: str) -> str | None:
    """The address that `host` (without brackets) is, or None for a name.

    Raises NotAnAddress for zones and for numbers that some resolvers take for an address: 2130706433, 0x7f.1,
    0177.0.0.1 (WHATWG URL Standard, section 3.5: a host whose last label is a number).
    """
    if ":" in host or "%" in host:
        if "%" in host:
            raise NotAnAddress(host)
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise NotAnAddress(host) from None
    if not _NUMBER.match(host.rstrip(".").rpartition(".")[2]):
        return None
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        raise NotAnAddress(host) from None
