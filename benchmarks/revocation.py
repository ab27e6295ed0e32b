"""Revocation lists at the scale of a country: taken in, indexed, looked up (see crl_scale, which does it).

Each line stands beside its floor from the same run. Lists of 10^7 entries take minutes and some 2 GiB: `--large`.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.table import Limit, Limits, Row, timed
from benchmarks.timing import Timing

_FLOOR = "read, SHA-256, one RSA verification"
_INGEST = ((6, 4, "×"),)
_LOOK_UP = ((5, 2, "µs"),)


def rows(*, entries: int = 1_000_000, lists: int = 1_900, rounds: int = 5, large: bool = False) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        short, took = _one_list(Path(folder), entries, 4, rounds)
        found = [
            *short,
            *_one_list(Path(folder), entries, 20, rounds)[0],
            *_looking_up(Path(folder), entries),
            _many(Path(folder), lists, rounds),
        ]
        if large:
            long, took_long = _one_list(Path(folder), 10 * entries, 4, rounds, limits=())
            what, floor = f"list of {10 * entries:,} entries: judged, index written", f"the same of {entries:,} entries"
            found += [*long, timed(what, took_long, floor, took, limits=((12, 10, "×"),))]
    return found


def _one_list(
    folder: Path, entries: int, octets: int, rounds: int, *, limits: Limits = _INGEST
) -> tuple[list[Row], Timing]:
    """The lines of one list, and what it took to judge it and to write its index."""
    _child("make", folder, entries, octets)
    took = {name: Timing(*pair) for name, pair in _child("time", folder, rounds).items()}
    told = f"list of {entries:,} entries, serials of {octets} octets"
    peak, floor = (_child("memory", folder, what) for what in ("ingest", "floor"))
    found = [
        timed(f"{told}: judged", took["judge"], _FLOOR, took["floor"]),
        timed(f"{told}: judged, index written", took["ingest"], _FLOOR, took["floor"], limits=limits),
        timed("  its index opened by a web process", took["opened"], _FLOOR, took["floor"]),
        Row(
            f"  peak memory of a process judging {peak['list'] / 2**20:.0f} MiB",
            f"{peak['peak'] / 2**20:.0f} MiB",
            _FLOOR,
            f"{floor['peak'] / 2**20:.0f} MiB",
            f"{peak['peak'] / floor['peak']:.1f}",
            (Limit(peak["peak"] / 2**20, 350 if entries <= 1_000_000 else 3072, None, "MiB"),),
        ),
    ]
    return found, took["ingest"]


def _looking_up(folder: Path, entries: int) -> list[Row]:
    """In the index written last."""
    told = _child("look", folder, 20_000)
    floor = Timing(*told["set"])
    return [
        timed(
            f"look-up among {entries:,}, found",
            Timing(*told["hit"]),
            "the same in a Python set",
            floor,
            limits=_LOOK_UP,
        ),
        timed(
            f"look-up among {entries:,}, not found",
            Timing(*told["miss"]),
            "the same in a Python set",
            floor,
            limits=_LOOK_UP,
        ),
        Row(
            "  memory of its own (RssAnon) a process needs for it",
            f"{told['anonymous'] / 1024:.0f} KiB",
            "the same as a Python set",
            f"{told['set_bytes'] / 2**20:.0f} MiB",
            f"{told['anonymous'] / told['set_bytes']:.3f}",
            (Limit(told["anonymous"] / 2**20, 1, None, "MiB"),),
        ),
    ]


def _many(folder: Path, lists: int, rounds: int) -> Row:
    told = _child("many", folder, lists, rounds)
    what = f"{lists:,} lists of 500 entries: judged, indexes written (CPU time)"
    return timed(what, Timing(*told["ingest"]), _FLOOR + ", each", Timing(*told["floor"]), limits=((2, 0.8, "s"),))


def _child(command: str, folder: Path, *arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.crl_scale", command, str(folder), *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told
