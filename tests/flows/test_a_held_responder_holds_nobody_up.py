"""One OCSP responder is held: requests judged by lists are answered as fast as before, over a real server."""

import http.server
import json
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.servers import Processes, answers, wait_until

SCENE = """
import json
from django.utils import timezone
from tests.verifier.bench import a_bench
from verifier import ocsp_responders
bench = a_bench()
ocsp_responders.set_responder(bench.environment, anchor=bench.point.anchor, group="phone", url=%r, by="test")
print("scene:" + json.dumps([bench.key, bench.body()]))
"""
REQUESTS = 150
THREADS = 4


class Held(http.server.BaseHTTPRequestHandler):
    """Takes the question and never answers; half a minute is longer than the test."""

    over = threading.Event()
    asked = 0

    def do_POST(self) -> None:
        Held.asked += 1
        Held.over.wait(30)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path):
    processes = Processes(tmp_path, WEB_THREADS=str(THREADS))
    processes.manage("migrate", "-v0")
    held = http.server.ThreadingHTTPServer(("127.0.0.1", processes.ports["responders"]), Held)
    held.daemon_threads = True
    threading.Thread(target=held.serve_forever, daemon=True).start()
    granian = str(Path(sys.executable).with_name("granian"))
    port = str(processes.ports["web"])
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--no-ws", "--workers", "1"]
    processes.start(granian, *options, "--blocking-threads", str(THREADS), "portal.wsgi:application", ROLE="web")
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/health/live/"), 30, f"no answer; see {processes.log}")
    yield processes
    Held.over.set()
    held.shutdown()
    held.server_close()
    processes.stop()


def test_p99_of_the_rest_is_unchanged_while_one_responder_is_held(site):
    url = f"{site.environment['RESPONDERS_URL']}/ocsp/held"
    key, body = json.loads(site.manage("shell", "--no-imports", "-c", SCENE % url).split("scene:")[1])

    def ask(source):
        data = json.dumps({**body, "revocation": source}).encode()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        request = urllib.request.Request(site.site_url + "/api/v1/verifications", data, headers)
        begun = time.monotonic()
        with urllib.request.urlopen(request, timeout=20) as answer:
            return time.monotonic() - begun, json.load(answer)

    def p99():
        taken = []
        for _ in range(REQUESTS):
            seconds, answer = ask("crl")
            assert answer["verdict"] == "valid"
            taken.append(seconds)
        return sorted(taken)[int(REQUESTS * 0.99) - 1]

    ask("crl")
    before = p99()
    stop = threading.Event()

    def insist():
        found = []
        while not stop.is_set():
            found.append(ask("ocsp"))
            time.sleep(0.05)
        return found

    with ThreadPoolExecutor(THREADS) as callers:
        insisting = [callers.submit(insist) for _ in range(THREADS)]
        wait_until(lambda: Held.asked >= 2, 10, "the responder was not asked")
        during = p99()
        stop.set()
        held_up = [each for caller in insisting for each in caller.result()]
    print(f"p99 before {before * 1000:.1f} ms, while held {during * 1000:.1f} ms; asked {Held.asked} times")
    assert {answer["code"] for _, answer in held_up} == {"revocation.source_unavailable"}
    assert max(seconds for seconds, _ in held_up) < 3
    assert during < max(5 * before, 0.5)  # held up, it would be 1.5 s and more
