"""Reading from a stranger: every single byte counts, and the clock runs through all of them.

A timeout on a socket begins anew with each byte that drips in; a limit on the body does not count headers. Here one
deadline and one budget hold for the whole answer, whatever the other side says its length is.
"""

import io
import socket
from typing import Any

from portal.egress.connection import FetchFailed, left

# More than any honest head: the status line and all header fields, interim answers included.
HEAD_BYTES = 64 * 1024


class _Stream(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._sock, self._deadline = sock, deadline
        self.budget = HEAD_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.budget <= 0:
            raise FetchFailed("fetch.too_large", "head or framing")
        self._sock.settimeout(left(self._deadline))
        count = self._sock.recv_into(memoryview(buffer)[: self.budget])
        self.budget -= count
        return count


class Incoming:
    """What http.client takes for a socket: it only ever asks for a file to read."""

    def __init__(self, sock: socket.socket, *, deadline: float) -> None:
        self._stream = _Stream(sock, deadline)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._stream)

    def open_for(self, body_bytes: int) -> None:
        """The head has been read: let a body of that size through, with room for its chunks' framing."""
        self._stream.budget = 2 * body_bytes + HEAD_BYTES
