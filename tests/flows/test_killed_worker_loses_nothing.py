"""kill -9 of the worker in the middle of 500 jobs: 0 lost, 0 done twice; embedded, and PostgreSQL with Redis."""

import signal

import pytest

from tests.servers import Processes, kill, wait_until

pytestmark = pytest.mark.alone

JOBS = 500
TALLY = {"DJANGO_SETTINGS_MODULE": "tests.tally.settings"}


@pytest.fixture(params=["embedded", "postgresql+redis"])
def site(request, tmp_path):
    environment = dict(TALLY)
    pool = ("--pool", "threads", "-c", "4")
    if request.param != "embedded":
        environment["DATABASE_URL"] = request.getfixturevalue("postgresql_url")
        environment["REDIS_URL"] = request.getfixturevalue("redis_url")
        pool = ("--pool", "prefork", "-c", "2")
    processes = Processes(tmp_path, **environment)
    processes.pool = pool
    processes.manage("migrate", "-v0")
    yield processes
    processes.stop()


def count(site, condition):
    return site.query(f"SELECT count(*) FROM jobs_job WHERE name = 'tally.make_mark' AND {condition}")[0][0]


def marks(site):
    return site.query("SELECT count(*), count(DISTINCT number) FROM tally_mark")[0]


def test_killed_worker_loses_nothing(site):
    site.manage("tally", str(JOBS))
    worker = site.start_worker(*site.pool)
    wait_until(lambda: marks(site)[0] > JOBS // 5, 60, "the worker did not begin", pause=0.02)
    kill(worker, signal.SIGKILL)
    assert count(site, "state = 'due'") > JOBS // 5, "too few jobs were left at the kill: nothing was tested"
    site.start_worker(*site.pool)
    wait_until(lambda: count(site, "state = 'due'") == 0, 90, "jobs left open")
    assert marks(site) == (JOBS, JOBS)
    assert count(site, "state = 'done'") == JOBS


def test_a_job_starts_within_a_second(site):
    site.start_worker(*site.pool)
    wait_until(lambda: site.query("SELECT count(*) FROM jobs_workerpulse")[0][0], 30, "the worker did not start")
    site.manage("tally", "200", "--per-second", "40")
    wait_until(lambda: count(site, "state = 'due'") == 0, 30, "jobs left open")
    assert p95_start_delay(site) <= 1.0


def p95_start_delay(site):
    """Seconds from due to start that 95 % of the jobs kept."""
    if "DATABASE_URL" in site.environment:
        delay = "extract(epoch FROM started_at - due_at)"
    else:
        delay = "(julianday(started_at) - julianday(due_at)) * 86400"
    delays = sorted(row[0] for row in site.query(f"SELECT {delay} FROM jobs_job WHERE name = 'tally.make_mark'"))
    return delays[int(len(delays) * 0.95)]
