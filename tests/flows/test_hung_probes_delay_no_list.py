"""A hundred return servers that never answer: the revocation lists are fetched as if nothing were (real workers)."""

import sys
from pathlib import Path

import psycopg
import pytest

from tests.servers import ROOT, Processes, answers, new_database, wait_until

pytestmark = pytest.mark.alone

HUNG = 100
ASK = f"""
from django.utils import timezone
from whitelist import probing
for number in range({HUNG}):
    probing.ask(b"https://slow.h%d.example.jp/return" % number, reason="test", at=timezone.now())
"""
REFRESH = """
from portal.environments import services as environments
from verifier import sources
from verifier import services as verifier
sources.request_refresh(environments.public_sandbox())
"""
WAITING = "SELECT count(*) FROM whitelist_probe WHERE state = 'asked'"
RUNNING = "SELECT count(*) FROM jobs_job WHERE lane = 'probe' AND state = 'due' AND lease_token IS NOT NULL"
READY = "SELECT count(*) FROM verifier_crlsnapshot"
SECONDS = """
SELECT max(extract(epoch FROM closed_at - created_at)), count(*) FROM jobs_job
 WHERE name = 'verifier.refresh_crl' AND state = 'done' AND id > %d
"""


@pytest.fixture(scope="module")
def site(postgresql_server, tmp_path_factory):
    """Worker, prober and responders, each with its own database role, and the stand-in internet."""
    from tests import servers

    owner = new_database(postgresql_server, "hung_probes")
    with servers.redis() as redis_url:
        folder = tmp_path_factory.mktemp("hung")
        processes = Processes(folder, DATABASE_URL=owner, REDIS_URL=redis_url, VERIFIER_CRL_REFRESH_SECONDS="3600")
        processes.manage("migrate", "-v0")
        with psycopg.connect(owner) as connection:
            connection.execute((ROOT / "deploy" / "postgresql-roles.sql").read_text())
        processes.start(sys.executable, "manage.py", "internet")
        processes.start_worker("--pool", "threads", "-c", "4", DATABASE_URL=as_role(owner, "worker"))
        processes.start_prober("--pool", "threads", "-c", "8", DATABASE_URL=as_role(owner, "prober"))
        granian = str(Path(sys.executable).with_name("granian"))
        command = [granian, "--interface", "wsgi", "--port", str(processes.ports["responders"]), "--no-ws"]
        processes.start(
            *command, "portal.wsgi:application", ROLE="responders", DATABASE_URL=as_role(owner, "responders")
        )
        where = f"http://localhost:{processes.ports['responders']}/health/live/"
        wait_until(lambda: answers(where), 30, "the responders do not answer")
        yield processes
        processes.stop()


def as_role(url, role):
    return url.replace("//portal@", f"//portal_{role}@")


def test_a_hundred_hung_probes_delay_no_refresh_by_more_than_five_seconds(site):
    wait_until(lambda: site.query(READY)[0][0] >= 4, 90, f"no lists were fetched; see {site.log}")
    site.manage("shell", "--no-imports", "-c", ASK)
    wait_until(lambda: site.query(RUNNING)[0][0] >= 8, 20, f"the prober does not probe; see {site.log}")
    newest = site.query("SELECT max(id) FROM jobs_job")[0][0]

    site.manage("shell", "--no-imports", "-c", REFRESH)
    wait_until(lambda: site.query(SECONDS % newest)[0][1] >= 4, 20, f"the lists were not fetched; see {site.log}")

    slowest = float(site.query(SECONDS % newest)[0][0])
    print(f"slowest refresh behind {HUNG} hung probes: {slowest:.2f} s")
    assert slowest < 5
    assert site.query(WAITING)[0][0] >= HUNG // 2  # they really hang: nearly all of them are still to come


def test_the_prober_with_its_own_database_role_finishes_a_look(site):
    """Also the hung ones end, as looks that saw nobody; the narrow role suffices for it."""
    seen = "SELECT facts_json FROM whitelist_probe WHERE state = 'looked'"
    facts = wait_until(lambda: site.query(seen), 40, f"no look ended; see {site.log}")[0][0]
    assert facts["tls"]["outcome"] == "timeout"
    assert facts["dns"]["outcome"] == "answered"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT email FROM accounts_user",
        "SELECT * FROM testenv_cakey",
        "SELECT sealed_key FROM signing_signingkey",
        "UPDATE whitelist_entry SET state = 'live'",
        "SELECT * FROM whitelist_application",
        "DELETE FROM whitelist_probe",
    ],
)
def test_the_probers_role_is_refused_everything_else(site, statement):
    with psycopg.connect(as_role(site.environment["DATABASE_URL"], "prober")) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
