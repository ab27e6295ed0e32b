"""The only outbound HTTP of the site.

Resolve once, look at every address, connect to that address: a second look-up cannot change the answer (rebinding).
No redirect is followed, no proxy is read from the environment, time and bytes are bounded. Run it in workers only.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

# `ipaddress.is_global` lets these through although they lead back inside (NAT64, 6to4, old site-local).
_ALSO_REFUSED = [ipaddress.ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fec0::/10")]
USER_AGENT = "jpki-portal-fetch/1"


class FetchFailed(Exception):
    """`code` names what went wrong: fetch.refused_address, fetch.unreachable, fetch.too_large, fetch.timeout, …"""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def get(url: str, *, max_bytes: int, timeout: float, headers: dict[str, str] | None = None) -> Answer:
    """GET `url` within `timeout` seconds in all and at most `max_bytes` of body; raises FetchFailed."""
    deadline = time.monotonic() + timeout
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchFailed("fetch.scheme", parts.scheme)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _permitted_address(parts.hostname, port)
    connection = _connect(parts.scheme, parts.hostname, address, port, timeout)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"User-Agent": USER_AGENT, "Host": parts.netloc, **(headers or {})}
        connection.request("GET", path, headers=sent)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), _read(response, connection, max_bytes, deadline))
    except TimeoutError:
        raise FetchFailed("fetch.timeout") from None
    except (OSError, http.client.HTTPException) as error:
        raise FetchFailed("fetch.unreachable", type(error).__name__) from None
    finally:
        connection.close()


def _permitted_address(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchFailed("fetch.unresolvable", host) from None
    addresses = [str(item[4][0]) for item in found]
    allowed_loopback = f"{host}:{port}" in settings.LOOPBACK_ALLOWED
    for address in addresses:
        if not (_is_public(address) or (allowed_loopback and ipaddress.ip_address(address).is_loopback)):
            raise FetchFailed("fetch.refused_address", address)
    return next((a for a in addresses if ":" not in a), addresses[0])


def _is_public(text: str) -> bool:
    if "%" in text:
        return False
    address = ipaddress.ip_address(text)
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return _is_public(str(mapped))
    refused = any(address in network for network in _ALSO_REFUSED if network.version == address.version)
    return address.is_global and not address.is_multicast and not refused


def _connect(scheme: str, host: str, address: str, port: int, timeout: float) -> http.client.HTTPConnection:
    try:
        sock = socket.create_connection((address, port), timeout=timeout)
        if scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except ssl.SSLError as error:
        raise FetchFailed("fetch.tls", error.reason or "") from None
    except TimeoutError:
        raise FetchFailed("fetch.timeout") from None
    except OSError as error:
        raise FetchFailed("fetch.unreachable", type(error).__name__) from None
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection.sock = sock
    return connection


def _read(
    response: http.client.HTTPResponse, connection: http.client.HTTPConnection, max_bytes: int, deadline: float
) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise FetchFailed("fetch.timeout")
        if connection.sock is not None:
            connection.sock.settimeout(left)
        chunk = response.read1(min(65536, max_bytes + 1 - size))
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise FetchFailed("fetch.too_large", f"more than {max_bytes} bytes")
