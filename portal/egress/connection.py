"""A connection to a checked, pinned address, under one deadline.

The name is resolved once, all its addresses are looked at, and the connection goes to one of them: a second look-up
cannot change the answer (DNS rebinding). One inner address among good ones refuses them all.
"""

import socket
import ssl
import time
from dataclasses import dataclass

from django.conf import settings

from portal.egress import addresses, names

# Servers of this site's users speak on these; anything else would make us a port scanner for whoever asks.
PORTS = {"https": (443, 8443), "http": (80,)}


class FetchFailed(Exception):
    """`code` names what went wrong: fetch.refused_address, fetch.unreachable, fetch.timeout, …"""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Target:
    """Where a connection may go: the host as asked, the pinned address, and the port to connect to."""

    host: str
    address: str
    port: int


def target(host: str, port: int, *, scheme: str, deadline: float) -> Target:
    """Resolve, check every address, pin one. Raises FetchFailed."""
    if port not in PORTS[scheme] and f"{host}:{port}" not in settings.LOOPBACK_ALLOWED:
        raise FetchFailed("fetch.refused_port", str(port))
    found = _addresses(host, deadline)
    ports = [permitted_port(host, address, port) for address in found]
    if len({addresses.is_loopback(address) for address in found}) > 1:
        raise FetchFailed("fetch.refused_address", "loopback beside public")
    return Target(host, found[0], ports[0])


def permitted_port(host: str, address: str, port: int) -> int:
    """The port to connect to at `address`. Raises FetchFailed unless the address may be called.

    Loopback is open to an embedded site alone: for its own responders (LOOPBACK_ALLOWED, host and port) and for the
    stand-in internet, whose well-known ports stand for ports anybody may open (LOOPBACK_PORTS).
    """
    if addresses.is_loopback(address):
        if f"{host}:{port}" in settings.LOOPBACK_ALLOWED:
            return port
        if port in settings.LOOPBACK_PORTS:
            return int(settings.LOOPBACK_PORTS[port])
    if addresses.refusal(address) is not None:
        raise FetchFailed("fetch.refused_address", address)
    return port


def _addresses(host: str, deadline: float) -> tuple[str, ...]:
    try:
        literal = addresses.literal(host)
    except addresses.NotAnAddress:
        raise FetchFailed("fetch.refused_address", host) from None
    if literal is not None:
        return (literal,)
    try:
        found = names.addresses(host, deadline=deadline)
    except names.NoReply as error:
        raise FetchFailed("fetch.timeout" if error.code == "timeout" else "fetch.unresolvable", host) from None
    if not found:
        raise FetchFailed("fetch.unresolvable", host)
    return found


def connect(where: Target, *, deadline: float) -> socket.socket:
    """A TCP connection to the pinned address. Raises FetchFailed."""
    try:
        return socket.create_connection((where.address, where.port), timeout=left(deadline))
    except TimeoutError:
        raise FetchFailed("fetch.timeout") from None
    except ConnectionRefusedError:
        raise FetchFailed("fetch.unreachable", "ConnectionRefusedError") from None
    except OSError as error:
        raise FetchFailed("fetch.unreachable", type(error).__name__) from None


def secure(
    sock: socket.socket, where: Target, *, deadline: float, context: ssl.SSLContext | None = None
) -> ssl.SSLSocket:
    """TLS over `sock` with the host's name (SNI), trusting the site's store unless `context` says otherwise.

    Raises FetchFailed; the socket is closed then.
    """
    try:
        sock.settimeout(left(deadline))
        return (context or trusting()).wrap_socket(sock, server_hostname=where.host)
    except ssl.SSLError as error:
        sock.close()
        raise FetchFailed("fetch.tls", error.reason or "") from None
    except TimeoutError:
        sock.close()
        raise FetchFailed("fetch.timeout") from None
    except OSError as error:
        sock.close()
        raise FetchFailed("fetch.unreachable", type(error).__name__) from None


def trusting() -> ssl.SSLContext:
    """The system's trust store; with `settings.TRUST_STORE` (a PEM file) that file's roots and no others."""
    return ssl.create_default_context(cafile=settings.TRUST_STORE or None)


def left(deadline: float) -> float:
    """Seconds until the deadline on the monotonic clock. Raises FetchFailed when it has passed."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise FetchFailed("fetch.timeout")
    return seconds
