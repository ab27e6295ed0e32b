"""Revocation lists on PostgreSQL and Redis, two web processes and two workers: what one worker takes in all believe,
what a bad server sends nobody does, and a worker killed over a long list loses and doubles nothing.
"""

import json
import os
import re
import signal
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.flows.scenes import scene
from tests.servers import Processes, answers, kill, wait_until
from tests.verifier.list_servers import WRONG, Lists, ListServer, answer

pytestmark = pytest.mark.alone

LONG = 300_000
KEPT = 20_000  # VERIFIER_STATUS_CHANGES_PER_LIST of the settings below
SETTINGS = "tests.flows.impatient_settings"


@pytest.fixture
def source():
    with ListServer() as server:
        yield server


class Site(Processes):
    """Two web processes, two workers, one source of lists."""

    def begin(self, source):
        self.source, self.made = source, self.folder / "made"
        self.made.mkdir()
        self.manage("migrate", "-v0")
        told = scene(
            self, "lists:a_source", url=f"http://{source.netloc}/list.crl", folder=str(self.made), long_list_of=LONG
        )
        self.key, self.body, self.point = told["key"], told["body"], told["point"]
        self.publish("first")
        self.webs = {port: self.web(port) for port in (self.ports["web"], self.ports["sample"])}
        self.workers = [self.start_worker("--pool", "prefork", "-c", "2", "-n", f"{name}@%h") for name in "ab"]
        for port in self.webs:
            wait_until(lambda port=port: answers(f"http://localhost:{port}/health/live/"), 60, f"see {self.log}")
        wait_until(lambda: len(self.query("SELECT worker FROM jobs_workerpulse")) == 2, 60, f"see {self.log}")

    def web(self, port):
        granian = str(Path(sys.executable).with_name("granian"))
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--workers", "1"]
        return self.start(granian, *options, "portal.wsgi:application", ROLE="web")

    def list(self, name):
        return (self.made / f"{name}.crl").read_bytes()

    def publish(self, name):
        whole = answer(self.list(name))
        self.send(lambda: [whole])

    def send(self, pieces, **how):
        """From now on the source sends this, and is looked at without the beat's five seconds in between."""
        self.source.send(pieces, **how)
        self.hurry()

    def hurry(self):
        """The next look at the source is due now: for the beat, and by the source's own row; and so is the next message
        about a job that waits, should a killed worker have taken the first one along."""
        self.query("UPDATE jobs_schedule SET next_at = now() WHERE name = 'verifier.refresh_due' RETURNING name")
        due = "UPDATE verifier_distributionpoint SET next_refresh_at = now()"
        self.query(f"{due} WHERE id = {self.point} RETURNING id")
        waiting = "name = 'verifier.refresh_crl' AND state = 'due' AND nudged_at < now() - interval '2 seconds'"
        self.query(f"UPDATE jobs_job SET nudged_at = now() - interval '11 seconds' WHERE {waiting} RETURNING id")
        self.hurried = time.monotonic()

    def until(self, holds, seconds, said):
        """Wait for what the next look at the source brings; a look under way may have been at what it sent before."""

        def looked():
            if time.monotonic() > self.hurried + 1:
                self.hurry()
            return holds()

        return wait_until(looked, seconds, said)

    def ask(self, port):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        url = f"http://localhost:{port}/api/v1/verifications"
        request = urllib.request.Request(url, json.dumps(self.body).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as found:
            return json.load(found)["code"]

    def codes(self):
        return {self.ask(port) for port in self.webs}

    def current(self):
        columns = "number, encode(digest, 'hex')"
        found = self.query(f"SELECT {columns} FROM verifier_crlsnapshot WHERE point_id = {self.point} AND is_current")
        assert len(found) == 1
        return found[0]

    def row(self):
        return self.query(f"SELECT last_error, failures FROM verifier_distributionpoint WHERE id = {self.point}")[0]

    def alarm(self):
        """The open alarm of the source, after the beat's minute was cut short."""
        self.query("UPDATE jobs_schedule SET next_at = now() WHERE name = 'verifier.tend_lists' RETURNING name")
        time.sleep(0.5)
        found = self.query(f"SELECT alarm FROM verifier_sourcealarm WHERE point_id = {self.point} AND ended_at IS NULL")
        return found[0][0] if found else ""


@pytest.fixture
def site(tmp_path, postgresql_url, redis_url, source):
    environment = {"DATABASE_URL": postgresql_url, "REDIS_URL": redis_url, "LISTS_NETLOC": source.netloc}
    processes = Site(tmp_path, DJANGO_SETTINGS_MODULE=SETTINGS, **environment)
    try:
        processes.begin(source)
        yield processes
    finally:
        processes.stop()


def pids_of(process):
    """The process and what it started: it leads a session of its own, and its children may lead groups of theirs."""
    found = []
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        try:
            if os.getsid(pid) == process.pid:
                found.append(pid)
        except ProcessLookupError:
            pass
    return found


def mapped(process, digest):
    """(device, inode) of the list's index as the process has it in its memory."""
    pattern = re.compile(rf"^\S+ r\S+ \S+ (\S+) (\d+) .*/{digest}\.index$", re.MULTILINE)
    return {place for pid in pids_of(process) for place in pattern.findall(Path(f"/proc/{pid}/maps").read_text())}


def writer_of_a_list(groups):
    """The first worker that has a list's unfinished file open."""
    for worker, pids in groups:
        for pid in pids:
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                try:
                    if os.readlink(descriptor).endswith(".part"):
                        return worker
                except FileNotFoundError:
                    pass
    return None


@contextmanager
def asking(site):
    """Both web processes are asked all the while; yields what each said, in order."""
    said, over = defaultdict(list), threading.Event()

    def insist(port):
        while not over.is_set():
            try:
                code = site.ask(port)
            except OSError as error:
                code = repr(error)
            said[port].append(code)
            time.sleep(0.05)

    threads = [threading.Thread(target=insist, args=(port,)) for port in site.webs]
    for thread in threads:
        thread.start()
    try:
        yield said
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_lists_of_several_processes(site):
    """Nothing waits for the moment a list is due: the test sets it, and everything after it is the product's own."""
    a_new_list_reaches_both_web_processes(site)
    bad_servers_are_named_and_nobody_believes_them(site)
    a_killed_worker_loses_and_doubles_nothing(site)


def a_new_list_reaches_both_web_processes(site):
    assert site.codes() == {"ok"}
    site.publish("holds")
    site.until(lambda: site.current()[0] == "8", 20, f"list 8 was not taken in; see {site.log}")
    begun = time.monotonic()
    wait_until(lambda: site.codes() == {"cert.on_hold"}, 5, "a web process goes on with the list before")
    print(f"both web processes: {time.monotonic() - begun:.1f} s after the list was taken in")
    one_file_is_mapped_by_both(site)
    site.publish("releases")
    site.until(lambda: site.codes() == {"ok"}, 20, "the release was not seen")


def one_file_is_mapped_by_both(site):
    first, second = (mapped(web, site.current()[1]) for web in site.webs.values())
    assert first == second
    assert len(first) == 1, "the list's index is not in the memory of the web processes"


def bad_servers_are_named_and_nobody_believes_them(site):
    lists = Lists(*(site.list(name) for name in ("newer", "older", "other_generation")))
    for name, wrong in WRONG.items():
        site.send(partial(wrong.pieces, lists), pause=wrong.pause)
        site.until(lambda code=wrong.code: site.row()[0] == code, 60, f"{name}: not named {wrong.code}; {site.row()}")
        assert site.current()[0] == "9"
        assert site.codes() == {"ok"}, name
    assert site.row()[1] >= len(WRONG)
    wait_until(lambda: site.alarm() == "list.failing", 20, "no alarm was raised")
    logged = site.log.read_text()
    assert {wrong.code for wrong in WRONG.values()} <= set(re.findall(r"WARNING.* source \d+ .*: (\S+) '", logged))
    assert "list.failing" in logged
    site.publish("late")
    site.until(lambda: site.current()[0] == "10", 20, "a good list after bad ones was not taken in")
    assert site.row() == ("", 0)
    wait_until(lambda: site.alarm() == "list.going_stale", 20, "a late list raised no alarm")


def a_killed_worker_loses_and_doubles_nothing(site):
    groups = [(worker, pids_of(worker)) for worker in site.workers]
    with asking(site) as said:
        site.publish("long")
        killed = wait_until(lambda: writer_of_a_list(groups), 30, "nobody began with the long list", pause=0.001)
        kill(killed, signal.SIGKILL)
        assert site.current()[0] == "10", "it was taken in before the kill: nothing was tested"
        killed.wait()
        left = site.query("SELECT id FROM jobs_job WHERE name = 'verifier.refresh_crl' AND lease_token IS NOT NULL")
        begun = time.monotonic()
        site.until(lambda: site.current()[0] == "11", 60, f"the other worker did not take it in; see {site.log}")
        print(f"the other worker had the list {time.monotonic() - begun:.1f} s after the kill")
        wait_until(lambda: site.codes() == {"cert.on_hold"}, 5, "the long list is not believed")
    for codes in said.values():
        switched = codes.index("cert.on_hold") if "cert.on_hold" in codes else len(codes)
        assert switched > 0
        assert codes == ["ok"] * switched + ["cert.on_hold"] * (len(codes) - switched)
    one_file_is_mapped_by_both(site)
    told_once(site)
    the_killed_job_comes_back(site, [row[0] for row in left])
    told_once(site)
    wait_until(lambda: site.alarm() == "", 20, "the alarm does not end")


def told_once(site):
    snapshots = site.query(
        f"SELECT id, entries FROM verifier_crlsnapshot WHERE point_id = {site.point} AND number = '11'"
    )
    assert [entries for _, entries in snapshots] == [LONG + 1]
    changes = "SELECT count(*), count(DISTINCT serial_hmac) FROM verifier_statuschange"
    assert site.query(f"{changes} WHERE snapshot_id = {snapshots[0][0]}") == [(KEPT, KEPT)]
    assert site.current()[0] == "11"


def the_killed_job_comes_back(site, left):
    """Its lease is over at once instead of in five minutes: it is done again, and finds its work done."""
    among = f"id = ANY(ARRAY[{','.join(map(str, left))}])"
    freed = site.query(f"UPDATE jobs_job SET lease_until = now() WHERE {among} AND state = 'due' RETURNING id")
    assert freed, "no job was cut off by the kill"
    wait_until(
        lambda: site.query(f"SELECT count(*) FROM jobs_job WHERE {among} AND state != 'done'") == [(0,)],
        40,
        "left open",
    )
