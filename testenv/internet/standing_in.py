"""The stand-in internet as one thing to start and stop: name servers, resolvers, web servers and their zone file."""

import contextlib
from pathlib import Path
from typing import Self

import dns.message

from testenv.internet import answers, zone
from testenv.internet.certificates import WebAuthority
from testenv.internet.dns_server import DnsServer
from testenv.internet.web_server import WebServers


class Internet:
    """Runs in threads of this process until `close`. `folder` holds zone.json and receives root.pem."""

    def __init__(self, folder: Path, *, dns_port: int = 0, tls_port: int = 0) -> None:
        self.folder = folder
        self._stamp: tuple[int, int] | None = None
        self._zone = zone.Zone({}, (), ())
        self.web = WebServers(WebAuthority(folder), self.written, port=tls_port)
        self.dns = DnsServer(self._reply, answers.SERVERS, port=dns_port)

    @property
    def zone_file(self) -> Path:
        return self.folder / "zone.json"

    def written(self) -> zone.Zone:
        """The zone as the file has it now; an unreadable file leaves the last one standing."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            status = self.zone_file.stat()
            if (stamp := (status.st_mtime_ns, status.st_size)) != self._stamp:
                self._zone, self._stamp = zone.read(self.zone_file), stamp
        return self._zone

    def _reply(self, query: dns.message.Message, server: str) -> dns.message.Message | None:
        return answers.answer(query, server, self.written())

    def forget(self) -> None:
        """Back to an internet where every host is what its name says."""
        self.zone_file.unlink(missing_ok=True)
        self._zone, self._stamp = zone.Zone({}, (), ()), None
        self.web.requests.clear()
        self.web.agents.clear()

    def close(self) -> None:
        self.dns.close()
        self.web.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
