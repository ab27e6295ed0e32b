"""Servers of revocation lists over real sockets, and what such a server can do wrong with the name it is given."""

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Lists:
    """What a server has at hand: a list that would be believed, one that came before, one by another key."""

    newer: bytes
    older: bytes
    other_generation: bytes


@dataclass(frozen=True)
class Wrong:
    """The pieces a server sends, with a pause of seconds after each, and the code that tells what was wrong."""

    pieces: Callable[[Lists], Iterable[bytes]]
    code: str
    pause: float = 0.0


def answer(body: bytes, *, length: int | None = None, status: str = "200 OK", more: str = "") -> bytes:
    told = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {told}\r\n{more}Connection: close\r\n\r\n".encode() + body


class ListServer:
    """Sends the same pieces to whoever asks, until it is told to send others; on a free port of loopback."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.netloc = f"localhost:{self._listener.getsockname()[1]}"
        self._pieces: Callable[[], Iterable[bytes]] = tuple
        self._pause = 0.0

    def send(self, pieces: Callable[[], Iterable[bytes]], *, pause: float = 0.0) -> None:
        """Each caller gets pieces of its own, from the first one on."""
        self._pieces, self._pause = pieces, pause

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection, self._pieces(), self._pause), daemon=True).start()

    @staticmethod
    def _serve(connection: socket.socket, pieces: Iterable[bytes], pause: float) -> None:
        with connection:
            try:
                connection.recv(4096)
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)
            except OSError:  # the caller has had enough
                return


# In this order no code follows upon itself.
WRONG = {
    "is slow to begin": Wrong(lambda _: itertools.repeat(b"H"), "fetch.timeout", pause=0.05),
    "is endless": Wrong(
        lambda _: itertools.chain([CHUNKED], itertools.repeat(b"8000\r\n" + bytes(0x8000) + b"\r\n")), "fetch.too_large"
    ),
    "drips": Wrong(lambda _: itertools.chain([CHUNKED], itertools.repeat(b"1\r\n0\r\n")), "fetch.timeout", pause=0.05),
    "sends on to a private address": Wrong(
        lambda _: [answer(b"", status="302 Found", more="Location: http://169.254.169.254/\r\n")], "fetch.redirected"
    ),
    "tells a longer length": Wrong(
        lambda lists: [answer(lists.newer, length=len(lists.newer) + 100)], "fetch.incomplete"
    ),
    "tells a shorter length": Wrong(lambda lists: [answer(lists.newer, length=100)], "crl.malformed"),
    "tells more than is allowed": Wrong(lambda _: [answer(b"", length=10**12)], "fetch.incomplete"),
    "sends a page": Wrong(lambda _: [answer(b"<!doctype html><title>maintenance</title>")], "fetch.is_a_page"),
    "sends an older list": Wrong(lambda lists: [answer(lists.older)], "crl.older_number"),
    "sends the other generation's list": Wrong(lambda lists: [answer(lists.other_generation)], "crl.other_generation"),
}
