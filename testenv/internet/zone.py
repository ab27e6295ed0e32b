"""What is written in the stand-in internet: one JSON file that tests, scenes and the console page edit.

    {"hosts": {"pay.bank.example.jp": "expired"},
     "records": [{"name": "_x.bank.example.jp", "type": "TXT", "value": "…", "ttl": 60, "only_at": ["ns3"]}],
     "files": [{"host": "bank.example.jp", "path": "/.well-known/x.txt", "body": "…", "content_type": "text/plain"}]}

`only_at` names the servers that know the record (ns1, ns2, ns3, resolver-a, resolver-b); without it all do.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testenv.internet import behaviour
from testenv.internet.behaviour import Behaviour

# Names reserved for documentation (RFC 2606 section 3; JPRS reserves example.jp and its kin likewise).
APEXES = (
    "example.jp",
    "example.co.jp",
    "example.or.jp",
    "example.ne.jp",
    "example.com",
    "example.net",
    "example.org",
)
SERVERS = ("ns1", "ns2", "ns3", "resolver-a", "resolver-b")
RECORD_TYPES = ("TXT", "CNAME", "A", "AAAA", "CAA", "DNSKEY")


class NotWritable(ValueError):
    """The record or file cannot stand in this internet. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Record:
    name: str
    type: str
    value: str
    ttl: int
    only_at: tuple[str, ...]


@dataclass(frozen=True)
class HostedFile:
    host: str
    path: str
    body: str
    content_type: str


@dataclass(frozen=True)
class Zone:
    hosts: dict[str, str]
    records: tuple[Record, ...]
    files: tuple[HostedFile, ...]

    def records_of(self, name: str, server: str) -> list[Record]:
        return [r for r in self.records if r.name == name and (not r.only_at or server in r.only_at)]

    def file_at(self, host: str, path: str) -> HostedFile | None:
        return next((file for file in reversed(self.files) if (file.host, file.path) == (host, path)), None)


def apex_of(name: str) -> str | None:
    """The zone that `name` stands in, or None: then it is not of this internet."""
    return next((apex for apex in APEXES if name == apex or name.endswith("." + apex)), None)


def folder(var_dir: Path) -> Path:
    return Path(var_dir) / "internet"


def read(path: Path) -> Zone:
    """The zone file at `path`; a missing one is an internet where every host is what its name says."""
    data = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return Zone(
        hosts={str(host): Behaviour(kind).value for host, kind in data.get("hosts", {}).items()},
        records=tuple(_record(item) for item in data.get("records", [])),
        files=tuple(_file(item) for item in data.get("files", [])),
    )


def _record(item: dict[str, Any]) -> Record:
    only_at = tuple(str(server) for server in item.get("only_at", []))
    return Record(_name(item["name"]), str(item["type"]), str(item["value"]), int(item.get("ttl", 60)), only_at)


def _file(item: dict[str, Any]) -> HostedFile:
    kind = str(item.get("content_type", "text/plain"))
    return HostedFile(_name(item["host"]), str(item["path"]), str(item["body"]), kind)


def _name(text: Any) -> str:
    return str(text).strip().rstrip(".").lower()


@contextmanager
def editing(path: Path) -> Iterator[dict[str, Any]]:
    """The file's content to change, under a lock; it is replaced in one movement, so nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        data = json.loads(path.read_text("utf-8")) if path.exists() else {}
        for part, empty in (("hosts", {}), ("records", []), ("files", [])):
            data.setdefault(part, empty)
        yield data
        new = path.with_suffix(".new")
        new.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
        os.replace(new, path)


def add_record(path: Path, name: str, kind: str, value: str, *, only_at: tuple[str, ...] = (), ttl: int = 60) -> None:
    """Raises NotWritable for names outside this internet, unknown types and servers."""
    if apex_of(_name(name)) is None:
        raise NotWritable("outside")
    if kind not in RECORD_TYPES or not set(only_at) <= set(SERVERS) or not value.strip():
        raise NotWritable("record")
    record = {"name": _name(name), "type": kind, "value": value.strip(), "ttl": ttl, "only_at": list(only_at)}
    with editing(path) as data:
        data["records"].append(record)


def put_file(path: Path, host: str, at: str, body: str, *, content_type: str = "text/plain") -> None:
    """Put `body` at https://host/at, in place of what was there. Raises NotWritable."""
    if apex_of(_name(host)) is None:
        raise NotWritable("outside")
    if not at.startswith("/"):
        raise NotWritable("path")
    with editing(path) as data:
        data["files"] = [f for f in data["files"] if (_name(f["host"]), f["path"]) != (_name(host), at)]
        data["files"].append({"host": _name(host), "path": at, "body": body, "content_type": content_type})


def set_host(path: Path, host: str, kind: str) -> None:
    """Make the host behave like that. Raises NotWritable."""
    if apex_of(_name(host)) is None:
        raise NotWritable("outside")
    if not behaviour.is_known(kind):
        raise NotWritable("behaviour")
    with editing(path) as data:
        data["hosts"][_name(host)] = kind


def remove(path: Path, part: str, place: int) -> None:
    """Take away the record or file at that place of its list; what is not there is passed over."""
    with editing(path) as data:
        if part in ("records", "files") and 0 <= place < len(data[part]):
            del data[part][place]
