"""The canonical form of a return URL, computed once, when an entry is made.

Only what RFC 3986 section 6.2.2 and 6.2.3 call equivalent for every http(s) server is made equal:

- scheme and host in lower case; the host as A-labels (RFC 5890), without the root dot, IPv6 compressed (RFC 5952);
- the scheme's default port, and a colon without digits, are dropped;
- an empty path becomes "/", as RFC 3986 section 6.2.3 says and as every browser sends it;
- path and query are kept byte for byte: servers may tell `/a` from `/A`, `/a/` and `/%61`.

The result is shown to the applicant, who accepts it with its length. From then on matching is equality of bytes: the
asked bytes are never brought into this form (RFC 9700 section 2.1, exact string matching).
"""

from whitelist.policy.asked_url import DEFAULT_PORTS, AskedUrl, Unreadable, parse
from whitelist.policy.difference import Candidate, Difference, differences, explain, nearest

# Stands with every entry. Changing what `canonical_of` answers for any URL means a new number here, and new entries:
# the bytes of an entry are never computed again.
VERSION = 1

__all__ = [
    "VERSION",
    "Candidate",
    "CanonicalRefused",
    "Difference",
    "canonical",
    "canonical_of",
    "differences",
    "explain",
    "matches",
    "nearest",
]


class CanonicalRefused(ValueError):
    """This text can never be an entry; `code` is the rule that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def matches(asked: bytes, stored: bytes) -> bool:
    """The whole of matching: the same bytes, or no match."""
    return asked == stored


def canonical(url: str) -> bytes:
    """The ASCII bytes an entry for `url` stores. Raises CanonicalRefused when there can be no such entry."""
    parsed = parse(url)
    if isinstance(parsed, Unreadable):
        raise CanonicalRefused("url.parse")
    return canonical_of(parsed)


def canonical_of(url: AskedUrl) -> bytes:
    """The canonical form of a URL that was read. Raises CanonicalRefused."""
    refusal = _refusal(url)
    if refusal is not None:
        raise CanonicalRefused(refusal)
    assert url.host is not None  # http and https are never read without a host
    port = "" if url.is_default_port else f":{url.port_number}"
    query = "" if url.query is None else f"?{url.query.text}"
    return f"{url.scheme_name}://{url.host.ascii}{port}{url.path.text or '/'}{query}".encode("ascii")


def _refusal(url: AskedUrl) -> str | None:
    if url.scheme_name not in DEFAULT_PORTS or url.host is None:
        return "url.scheme.https"
    if "*" in url.text:
        return "url.wildcard"
    if url.userinfo is not None:
        return "url.userinfo"
    if url.fragment is not None:
        return "url.fragment"
    if not url.host.is_plain:
        return "url.host.ip"
    if not url.is_default_port and not 0 < (url.port_number or 0) < 65536:
        return "url.port"
    return None
