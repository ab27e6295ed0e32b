"""A look at a host's name: addresses from several resolvers and the zone's own name servers, aliases, CAA, DNSSEC."""

from portal.egress import addresses, connection, names
from portal.egress.names import NoReply, Reply, Server
from portal.http import FetchFailed
from whitelist.policy.server_facts import AddressAnswer, DnsFacts, Outcome
from whitelist.probes import outcomes, zones

_RESOLVERS_ASKED = 3


def look(host: str, *, port: int, deadline: float) -> DnsFacts:
    """Facts about `host`, for a connection to `port`; `deadline` is on the monotonic clock. Raises nothing."""
    looks = [_addresses_at(server, host, "resolver", deadline) for server in names.resolvers()[:_RESOLVERS_ASKED]]
    zone = zones.zone_of(host, deadline=deadline)
    asked = zones.authorities(zone, deadline=deadline) if zone else ()
    for authority in asked:
        if authority.server is None:
            looks.append((AddressAnswer("authority", authority.name, authority.outcome), ()))
        else:
            looks.append(_addresses_at(authority.server, host, "authority", deadline))
    answers = tuple(answer for answer, _ in looks)
    found = sorted({address for answer in answers for address in answer.addresses})
    chain = next((chain for answer, chain in looks if chain), ())
    outcome = _together([answer.outcome for answer in answers if answer.role == "resolver"])
    caa, caa_at = _caa(host, deadline)
    return DnsFacts(
        host=host,
        outcome=outcome,
        addresses=tuple(found),
        not_public=tuple(address for address in found if _is_refused(host, address, port)),
        ttl=min((answer.ttl for answer in answers if answer.ttl is not None), default=None),
        answers=answers,
        zone=zone,
        cname_chain=chain,
        dangling_target=chain[-1] if chain and outcome is Outcome.NO_NAME else None,
        caa=caa,
        caa_at=caa_at,
        is_signed=_is_signed(zone, deadline),
    )


def _addresses_at(server: Server, host: str, role: str, deadline: float) -> tuple[AddressAnswer, tuple[str, ...]]:
    recursive = role == "resolver"
    try:
        replies = [names.ask(server, host, kind, deadline=deadline, recursive=recursive) for kind in ("A", "AAAA")]
    except NoReply as silence:
        return AddressAnswer(role, server.label, outcomes.of_silence(silence)), ()
    found = tuple(sorted(record for reply in replies for record in reply.records))
    outcome = _of_both(replies, found)
    ttl = min((reply.ttl for reply in replies if reply.records and reply.ttl is not None), default=None)
    return AddressAnswer(role, server.label, outcome, found, ttl), replies[0].chain


def _of_both(replies: list[Reply], found: tuple[str, ...]) -> Outcome:
    """A and AAAA together: one address is enough."""
    seen = [outcomes.of_reply(reply) for reply in replies]
    return Outcome.ANSWERED if found else next((o for o in seen if o.is_inconclusive), seen[0])


def _together(seen: list[Outcome]) -> Outcome:
    """What the resolvers said: an answer goes before "there is none", and that before silence."""
    order = (Outcome.ANSWERED, Outcome.NO_DATA, Outcome.NO_NAME, Outcome.SERVER_FAILED, Outcome.TIMEOUT)
    return next((outcome for outcome in order if outcome in seen), Outcome.UNREACHABLE)


def _is_refused(host: str, address: str, port: int) -> bool:
    """The guard's own judgement, so that facts and connections agree."""
    if not addresses.is_loopback(address):
        return addresses.refusal(address) is not None
    try:
        connection.permitted_port(host, address, port)
    except FetchFailed:
        return True
    return False


def _caa(host: str, deadline: float) -> tuple[tuple[str, ...] | None, str | None]:
    """The relevant CAA record set: the nearest one upwards (RFC 8659 section 3)."""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        name = ".".join(labels[start:])
        reply = zones.ask_any(name, "CAA", deadline=deadline)
        if reply is None:
            return None, None
        if reply.records:
            return tuple(sorted(reply.records)), name
    return (), None


def _is_signed(zone: str | None, deadline: float) -> bool | None:
    reply = zones.ask_any(zone, "DNSKEY", deadline=deadline) if zone else None
    return None if reply is None else bool(reply.records)
