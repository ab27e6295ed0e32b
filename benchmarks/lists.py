"""Taking in a list of many entries, on SQLite and by the worker's own verbs (see ingest)."""

import tempfile
from pathlib import Path
from statistics import median

from benchmarks.site import migrated
from benchmarks.table import Row, timed
from benchmarks.timing import Timing

_FLOOR = "read, SHA-256, one RSA verification"
_STAGES = {
    "judge": "revocation list of {entries:,} entries, judged",
    "ingest": "the same, judged and stored",
    "take_up": "the stored list, taken up by a web process",
}


def rows(*, entries: int = 100_000, rounds: int = 5) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        with migrated(Path(name)) as site:
            made = site.python("benchmarks.ingest", "prepare", name, str(entries))
            took = site.python("benchmarks.ingest", "time", name, str(rounds))
            grown = {
                what: site.python("benchmarks.ingest", "memory", name, what)["grown_bytes"]
                for what in ("ingest", "floor")
            }
    timings = {what: Timing(min(each), median(each)) for what, each in took.items()}
    size = Row(
        f"peak memory of judging and storing {made['bytes'] / 2**20:.1f} MiB",
        f"+{grown['ingest'] / 2**20:.0f} MiB",
        _FLOOR,
        f"+{grown['floor'] / 2**20:.0f} MiB",
        f"{grown['ingest'] / max(grown['floor'], 1):.1f}",
    )
    what = {stage: words.format(entries=entries) for stage, words in _STAGES.items()}
    return [*(timed(what[stage], timings[stage], _FLOOR, timings["floor"]) for stage in _STAGES), size]
