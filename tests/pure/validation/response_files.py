"""NIST's response files (CAVS) of signature verification, as the package cryptography-vectors carries them."""

from collections.abc import Iterator
from pathlib import Path

import cryptography_vectors

ROOT = Path(cryptography_vectors.__file__).parent / "asymmetric"
Record = dict[str, str]


def records(name: str) -> Iterator[Record]:
    """Each test of a file: its own lines and those of its group (modulus or curve)."""
    group: Record = {}
    record: Record = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        key, _, value = (part.strip() for part in line.partition("="))
        if line.startswith("["):
            group = {"group": line.strip("[]")}
        elif key in ("n", "p", "q"):
            group[key] = value
        elif value:
            record[key] = value
        if key == "Result":
            yield group | record
            record = {}
