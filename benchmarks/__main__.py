"""`python -m benchmarks`: one table of ratios to floors measured in the same run, and the machine that did it.

`--brief` takes a moment a line: it shows that everything runs, its figures mean little.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping

from benchmarks import documents, editions, http, lists, machine, revocation, table, trail, verification
from benchmarks.table import Row
from tests import parts

# Documents come last: a process starts out with the peak of the one that began it, and these make it larger.
MEASURES = ("verification", "postgresql", "sqlite", "lists", "revocation", "editions", "trail", "documents")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="The table of ratios to floors.")
    parser.add_argument("--brief", action="store_true", help="a moment a line, to see that everything runs")
    parser.add_argument("--only", action="append", choices=MEASURES, help="this part only; may be repeated")
    parser.add_argument("--large", action="store_true", help="revocation lists of 10^7 entries too")
    asked = parser.parse_args()
    os.environ.setdefault("PROFILE", "embedded")
    if missing := [program for program in ("wrk", "initdb", "postgres") if parts.find(program) is None]:
        print("missing on this machine: " + ", ".join(missing), file=sys.stderr)
        return 1
    started = time.monotonic()
    described = machine.description()
    measures = _measures(asked.brief, asked.large)
    found = [row for name in MEASURES if not asked.only or name in asked.only for row in measures[name]()]
    print(described)
    print(f"Took     {time.monotonic() - started:.0f} s\n")
    print(table.rendered(found))
    return 0


def _measures(brief: bool, large: bool) -> Mapping[str, Callable[[], list[Row]]]:
    seconds, rounds = (1, 1) if brief else (3, 2)

    def on_postgresql() -> list[Row]:
        with machine.first_core_left_to_the_server(), http.postgresql() as url:
            return http.rows("PostgreSQL", seconds=seconds, rounds=rounds, DATABASE_URL=url)

    def on_sqlite() -> list[Row]:
        with machine.first_core_left_to_the_server():
            return http.rows("SQLite", seconds=seconds, rounds=rounds)

    return {
        "verification": lambda: verification.rows(rounds=3, calls=20) if brief else verification.rows(),
        "documents": lambda: documents.rows(rounds=1, calls=1) if brief else documents.rows(),
        "postgresql": on_postgresql,
        "sqlite": on_sqlite,
        "lists": lambda: lists.rows(entries=1000, rounds=2) if brief else lists.rows(),
        "revocation": lambda: (
            revocation.rows(entries=20_000, lists=20, rounds=2) if brief else revocation.rows(large=large)
        ),
        "editions": lambda: editions.rows(entries=500, rounds=2) if brief else editions.rows(),
        "trail": lambda: trail.rows(events=50) if brief else trail.rows(),
    }


if __name__ == "__main__":
    sys.exit(main())
