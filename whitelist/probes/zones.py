"""The zone a name stands in, and its name servers: whoever asks them sees no cache."""

from dataclasses import dataclass

from portal.egress import connection, names
from portal.egress.names import NoReply, Server
from portal.http import FetchFailed
from whitelist.policy.server_facts import Outcome
from whitelist.probes import outcomes

_SERVERS_ASKED = 5
_CLIMB = 8


@dataclass(frozen=True)
class Authority:
    """A name server of the zone: where it can be asked, or why it cannot."""

    name: str
    server: Server | None
    outcome: Outcome = Outcome.NOT_ASKED


def zone_of(name: str, *, deadline: float) -> str | None:
    """The apex of the zone `name` stands in: the nearest name upwards with an SOA record (RFC 1034 section 4.2.1)."""
    labels = name.rstrip(".").split(".")
    for start in range(min(len(labels), _CLIMB)):
        candidate = ".".join(labels[start:])
        reply = ask_any(candidate, "SOA", deadline=deadline)
        if reply is not None and reply.records and not reply.chain:
            return candidate
    return None


def authorities(zone: str, *, deadline: float) -> tuple[Authority, ...]:
    """The zone's name servers, at most five, in the order of their names."""
    reply = ask_any(zone, "NS", deadline=deadline)
    found = sorted(reply.records)[:_SERVERS_ASKED] if reply else []
    return tuple(_authority(name.rstrip("."), deadline) for name in found)


def _authority(name: str, deadline: float) -> Authority:
    try:
        addresses = names.addresses(name, deadline=deadline)
        if not addresses:
            return Authority(name, None, Outcome.NO_NAME)
        port = connection.permitted_port(name, addresses[0], 53)
        return Authority(name, Server(name, addresses[0], port))
    except NoReply as silence:
        return Authority(name, None, outcomes.of_silence(silence))
    except FetchFailed as failure:
        return Authority(name, None, outcomes.of_failure(failure))


def ask_any(name: str, kind: str, *, deadline: float) -> names.Reply | None:
    """The reply of the first resolver that knows, or None when none does."""
    for server in names.resolvers():
        try:
            reply = names.ask(server, name, kind, deadline=deadline)
        except NoReply:
            continue
        if reply.rcode in ("NOERROR", "NXDOMAIN"):
            return reply
    return None
