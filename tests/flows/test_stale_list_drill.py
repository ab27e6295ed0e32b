"""The drill of docs/operations.md: the lists stop coming, verdicts become indeterminate, and mend by themselves."""

import json
import signal
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.servers import Processes, answers, kill, wait_until

REQUEST = (
    "import json; from testenv import services as s; print(json.dumps([s.demonstration(), s.demonstration_key()]))"
)
A_DAY_ON = """
from portal.environments.models import Environment
Environment.objects.filter(public_id="env_public").update(clock_offset=90000)
"""
PUBLISH = """
from portal.environments import services as environments
from testenv import services
services.request_publication(environments.public_sandbox())
"""


@pytest.fixture
def site(tmp_path):
    processes = Processes(tmp_path, VERIFIER_CRL_REFRESH_SECONDS="2")
    processes.manage("migrate", "-v0")
    processes.start_worker("--pool", "threads", "-c", "4")
    start_server(processes, "web")
    yield processes
    processes.stop()


def start_server(processes, role):
    granian = str(Path(sys.executable).with_name("granian"))
    port = str(processes.ports[role])
    command = [
        granian,
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--no-ws",
        "portal.wsgi:application",
    ]
    process = processes.start(*command, ROLE=role)
    wait_until(lambda: answers(f"http://localhost:{port}/health/live/"), 30, f"{role} not up; see {processes.log}")
    return process


def manage_shell(site, program):
    return site.manage("shell", "--no-imports", "-c", program).splitlines()


def verdict(site, body, key):
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    url = site.site_url + "/api/v1/verifications"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=10) as answer:
        found = json.load(answer)
        return found["verdict"], found["code"], found["retryable"], answer.headers["Retry-After"]


def test_a_stale_list_is_told_and_mends(site):
    responders = start_server(site, "responders")
    ready = "SELECT 1 FROM testenv_demonstrationanswer JOIN environments_environment e ON e.id = environment_id"
    wait_until(lambda: site.query(f"{ready} WHERE e.state = 'ready'"), 90, f"no public sandbox; see {site.log}")
    body, key = json.loads(manage_shell(site, REQUEST)[-1])
    wait_until(lambda: verdict(site, body, key)[0] == "valid", 30, "the first list was not fetched")

    kill(responders, signal.SIGTERM)
    responders.wait(20)
    failing = "SELECT last_error FROM verifier_distributionpoint WHERE failures > 0"
    wait_until(lambda: ("fetch.unreachable",) in site.query(failing), 60, f"no failure was told; see {site.log}")
    assert verdict(site, body, key)[0] == "valid"

    manage_shell(site, A_DAY_ON)
    stale = wait_until(lambda: (v := verdict(site, body, key))[0] != "valid" and v, 20, "the list is still believed")
    assert stale[:3] == ("indeterminate", "revocation.source_stale", True)
    assert int(stale[3]) > 0
    wrong = {**body, "message": "AAAA"}
    assert verdict(site, wrong, key)[:2] == ("invalid", "sig.mismatch")

    start_server(site, "responders")
    manage_shell(site, PUBLISH)  # what the worker does by itself within five minutes
    wait_until(lambda: verdict(site, body, key)[0] == "valid", 60, f"it did not mend; see {site.log}")
