"""Four people at four terminals name the first operator in the same second, on PostgreSQL: one of them does."""

import subprocess
import sys

from tests.servers import ROOT, Processes

NAMES = ("ichi", "ni", "san", "yon")


def test_of_four_commands_at_once_one_succeeds(postgresql_url, tmp_path):
    site = Processes(tmp_path, DATABASE_URL=postgresql_url)
    site.manage("migrate", "--verbosity", "0")
    attempts = [_begin(site, name) for name in NAMES]
    said = [attempt.communicate(timeout=60)[1].decode() for attempt in attempts]
    assert sorted(attempt.returncode for attempt in attempts) == [0, 1, 1, 1], said
    assert all("Traceback" not in words for words in said), said
    assert site.query("SELECT count(*) FROM accounts_firstoperator")[0][0] == 1
    assert site.query("SELECT count(*) FROM accounts_user")[0][0] == 1
    assert site.query("SELECT role FROM accounts_user")[0][0] == "operator"
    assert site.query("SELECT count(*) FROM accounts_staffgrant")[0][0] == 1


def _begin(site, name):
    command = [sys.executable, "manage.py", "first_operator", f"{name}@example.jp", "--name", name]
    second = ["--second", f"{name}.second@example.jp", "--second-name", "second"]
    return subprocess.Popen(
        [*command, *second], cwd=ROOT, env=site.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
