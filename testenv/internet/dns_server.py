"""A DNS server on loopback, UDP and TCP: one socket per server label, all on one port."""

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Mapping
from typing import Any

import dns.exception
import dns.message

# (query, label of the server asked) -> reply, or None for silence.
Answerer = Callable[[dns.message.Message, str], dns.message.Message | None]

_UDP_LIMIT = 1232


class DnsServer:
    """Serves from threads until `close`. `addresses` maps labels to loopback addresses; port 0 picks a free one."""

    def __init__(self, answerer: Answerer, addresses: Mapping[str, str], *, port: int = 0) -> None:
        self._answerer = answerer
        self._servers: list[socketserver.BaseServer] = []
        for label, address in addresses.items():
            tcp = _Tcp((address, port), _TcpHandler)
            port = tcp.server_address[1]
            self._serve(tcp, label)
            self._serve(_Udp((address, port), _UdpHandler), label)
        self.port = port

    def _serve(self, server: Any, label: str) -> None:
        server.reply_to = lambda wire: self._reply(wire, label)
        self._servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def _reply(self, wire: bytes, label: str) -> dns.message.Message | None:
        try:
            return self._answerer(dns.message.from_wire(wire), label)
        except (dns.exception.DNSException, IndexError, ValueError):
            return None  # not a question: silence, as a firewall would

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()


class _Udp(socketserver.ThreadingUDPServer):
    allow_reuse_address = False
    daemon_threads = True
    reply_to: Callable[[bytes], dns.message.Message | None]


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    reply_to: Callable[[bytes], dns.message.Message | None]


class _UdpHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, sock = self.request
        reply = self.server.reply_to(wire)  # type: ignore[attr-defined]
        if reply is not None:
            sock.sendto(_fitting(reply), self.client_address)


def _fitting(reply: dns.message.Message) -> bytes:
    """A reply too large for UDP goes out empty and truncated: the asker comes again over TCP (RFC 7766)."""
    wire = reply.to_wire(max_size=65535)
    if len(wire) <= _UDP_LIMIT:
        return wire
    short = dns.message.Message(reply.id)
    short.flags = reply.flags | dns.flags.TC
    short.question = reply.question
    return short.to_wire()


class _TcpHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.settimeout(5)
        with contextlib.suppress(OSError, struct.error):
            (size,) = struct.unpack("!H", self._read(2))
            reply = self.server.reply_to(self._read(size))  # type: ignore[attr-defined]
            if reply is not None:
                wire = reply.to_wire(max_size=65535)
                self.request.sendall(struct.pack("!H", len(wire)) + wire)

    def _read(self, size: int) -> bytes:
        found = b""
        while len(found) < size and (piece := self.request.recv(size - len(found))):
            found += piece
        return found


def is_free(address: str, port: int) -> bool:
    """Nobody listens there (TCP)."""
    with socket.socket() as sock:
        return sock.connect_ex((address, port)) != 0
