"""The benchmarks run through: each line is there, with its floor and a ratio that is one."""

import re
import subprocess
import sys

import pytest

from benchmarks import table, verification
from tests import servers


def cells(text):
    """The table's lines below its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_verification_in_process_has_both_floors():
    rows = cells(table.rendered(verification.rows(rounds=1, calls=3)))
    assert [row[2] for row in rows] == ["two RSA-2048 verifications", "one RSA-2048 verification"] * 2
    for row in rows:
        assert float(row[4].split()[0]) > 1
    assert [row[5] for row in rows] == ["≤ 6, aim 4 ×", "≤ 2, aim 1.3 ×"] * 2
    assert {row[6] for row in rows} <= {"missed", "met", "aim met"}


@pytest.mark.parametrize(("value", "verdict"), [(2.1, "missed"), (2, "met"), (1.4, "met"), (1.3, "aim met")])
def test_a_limit_is_missed_met_or_its_aim_is(value, verdict):
    assert table.Limit(value, 2, 1.3).verdict == verdict


@pytest.mark.flows
def test_the_table_is_printed():
    for program in ("wrk", "initdb"):
        servers.need(program)
    parts = ("verification", "documents", "sqlite", "lists", "revocation", "editions", "trail")
    options = ["--brief", *(word for part in parts for word in ("--only", part))]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *options], cwd=servers.ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^CPU .+^Python .+^Crypto .+OpenSSL", done.stdout, re.MULTILINE | re.DOTALL)
    rows = cells(done.stdout)
    measured = [row[0] for row in rows]
    assert measured.count("POST /api/v1/verifications, SQLite") == 2
    assert measured.count("GET /api/v1/whitelist/lookup, SQLite") == 2
    assert "signed PDF of one page: taken apart" in measured
    assert "revocation list of 1,000 entries, judged" in measured
    assert "list of 20,000 entries, serials of 4 octets: judged, index written" in measured
    assert "look-up among 20,000, not found" in measured
    assert "list of 500 entries, first version signed and published" in measured
    assert "the same events, all sealed" in measured
    assert all(float(row[4].split()[0]) > 0 for row in rows)
