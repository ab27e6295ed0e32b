"""A child process of `benchmarks.revocation`: makes long lists and does one thing with them. Prints one line of JSON.

What is timed is what the worker does with the bytes it fetched, without the database (`benchmarks.ingest` has it).
"""

import gc
import hashlib
import json
import os
import random
import resource
import shutil
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("PROFILE", "embedded")
os.environ["ROLE"] = "worker"
os.environ["VAR_DIR"] = sys.argv[2] if len(sys.argv) > 2 else ""
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from benchmarks.timing import in_turns
from tests.pure.pki.forge import NOW, Authority, an_authority
from verifier import index_files
from verifier.pki import der as der_format
from verifier.pki.crl import Crl
from verifier.validation.crl_index import CrlEvidence, IndexedList
from verifier.validation.revocation import accept_crl

MAX_BYTES = 1024 * 1024 * 1024


def make(folder: Path, entries: int, octets: int) -> dict[str, Any]:
    """A CA and its list."""
    ca = an_authority("sign-1")
    pem = ca.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "ca.pem").write_bytes(pem)
    (folder / "ca.der").write_bytes(ca.certificate_der)
    (folder / "list.crl").write_bytes(_list(ca, entries, octets, seed=1))
    return {}


def _list(ca: Authority, entries: int, octets: int, seed: int) -> bytes:
    from tests.pure.pki import long_lists

    made = long_lists.rows(long_lists.serials(entries, octets, seed), seed)
    return long_lists.around(ca.crl(), made.data, lambda tbs: ca.key.sign(tbs, PKCS1v15(), SHA256()))


class Work:
    def __init__(self, folder: Path) -> None:
        forged = an_authority("unused")
        self.ca = Authority("sign-1", forged.purpose, forged.world, (folder / "ca.der").read_bytes())
        self.key: Any = load_pem_private_key((folder / "ca.pem").read_bytes(), None).public_key()
        self.anchor, self.dp_key = self.ca.anchor, self.ca.dp_key()
        self.path = folder / "list.crl"

    def floor(self) -> None:
        self.floor_of(self.path.read_bytes())

    def floor_of(self, der: bytes) -> None:
        hashlib.sha256(der).digest()
        view = memoryview(der)
        tbs, _, signature = (view[start:stop] for start, stop in der_format.signed_spans(view))
        self.key.verify(bytes(signature), tbs, PKCS1v15(), SHA256())

    def judge(self) -> Crl:
        return self.judged(self.path.read_bytes())

    def judged(self, der: bytes) -> Crl:
        found: CrlEvidence = accept_crl(
            der, issuer=self.anchor, dp_name=self.dp_key, at=NOW + timedelta(seconds=1), max_bytes=MAX_BYTES
        )
        assert isinstance(found.crl, Crl)
        return found.crl

    def ingest(self) -> None:
        crl = self.judge()
        index_files.write(crl.columns, crl.sha256)

    def ingest_of(self, der: bytes) -> None:
        crl = self.judged(der)
        index_files.write(crl.columns, crl.sha256)

    def opened(self) -> None:
        assert index_files.opened(self.digest) is not None

    @property
    def digest(self) -> bytes:
        return bytes.fromhex(
            max((self.path.parent / "lists").glob("*.index"), key=lambda path: path.stat().st_mtime).stem
        )


def timed(folder: Path, rounds: int) -> dict[str, Any]:
    work = Work(folder)
    work.ingest()
    cases: dict[str, Callable[[], object]] = {
        name: getattr(work, name) for name in ("floor", "judge", "ingest", "opened")
    }
    return {name: (each.best, each.median) for name, each in in_turns(cases, rounds=rounds, calls=1).items()}


def memory(folder: Path, what: str) -> dict[str, Any]:
    """The largest the process has ever been, all of it counted."""
    work = Work(folder)
    getattr(work, what)()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"peak": peak if sys.platform == "darwin" else peak * 1024, "list": work.path.stat().st_size}


def look(folder: Path, calls: int) -> dict[str, Any]:
    """Look-ups in the index that was written last, in no order; beside a set of the same serials."""
    digest = Work(folder).digest
    index_files.folder()  # reads the site's settings, which a process has anyway
    gc.collect()
    before = _anonymous()
    columns = index_files.opened(digest)
    assert columns is not None
    columns.find(1)
    grown = _anonymous() - before
    chosen = random.Random(1).sample(range(len(columns)), calls)
    there = [columns.serial(row) for row in chosen]
    absent = [serial ^ 1 << 3 for serial in there]
    absent = [serial for serial in absent if columns.find(serial) < 0]
    before = _anonymous()
    as_set = {columns.serial(row) for row in range(len(columns))}
    set_bytes = _anonymous() - before
    # As a judgement does it: with the reason and the moment of what is found.
    find, inside = IndexedList(1, NOW, NOW, columns).lookup, as_set.__contains__

    def each(look: Callable[[int], object], serials: list[int]) -> Callable[[], None]:
        def run() -> None:
            for serial in serials:
                look(serial)

        return run

    cases = {"hit": each(find, there), "miss": each(find, absent), "set": each(inside, there)}
    told = in_turns(cases, rounds=5, calls=1)
    sizes = {"hit": len(there), "miss": len(absent), "set": len(there)}
    times = {name: (timing.best / sizes[name], timing.median / sizes[name]) for name, timing in told.items()}
    return {**times, "anonymous": max(grown, 0), "set_bytes": set_bytes}


def many(folder: Path, lists: int, rounds: int) -> dict[str, Any]:
    """Many short lists, in CPU seconds, the system's included."""
    make(folder, 1, 4)
    ca, signer = Work(folder), an_authority("sign-1")
    ders = [_list(signer, 500, 4, seed) for seed in range(lists)]
    taken: dict[str, list[float]] = {"floor": [], "ingest": []}
    for _ in range(rounds):
        for name, case in (("floor", ca.floor_of), ("ingest", ca.ingest_of)):
            shutil.rmtree(folder / "lists", ignore_errors=True)
            started = time.process_time()
            for der in ders:
                case(der)
            taken[name].append(time.process_time() - started)
    return {name: (min(each), sorted(each)[len(each) // 2]) for name, each in taken.items()}


def _anonymous() -> int:
    """Memory of this process alone, in bytes; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon")), 0)


_COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "make": lambda folder, entries, octets: make(folder, int(entries), int(octets)),
    "time": lambda folder, rounds: timed(folder, int(rounds)),
    "memory": memory,
    "look": lambda folder, calls: look(folder, int(calls)),
    "many": lambda folder, lists, rounds: many(folder, int(lists), int(rounds)),
}

if __name__ == "__main__":
    command, folder, *arguments = sys.argv[1:]
    print(json.dumps(_COMMANDS[command](Path(folder), *arguments)))
