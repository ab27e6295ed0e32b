"""The audit trail on PostgreSQL: four writers append while the sealer seals, against four writers of plain rows."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from benchmarks.http import postgresql
from benchmarks.site import Site, migrated
from benchmarks.table import Row
from tests.servers import WORKER

WRITERS = 4
_PLAIN = "CREATE TABLE audit_plain (id bigserial PRIMARY KEY, at timestamptz, action text, subject text, details jsonb)"


def rows(*, events: int = 4000) -> list[Row]:
    """`events` is what each of the four writers appends."""
    total = WRITERS * events
    with postgresql() as url, tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        with migrated(Path(name), DATABASE_URL=url) as site:
            with psycopg.connect(url) as connection:
                connection.execute(_PLAIN)
            _with_a_history(site, url, events)
            plain = max(_together(site, [("insert", events)] * WRITERS))
            *written, sealed = _together(site, [*[("record", events)] * WRITERS, ("seal", 2 * total)])
    appending = max(written)
    return [
        Row(
            f"audit events appended by {WRITERS} writers while being sealed",
            f"{total / appending:,.0f} a second",
            f"plain INSERT of one row, {WRITERS} writers",
            f"{total / plain:,.0f} a second",
            f"{appending / plain:.1f}",
        ),
        Row(
            "the same events, all sealed",
            f"{sealed - appending:.1f} s after the last append",
            "appending them",
            f"{appending:.1f} s",
            f"{sealed / appending:.1f}",
        ),
    ]


def _with_a_history(site: Site, url: str, events: int) -> None:
    """As many sealed events as will be measured, and statistics over them as autovacuum keeps them.

    A plan made for a table that was empty reads the whole of it, and stays until the statistics change.
    """
    _together(site, [("record", events)] * WRITERS)
    _together(site, [("seal", WRITERS * events)])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _together(site: Site, work: list[tuple[str, int]]) -> list[float]:
    """Seconds of each, all started at the same moment."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name, ThreadPoolExecutor(len(work)) as pool:
        folder = Path(name)
        running = [
            pool.submit(site.python, "benchmarks.appending", name, verb, str(count), **WORKER) for verb, count in work
        ]
        while len(list(folder.glob("ready-*"))) < len(work):
            if any(future.done() for future in running):
                break
            time.sleep(0.01)
        (folder / "start").touch()
        return [future.result()["seconds"] for future in running]
