"""`up` is one command: it stops cleanly, leaves no child behind, raises what died, and gives the web no custody key."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT, Processes, wait_until

ROLES = {role: f"ROLE={role}".encode() for role in ("web", "responders", "worker", "prober")}


@pytest.fixture
def site(tmp_path):
    processes = Processes(tmp_path)
    yield processes
    processes.stop()


def of_this_site(site, role):
    """Pids of the living processes of a role in this installation, found by their environment."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"VAR_DIR={site.folder}".encode() in environment and ROLES[role] in environment:
            found.add(int(entry.name))
    return found


def everybody(site):
    return {pid for role in ROLES for pid in of_this_site(site, role)}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_nobody(site, number):
    supervisor = site.up()
    assert all(of_this_site(site, role) for role in ROLES)
    supervisor.send_signal(number)
    assert supervisor.wait(20) == 0
    assert everybody(site) == set()


def test_a_killed_supervisor_takes_its_children_along(site):
    supervisor = site.up()
    supervisor.kill()
    supervisor.wait(5)
    wait_until(lambda: everybody(site) == set(), 15, "children outlived their supervisor")


def test_a_killed_worker_is_raised_again(site):
    site.up()
    before = wait_until(lambda: of_this_site(site, "worker"), 20, "no worker")
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: of_this_site(site, "worker") - before, 20, "the worker was not raised again")


def test_only_the_worker_is_handed_the_custody_key(site):
    site.up()
    key = (site.folder / "custody_key").read_bytes().strip()
    for role in ("web", "responders"):
        for pid in of_this_site(site, role):
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            assert b"CUSTODY_KEY" not in environment
            assert key not in environment
    assert any(
        b"CUSTODY_KEY_FILE=" in Path(f"/proc/{pid}/environ").read_bytes() for pid in of_this_site(site, "worker")
    )


def test_a_running_web_process_cannot_open_a_ca_key(site):
    """In the very environment of the running web process: the rows are readable, the keys in them are not."""
    site.up()
    wait_until(lambda: site.query("SELECT count(*) FROM testenv_cakey")[0][0], 60, "no CA key was made")
    (web, *_) = of_this_site(site, "web")
    environment = dict(
        item.decode().split("=", 1) for item in Path(f"/proc/{web}/environ").read_bytes().split(b"\0") if b"=" in item
    )
    attempt = (
        "import django; django.setup()\n"
        "from testenv import keystore\nfrom testenv.models import CertificateAuthority\n"
        "from portal.custody import CustodyUnavailable\n"
        "try:\n    keystore.open_authority(CertificateAuthority.objects.first())\n"
        "except CustodyUnavailable:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", attempt], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "refused", done.stderr
