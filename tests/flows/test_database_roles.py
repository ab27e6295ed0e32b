"""Web, responders and worker as three roles of a real PostgreSQL: each can do its work, none can do another's."""

import json
import sys
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.servers import ROOT, Processes, answers, wait_until

ROLES = (ROOT / "deploy" / "postgresql-roles.sql").read_text()

REFUSED = [
    ("portal_web", "SELECT * FROM testenv_cakey"),
    ("portal_web", "SELECT count(*) FROM testenv_cakey"),
    ("portal_web", "DELETE FROM testenv_cakey"),
    ("portal_web", "SELECT sealed_key FROM signing_signingkey"),
    ("portal_web", "SELECT * FROM signing_signingkey"),
    ("portal_web", "UPDATE signing_signingkey SET purpose = 'lookup'"),
    ("portal_web", "SELECT key_pem FROM testenv_ocspresponderkey"),
    ("portal_web", "DELETE FROM audit_auditevent"),
    ("portal_web", "TRUNCATE audit_auditevent CASCADE"),
    ("portal_web", "DELETE FROM audit_auditaddress"),
    ("portal_web", "UPDATE audit_auditsealer SET through = 0"),
    ("portal_web", "INSERT INTO audit_auditseal VALUES (1, '', '', now(), 1)"),
    ("portal_web", "INSERT INTO audit_auditcheckpoint VALUES (1, 1, '', now(), '')"),
    ("portal_web", "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL"),
    ("portal_web", "CREATE TABLE of_its_own (id int)"),
    ("portal_web", "DROP TABLE testenv_cakey"),
    ("portal_responders", "SELECT * FROM testenv_cakey"),
    ("portal_responders", "SELECT email FROM accounts_user"),
    ("portal_responders", "SELECT state FROM testenv_testcard"),
    ("portal_responders", "SELECT web_key FROM signing_signingkey"),
    ("portal_responders", "UPDATE testenv_publishedcrl SET number = 0"),
    ("portal_worker", "UPDATE audit_auditevent SET action = ''"),
    ("portal_worker", "TRUNCATE audit_auditevent CASCADE"),
    ("portal_worker", "DELETE FROM audit_auditseal"),
    ("portal_worker", "TRUNCATE audit_auditseal"),
    ("portal_worker", "UPDATE audit_auditcheckpoint SET size = 1"),
    ("portal_worker", "ALTER TABLE audit_auditseal DISABLE TRIGGER ALL"),
    ("portal_worker", "DROP TABLE testenv_cakey"),
]


@pytest.fixture(scope="module")
def site(postgresql_server, tmp_path_factory):
    """Migrated by the owner; each process with its own role, the custody key with the worker only."""
    from tests import servers

    owner = servers.new_database(postgresql_server, "roles")
    with servers.redis() as redis_url:
        processes = Processes(tmp_path_factory.mktemp("roles"), DATABASE_URL=owner, REDIS_URL=redis_url)
        processes.manage("migrate", "-v0")
        for _ in range(2):  # running it again is harmless
            with psycopg.connect(owner) as connection:
                connection.execute(ROLES)
        processes.start_worker("--pool", "prefork", "-c", "2", DATABASE_URL=as_role(owner, "portal_worker"))
        for role in ("web", "responders"):
            start_server(processes, role, DATABASE_URL=as_role(owner, f"portal_{role}"))
        try:
            yield processes
        finally:
            processes.stop()


def as_role(url: str, role: str) -> str:
    return url.replace("//portal@", f"//{role}@")


def start_server(processes: Processes, role: str, **environment: str) -> None:
    granian = str(Path(sys.executable).with_name("granian"))
    command = [granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(processes.ports[role]), "--no-ws"]
    processes.start(*command, "portal.wsgi:application", ROLE=role, **environment)
    where = f"http://localhost:{processes.ports[role]}/health/live/"
    wait_until(lambda: answers(where), 30, f"{role} does not answer; see {processes.log}")


def fetch(url: str, body: bytes | None = None, **headers: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers), timeout=10) as answer:
        return answer.read()


@pytest.mark.parametrize(("role", "statement"), REFUSED)
def test_a_role_is_refused_what_is_not_its_work(site, role, statement):
    with psycopg.connect(as_role(site.environment["DATABASE_URL"], role)) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditseal", "audit_auditcheckpoint"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET at = now()", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_the_trail_refuses_even_the_owner_of_its_tables(site, table, verb):
    """Without dropping the triggers, which leaves the chain and the published checkpoints to tell of it."""
    wait_until(lambda: site.query("SELECT count(*) FROM audit_auditcheckpoint")[0][0], 90, "no checkpoint was signed")
    with psycopg.connect(site.environment["DATABASE_URL"]) as connection:
        connection.execute("SET session_replication_role = replica")  # triggers that fire always fire here too
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute(verb.format(table))


def test_every_column_that_holds_sealed_bytes_is_out_of_the_web_roles_reach(site):
    """By name, so that a table of a later migration is covered too."""
    rows = site.query(
        "SELECT table_name, column_name, has_column_privilege('portal_web', table_name, column_name, 'SELECT') "
        "FROM information_schema.columns WHERE table_schema = 'public' AND column_name LIKE 'sealed%'"
    )
    assert {row[0] for row in rows} >= {"testenv_cakey", "signing_signingkey"}
    assert [row for row in rows if row[2]] == []


def test_the_three_roles_suffice_for_the_public_demonstration(site):
    """The worker makes a sandbox with its CAs, the responders publish, the worker fetches, the web judges."""
    ready = "SELECT 1 FROM testenv_demonstrationanswer JOIN environments_environment e ON e.id = environment_id"
    wait_until(lambda: site.query(f"{ready} WHERE e.state = 'ready'"), 90, f"no public sandbox; see {site.log}")
    program = (
        "import json; from testenv import services as s; print(json.dumps([s.demonstration(), s.demonstration_key()]))"
    )
    body, key = json.loads(site.manage("shell", "--no-imports", "-c", program).splitlines()[-1])

    def verdict():
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        answer = json.loads(fetch(site.site_url + "/api/v1/verifications", json.dumps(body).encode(), **headers))
        return answer if answer["verdict"] != "indeterminate" else None

    assert wait_until(verdict, 30, "the list was not fetched")["code"] == "ok"
    published = json.loads(fetch(site.site_url + "/.well-known/jwks.json"))
    assert {key["purpose"] for key in published["keys"]} >= {"site", "lookup"}
    assert b"csrf" in fetch(site.site_url + "/accounts/login/")


def test_the_responders_role_serves_lists_and_authorities(site):
    found = "SELECT e.public_id FROM testenv_publishedcrl JOIN testenv_certificateauthority a ON a.id = authority_id"
    rows = f"{found} JOIN environments_environment e ON e.id = a.environment_id LIMIT 1"
    environment = wait_until(lambda: site.query(rows), 90, f"no list was published; see {site.log}")[0][0]
    base = f"http://localhost:{site.ports['responders']}"
    assert fetch(f"{base}/crl/{environment}/signature-phone.crl").startswith(b"\x30")
    assert fetch(f"{base}/ca/{environment}/signature.pem").startswith(b"-----BEGIN CERTIFICATE")
