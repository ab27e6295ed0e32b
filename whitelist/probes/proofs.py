"""Asking for a domain's proof: every name server of its zone and the resolvers, or the domain's own web server."""

import time

from django.conf import settings

from portal import http
from portal.egress import names
from portal.egress.names import NoReply, Reply, Server
from portal.http import FetchFailed
from whitelist.policy import domain_proof as policy
from whitelist.policy.domain_proof import Answers, Method, Seen, ServerAnswer
from whitelist.policy.server_facts import Outcome
from whitelist.probes import zones

SECONDS = 20.0
MAX_BYTES = 4096
_SHOWN = 5
_SHOWN_LENGTH = 200


def look(domain: str, method: Method, token: str) -> Answers:
    """What the servers show of the proof, within SECONDS. Raises nothing."""
    wanted = policy.wanted_value(token)
    if method is Method.FILE:
        return Answers(policy.file_url(domain), wanted, (_file(domain, wanted),))
    name, deadline = policy.record_name(domain), time.monotonic() + SECONDS
    zone = zones.zone_of(domain, deadline=deadline)
    asked = zones.authorities(zone, deadline=deadline) if zone else ()
    servers = [
        _record(authority.server, name, wanted, "authority", deadline)
        if authority.server
        else ServerAnswer("authority", authority.name, _unasked(authority.outcome))
        for authority in asked
    ]
    servers += [_record(server, name, wanted, "resolver", deadline) for server in names.resolvers()[:3]]
    return Answers(name, wanted, _caches_named(servers))


def _record(server: Server, name: str, wanted: str, role: str, deadline: float) -> ServerAnswer:
    try:
        reply = names.ask(server, name, "TXT", deadline=deadline, recursive=role == "resolver")
    except NoReply as silence:
        return ServerAnswer(role, server.label, Seen.SILENT if silence.code == "timeout" else Seen.FAILED)
    return ServerAnswer(
        role,
        server.label,
        _seen(reply, wanted),
        _shown(reply.records),
        reply.ttl if reply.records else reply.negative_ttl,
    )


def _seen(reply: Reply, wanted: str) -> Seen:
    if reply.rcode == "NXDOMAIN":
        return Seen.NO_NAME
    return Seen.FAILED if reply.rcode != "NOERROR" else policy.seen_in_record(reply.records, wanted)


def _caches_named(servers: list[ServerAnswer]) -> tuple[ServerAnswer, ...]:
    """Where the zone's own servers have the record and a resolver knows of no name, the resolver remembers."""
    is_there = any(answer.role == "authority" and answer.seen is Seen.MATCH for answer in servers)
    return tuple(
        ServerAnswer(answer.role, answer.server, Seen.CACHED_NO_NAME, answer.found, answer.seconds)
        if is_there and answer.role == "resolver" and answer.seen in (Seen.NO_NAME, Seen.NO_RECORD)
        else answer
        for answer in servers
    )


def _unasked(outcome: Outcome) -> Seen:
    if outcome is Outcome.REFUSED_ADDRESS:
        return Seen.INNER_ADDRESS
    return Seen.SILENT if outcome is Outcome.TIMEOUT else Seen.FAILED


def _file(domain: str, wanted: str) -> ServerAnswer:
    """One GET; a redirect is an answer and proves nothing, not even within the host."""
    headers = {"User-Agent": settings.PROBE_USER_AGENT}
    try:
        answer = http.get(policy.file_url(domain), max_bytes=MAX_BYTES, timeout=10, headers=headers)
    except FetchFailed as failure:
        return ServerAnswer("web", domain, _FAILURES.get(failure.code, Seen.SILENT))
    if answer.status in (301, 302, 303, 307, 308):
        location = {name.lower(): value for name, value in answer.headers.items()}.get("location", "")
        return ServerAnswer("web", domain, Seen.REDIRECTED, _shown((location,)))
    if answer.status != 200:
        return ServerAnswer("web", domain, Seen.NOT_FOUND, (str(answer.status),))
    lines = tuple(line for line in answer.body.decode("utf-8", "replace").splitlines() if line.strip())
    return ServerAnswer("web", domain, policy.seen_in_file(answer.body, wanted), _shown(lines))


_FAILURES = {
    "fetch.unresolvable": Seen.NO_NAME,
    "fetch.refused_address": Seen.INNER_ADDRESS,
    "fetch.tls": Seen.NOT_SECURE,
    "fetch.too_large": Seen.TOO_LARGE,
    "fetch.encoded": Seen.FAILED,
}


def _shown(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("".join(c if c.isprintable() else "\ufffd" for c in text[:_SHOWN_LENGTH]) for text in found[:_SHOWN])
