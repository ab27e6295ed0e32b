"""Questions to the DNS. Every name the site looks up, for a connection or for a fact, is asked here, of the same ones.

`settings.DNS_RESOLVERS` names them ("192.0.2.53", "192.0.2.53:5353"); without it the machine's own are asked. A name
server that a zone names for itself is called only at a permitted address: a zone may name any address at all.
"""

import time
from dataclasses import dataclass
from functools import lru_cache

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
from django.conf import settings

_LONGEST_WAIT = 3.0
_CHAIN_LIMIT = 12


class NoReply(Exception):
    """Nobody answered. `code`: timeout, unreachable or garbled."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Server:
    """Where to ask: a label for people, an address and a port."""

    label: str
    address: str
    port: int = 53


@dataclass(frozen=True)
class Reply:
    """What a server said.

    rcode: "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED" …; records: texts of the records of the asked type, in the order
    of the answer; chain: CNAME targets followed on the way, without the root dot; ttl: the lowest of the answer;
    negative_ttl: seconds for which "there is none" may be kept (RFC 2308 section 5), None when there is something.
    """

    rcode: str
    records: tuple[str, ...]
    chain: tuple[str, ...]
    ttl: int | None
    negative_ttl: int | None


def resolvers() -> tuple[Server, ...]:
    given = tuple(settings.DNS_RESOLVERS) or _of_this_machine()
    return tuple(_server(text) for text in given)


def _server(text: str) -> Server:
    if text.count(":") == 1:
        address, _, port = text.partition(":")
        return Server(address, address, int(port))
    return Server(text, text)


@lru_cache(maxsize=1)
def _of_this_machine() -> tuple[str, ...]:
    try:
        return tuple(str(address) for address in dns.resolver.Resolver().nameservers)
    except dns.resolver.NoResolverConfiguration:
        return ()


def ask(server: Server, name: str, kind: str, *, deadline: float, recursive: bool = True) -> Reply:
    """One question to one server, over TCP when the answer does not fit (RFC 7766).

    `deadline` is on the monotonic clock; one question waits three seconds at most. Raises NoReply.
    """
    seconds = min(_LONGEST_WAIT, deadline - time.monotonic())
    if seconds <= 0:
        raise NoReply("timeout")
    try:
        query = dns.message.make_query(dns.name.from_text(name), kind, use_edns=0, payload=1232)
        if not recursive:
            query.flags &= ~dns.flags.RD
        message, _ = dns.query.udp_with_fallback(
            query, server.address, timeout=seconds, port=server.port, ignore_unexpected=True, ignore_errors=True
        )
    except dns.exception.Timeout:
        raise NoReply("timeout") from None
    except OSError:
        raise NoReply("unreachable") from None
    except (dns.exception.DNSException, ValueError, UnicodeError):
        raise NoReply("garbled") from None
    return _read(message, kind)


def _read(message: dns.message.Message, kind: str) -> Reply:
    wanted = dns.rdatatype.from_text(kind)
    name = message.question[0].name
    chain: list[str] = []
    ttls: list[int] = []
    records: list[str] = []
    for _ in range(_CHAIN_LIMIT):
        found = {rrset.rdtype: rrset for rrset in message.answer if rrset.name == name}
        if rrset := found.get(wanted):
            ttls.append(rrset.ttl)
            records = [_text(rdata) for rdata in rrset]
            break
        if (alias := found.get(dns.rdatatype.CNAME)) is None:
            break
        ttls.append(alias.ttl)
        name = alias[0].target
        chain.append(name.to_text(omit_final_dot=True).lower())
    negative = None if records else _negative_ttl(message)
    ttl = min(ttls) if ttls else None
    return Reply(dns.rcode.to_text(message.rcode()), tuple(records), tuple(chain), ttl, negative)


def _text(rdata: object) -> str:
    """A TXT record is the concatenation of its strings (RFC 7208 section 3.3 reads it so, and so do proofs)."""
    strings = getattr(rdata, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")
    return str(rdata).removesuffix(".") if getattr(rdata, "target", None) else str(rdata)


def _negative_ttl(message: dns.message.Message) -> int | None:
    for rrset in message.authority:
        if rrset.rdtype == dns.rdatatype.SOA:
            return int(min(rrset.ttl, rrset[0].minimum))
    return None


def addresses(host: str, *, deadline: float) -> tuple[str, ...]:
    """Addresses of a host name, IPv4 first, from the first resolver that answers; empty when the name has none.

    `localhost` is this machine without asking anybody (RFC 6761 section 6.3). Raises NoReply when no resolver answers.
    """
    if host == "localhost" or host.endswith(".localhost"):
        return ("127.0.0.1", "::1")
    silence = NoReply("unreachable")
    for server in resolvers():
        try:
            replies = [ask(server, host, kind, deadline=deadline) for kind in ("A", "AAAA")]
        except NoReply as error:
            silence = error
            continue
        if all(reply.rcode in ("NOERROR", "NXDOMAIN") for reply in replies):
            return tuple(record for reply in replies for record in reply.records)
        silence = NoReply("garbled")
    raise silence
