"""How a host of the stand-in internet behaves. Its first label says so: `expired.bank.example.jp` shows an expired
certificate; a host named otherwise is good. The zone file may say otherwise for single hosts."""

from enum import StrEnum


class Behaviour(StrEnum):
    GOOD = "good"
    EXPIRED = "expired"
    EXPIRES_SOON = "expires-soon"
    WRONG_NAME = "wrong-name"
    INCOMPLETE = "incomplete"  # the intermediate certificate is not sent
    UNTRUSTED = "untrusted"  # another root
    SELF_SIGNED = "self-signed"
    WEAK_KEY = "weak-key"
    OLD_TLS = "old-tls"
    SLOW = "slow"  # takes the connection and says nothing
    DRIPPING = "dripping"  # header bytes, one by one, for ever
    ENDLESS = "endless"  # a body without end
    REDIRECTING = "redirecting"  # to another domain
    METADATA = "metadata"  # redirects to a cloud's metadata address
    OPEN_REDIRECT = "open-redirect"
    BROKEN = "broken"  # 500 with a stack trace
    HTML = "html"  # a page with status 200
    BARE = "bare"  # no protective headers
    CLOSED = "closed"  # nobody listens
    DANGLING = "dangling"  # a CNAME to a name that is gone
    MISSING = "missing"  # the name does not exist
    PRIVATE = "private"  # leads to a private address
    SILENT = "silent"  # the name servers do not answer


_BY_LABEL = {kind.value: kind for kind in Behaviour}


def of(host: str, overrides: dict[str, str]) -> Behaviour:
    """The behaviour of `host` (lower case, without the root dot)."""
    if host in overrides:
        return Behaviour(overrides[host])
    return _BY_LABEL.get(host.partition(".")[0], Behaviour.GOOD)


def is_known(kind: str) -> bool:
    return kind in _BY_LABEL
