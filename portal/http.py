"""The only outbound HTTP of the site (its connections are made in portal.egress, like those of the probes).

No redirect is followed, no proxy is read from the environment, no credentials are sent, and time and bytes are bounded
over the whole answer. A compressed body is refused: it may unpack to anything. Run it in workers; the one exception are
the web's questions to OCSP responders, which have a budget of their own (verifier.ocsp_client).
"""

import http.client
import io
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import SplitResult, urlsplit

from portal.egress import connection
from portal.egress.connection import FetchFailed
from portal.egress.reading import Incoming

__all__ = ["USER_AGENT", "Answer", "FetchFailed", "get", "is_address", "post"]

USER_AGENT = "jpki-portal-fetch/1"


@dataclass(frozen=True)
class Answer:
    """`body` is empty where it was written into a file."""

    status: int
    headers: dict[str, str]
    body: bytes


def get(
    url: str,
    *,
    max_bytes: int,
    timeout: float,
    headers: dict[str, str] | None = None,
    cut: bool = False,
    into: IO[bytes] | None = None,
) -> Answer:
    """GET `url` within `timeout` seconds in all and at most `max_bytes` of body; raises FetchFailed.

    With `cut`, a larger body is cut there and an encoded one left out instead of refused: for answers that are looked
    at, not kept. With `into` the body is written there as it comes, so that a long one is never held in memory; what
    was written before a FetchFailed is worth nothing.
    """
    return _exchange("GET", url, b"", max_bytes=max_bytes, timeout=timeout, headers=headers or {}, cut=cut, into=into)


def post(url: str, body: bytes, *, content_type: str, max_bytes: int, timeout: float) -> Answer:
    """POST `body` to `url`, within the same bounds as `get`; raises FetchFailed."""
    headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
    return _exchange("POST", url, body, max_bytes=max_bytes, timeout=timeout, headers=headers)


def is_address(url: str) -> bool:
    """Whether `url` is one that can be asked at all: http or https, a host, no user name, printable ASCII."""
    try:
        _split(url)
    except FetchFailed:
        return False
    return url.isascii() and url.isprintable() and " " not in url


def _exchange(
    method: str,
    url: str,
    body: bytes,
    *,
    max_bytes: int,
    timeout: float,
    headers: Mapping[str, str],
    cut: bool = False,
    into: IO[bytes] | None = None,
) -> Answer:
    deadline = time.monotonic() + timeout
    parts = _split(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    where = connection.target(str(parts.hostname), port, scheme=parts.scheme, deadline=deadline)
    sock: Any = connection.connect(where, deadline=deadline)
    if parts.scheme == "https":
        sock = connection.secure(sock, where, deadline=deadline)
    with sock:
        try:
            sock.settimeout(connection.left(deadline))
            sock.sendall(_request(method, parts, headers) + body)
            return _answer(method, sock, max_bytes, deadline, cut, into)
        except TimeoutError:
            raise FetchFailed("fetch.timeout") from None
        except (OSError, http.client.HTTPException) as error:
            raise FetchFailed("fetch.unreachable", type(error).__name__) from None


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise FetchFailed("fetch.scheme", "not a URL") from None
    if parts.scheme not in connection.PORTS or not parts.hostname or "@" in parts.netloc:
        raise FetchFailed("fetch.scheme", parts.scheme)
    return parts


def _request(method: str, parts: SplitResult, headers: Mapping[str, str]) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = {
        "Host": parts.netloc,
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
    }
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    if any(not line.isascii() or not line.isprintable() for line in lines) or " " in path:
        raise FetchFailed("fetch.scheme", "not a URL")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _answer(method: str, sock: Any, max_bytes: int, deadline: float, cut: bool, into: IO[bytes] | None) -> Answer:
    incoming: Any = Incoming(sock, deadline=deadline)
    response = http.client.HTTPResponse(incoming, method=method)
    response.begin()
    if response.getheader("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        if cut:
            return Answer(response.status, dict(response.getheaders()), b"")
        raise FetchFailed("fetch.encoded", str(response.getheader("Content-Encoding"))[:40])
    incoming.open_for(max_bytes)
    taken = into or io.BytesIO()
    size = _take(response, taken, max_bytes)
    if size > max_bytes and not cut:
        raise FetchFailed("fetch.too_large", f"more than {max_bytes} bytes")
    if size <= max_bytes and response.length:
        raise FetchFailed("fetch.incomplete", f"{response.length} bytes short")
    body = taken.getvalue()[:max_bytes] if isinstance(taken, io.BytesIO) and into is None else b""
    return Answer(response.status, dict(response.getheaders()), body)


def _take(response: http.client.HTTPResponse, into: IO[bytes], max_bytes: int) -> int:
    """Write the body as it comes, at most one byte more than allowed; how many came."""
    size = 0
    while size <= max_bytes and (chunk := response.read1(min(65536, max_bytes + 1 - size))):
        try:
            into.write(chunk)
        except OSError as error:
            raise FetchFailed("fetch.no_room", type(error).__name__) from error
        size += len(chunk)
    return size
