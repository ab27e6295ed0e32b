"""kill -9 of the sealer in the middle, then two at once: every event sealed once, in one chain; on both engines."""

import signal
import sqlite3
import sys
from contextlib import closing

import psycopg
import pytest

from tests.servers import Processes, kill, wait_until

EVENTS = 12_000
SEAL = "import django; django.setup(); from portal.trail import tasks; tasks.seal_events()"
COLUMNS = "at, action, actor_label, subject_type, subject_id, details"
NUMBERS = {
    "embedded": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0}) SELECT {1} FROM n",
    "postgresql": "SELECT {1} FROM generate_series(1, {0}) AS n(i)",
}
NOW = {"embedded": "datetime('now')", "postgresql": "now()"}


@pytest.fixture(params=["embedded", "postgresql"])
def site(request, tmp_path):
    environment = {"DATABASE_URL": request.getfixturevalue("postgresql_url")} if request.param != "embedded" else {}
    processes = Processes(tmp_path, **environment)
    processes.manage("migrate", "-v0")
    append(processes, request.param)
    yield processes
    processes.stop()


def append(site, engine):
    """Many events at once; the verbs' way of writing them is measured elsewhere."""
    values = f"{NOW[engine]}, 'test.happened', 'test', 'tests.thing', i, '{{}}'"
    statement = f"INSERT INTO audit_auditevent ({COLUMNS}) {NUMBERS[engine].format(EVENTS, values)}"
    if url := site.environment.get("DATABASE_URL"):
        with psycopg.connect(url) as connection:
            connection.execute(statement)
        return
    with closing(sqlite3.connect(site.folder / "portal.sqlite3")) as connection:
        connection.execute(statement)
        connection.commit()


def start_sealer(site):
    held = {"ROLE": "worker", "CUSTODY_KEY": "the custody key of this test"}
    return site.start(sys.executable, "-c", SEAL, DJANGO_SETTINGS_MODULE="portal.settings", **held)


def sealed(site):
    return site.query("SELECT count(*) FROM audit_auditseal")[0][0]


def test_a_killed_sealer_loses_and_doubles_nothing(site):
    for _ in range(2):
        before = sealed(site)
        sealer = start_sealer(site)
        wait_until(lambda: sealed(site) > before, 60, "the sealer did not begin", pause=0.005)  # noqa: B023
        kill(sealer, signal.SIGKILL)
        sealer.wait(10)
    assert sealed(site) < EVENTS, "everything was sealed before the kill: nothing was tested"
    together = [start_sealer(site), start_sealer(site)]
    assert [sealer.wait(120) for sealer in together] == [0, 0], site.log.read_text()
    facts = "count(*), count(DISTINCT event_id), min(sequence), max(sequence)"
    assert site.query(f"SELECT {facts} FROM audit_auditseal")[0] == (EVENTS, EVENTS, 1, EVENTS)
    assert site.manage("audit", "verify").startswith(f"whole: {EVENTS} records")
