"""A list of many entries: signed and published, and its delta, against hashing the bytes of its document once."""

import hashlib
import json
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.site import migrated
from benchmarks.table import Row, timed
from benchmarks.timing import Timing, in_turns
from tests.servers import WORKER

_FLOOR = "the same entries as JSON, one SHA-256"
_STAGES = {
    "first": "list of {entries:,} entries, first version signed and published",
    "next": "the same, one entry more, signed and published",
    "delta": "what has changed since the version before",
    "replay": "the whole change log taken up by a process",
}


def rows(*, entries: int = 20_000, rounds: int = 5) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        with migrated(Path(name)) as site:
            took = site.python("benchmarks.publishing", str(entries), str(rounds), **WORKER)
    floor = in_turns({"floor": lambda: _floor(entries)}, rounds=3, calls=1)["floor"]
    what = {stage: words.format(entries=entries) for stage, words in _STAGES.items()}
    return [timed(what[stage], Timing(min(took[stage]), median(took[stage])), _FLOOR, floor) for stage in _STAGES]


def _floor(entries: int) -> str:
    listed = [
        {"id": f"E-{n}", "url": f"https://sp{n:05d}.example.jp/jpki/return", "purposes": ["signature"]}
        for n in range(entries)
    ]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()
