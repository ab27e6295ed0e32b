"""Web servers on loopback: one speaks today's TLS, one only yesterday's, one takes connections and says nothing."""

import contextlib
import socketserver
import ssl
import threading
import time
import warnings
from collections.abc import Callable
from http.client import responses
from typing import Any

from testenv.internet import behaviour, pages
from testenv.internet.answers import MODERN, OLD, SLOW
from testenv.internet.behaviour import Behaviour
from testenv.internet.certificates import WebAuthority
from testenv.internet.zone import Zone

_REQUEST_LIMIT = 16384


class WebServers:
    """Serve from threads until `close`; port 0 picks a free one for all three addresses."""

    def __init__(self, authority: WebAuthority, written: Callable[[], Zone], *, port: int = 0) -> None:
        self._authority, self.written = authority, written
        self._contexts: dict[tuple[str, Behaviour], ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self.requests: list[str] = []
        self.agents: list[str] = []
        # Made once: two connections must not write the same key file at the same time.
        self._today = self._base(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
        self._yesterday = self._base(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2)
        self._servers = []
        for address, handle in ((MODERN, self._modern), (OLD, self._old), (SLOW, self._slow)):
            server = _Listener((address, port), _Handler)
            server.handle_with = handle
            port = server.server_address[1]
            self._servers.append(server)
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        self.port = port

    def close(self) -> None:
        self._stopped.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _slow(self, sock: Any) -> None:
        self._stopped.wait(60)

    def _modern(self, sock: Any) -> None:
        self._serve(sock, self._today)

    def _old(self, sock: Any) -> None:
        self._serve(sock, self._yesterday)

    def _base(self, lowest: ssl.TLSVersion, highest: ssl.TLSVersion) -> ssl.SSLContext:
        context = _context(lowest, highest)
        context.sni_callback = self._choose
        context.load_cert_chain(self._authority.chain_file("default.example.jp", Behaviour.GOOD))
        return context

    def _choose(self, sock: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        """The certificate of the host that was asked for (RFC 6066 section 3)."""
        if host is None:
            return
        kind = behaviour.of(host.lower(), self.written().hosts)
        with self._lock:
            if (host, kind) not in self._contexts:
                context = _context(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_3)
                context.load_cert_chain(self._authority.chain_file(host, kind))
                self._contexts[host, kind] = context
            sock.context = self._contexts[host, kind]

    def _serve(self, sock: Any, context: ssl.SSLContext) -> None:
        sock.settimeout(10)
        with contextlib.suppress(OSError), context.wrap_socket(sock, server_side=True) as secured:
            head = b""
            while b"\r\n\r\n" not in head and len(head) < _REQUEST_LIMIT and (piece := secured.recv(4096)):
                head += piece
            lines = head.decode("latin-1").split("\r\n")
            words = lines[0].split(" ")
            fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            if len(words) == 3:
                self.agents.append(fields.get("User-Agent", ""))
                self._answer(secured, fields.get("Host", "").lower().partition(":")[0], words[1])

    def _answer(self, sock: ssl.SSLSocket, host: str, target: str) -> None:
        written = self.written()
        self.requests.append(f"{host}{target}")
        kind = behaviour.of(host, written.hosts)
        if kind is Behaviour.DRIPPING:
            self._drip(sock)
            return
        found = pages.page(host, target, written)
        body = found.body.encode()
        sock.sendall(_head(found, None if kind is Behaviour.ENDLESS else len(body)) + body)
        while kind is Behaviour.ENDLESS and not self._stopped.is_set():
            sock.sendall(b"x" * 65536)

    def _drip(self, sock: ssl.SSLSocket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not self._stopped.is_set():
            sock.sendall(b"x")
            time.sleep(0.1)


def _context(lowest: ssl.TLSVersion, highest: ssl.TLSVersion) -> ssl.SSLContext:
    """Old versions on purpose: the probe must be able to tell that a server still speaks them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = lowest, highest
    return context


def _head(found: pages.Page, size: int | None) -> bytes:
    fields = {"Content-Type": found.content_type, "Server": "stand-in", **found.headers, "Connection": "close"}
    if size is not None:
        fields["Content-Length"] = str(size)
    lines = [f"HTTP/1.1 {found.status} {responses.get(found.status, '')}"]
    return ("\r\n".join([*lines, *(f"{name}: {value}" for name, value in fields.items())]) + "\r\n\r\n").encode(
        "latin-1"
    )


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256
    handle_with: Callable[[Any], None]


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.server.handle_with(self.request)  # type: ignore[attr-defined]
