"""The outside parts that tests speak to: what is found, where, and what needs it. As a script it prints a table."""

import glob
import os
import shutil
import sys
from pathlib import Path

_POSTGRES_BIN = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)


def find(program: str) -> str | None:
    """The program's path: on PATH, or for PostgreSQL in Debian's versioned folder."""
    if found := shutil.which(program):
        return found
    return next((str(Path(folder) / program) for folder in _POSTGRES_BIN if (Path(folder) / program).exists()), None)


def chromium() -> str | None:
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := find(name))), None)


def required() -> bool:
    """In CI a missing part is a failure, never a skip."""
    return os.environ.get("REQUIRE_REAL") == "1" or os.environ.get("CI") == "true"


PARTS = {
    "PostgreSQL": (lambda: find("initdb"), "the database legs"),
    "Redis": (lambda: find("redis-server"), "the worker legs with a broker"),
    "Chromium": (chromium, "the story in a browser, accessibility"),
    "OpenSSL": (lambda: find("openssl"), "certificates, CRLs and OCSP as an outside tool sees them"),
    "gettext": (lambda: find("msgfmt"), "the catalogue check by the standard tool"),
    "Java": (lambda: find("javac") and find("java"), "certificate paths as a third judge sees them"),
    "Node": (lambda: find("node"), "syntax of the scripts"),
    "wrk": (lambda: find("wrk"), "the benchmarks over HTTP"),
}


def main() -> int:
    missing = []
    for name, (look, needed_for) in PARTS.items():
        where = look()
        print(f"  {name:<12} {where or 'not found':<44} {needed_for}")
        if where is None:
            missing.append(name)
    if missing and required():
        print("missing: " + ", ".join(missing), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
