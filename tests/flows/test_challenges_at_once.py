"""One challenge presented by many at the same moment, over HTTP, on PostgreSQL: exactly one of them uses it."""

import base64
import json
import secrets
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.flows.test_api_over_a_real_server import _MAKE_A_KEY, Site

TRIES = 8


@pytest.fixture(scope="module")
def site(postgresql_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    database = servers.new_database(postgresql_server, "challenges_at_once")
    processes = servers.Processes(tmp_path_factory.mktemp("challenges-at-once"), DATABASE_URL=database)
    processes.manage("migrate", "--verbosity", "0")
    key = processes.manage("shell", "-c", _MAKE_A_KEY).split("key:")[1].strip()
    port = str(processes.ports["web"])
    options = [
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        port,
        "--workers",
        "2",
        "--blocking-threads",
        "4",
    ]
    granian = str(Path(sys.executable).with_name("granian"))
    processes.start(granian, *options, "--no-ws", "portal.wsgi:application", ROLE="web")
    try:
        servers.wait_until(lambda: servers.answers(f"http://127.0.0.1:{port}/health/live/"), 40, "no answer")
        yield Site(int(port), key, database)
    finally:
        processes.stop()


def posted(site: Site, body: dict[str, Any], path: str = "verifications") -> dict[str, Any]:
    data = json.dumps(body).encode()
    status, _, answer = site.post(data, f"Content-Length: {len(data)}", path=f"/api/v1/{path}")
    assert status == 200, answer
    return json.loads(answer)  # type: ignore[no-any-return]


def all_at_once(site: Site, body: dict[str, Any]) -> list[str]:
    with ThreadPoolExecutor(TRIES) as pool:
        return sorted(pool.map(lambda _: posted(site, body)["code"], range(TRIES)))


# The certificate is rubbish: the challenge is used up before anybody looks at it.
RUBBISH = {"purpose": "signature", "certificate": "AAAA", "signature": "AAAA"}


def test_one_issued_is_used_once(site: Site) -> None:
    for _ in range(3):
        issued = posted(site, {"purpose": "signature"}, "challenges")
        codes = all_at_once(site, {**RUBBISH, "challenge_id": issued["challenge_id"]})
        assert codes == ["cert.malformed"] + ["challenge.used"] * (TRIES - 1)


def test_one_made_by_the_sp_is_taken_once(site: Site) -> None:
    for _ in range(3):
        own = base64.b64encode(secrets.token_bytes(32)).decode()
        codes = all_at_once(site, {**RUBBISH, "challenge": own})
        assert codes == ["cert.malformed"] + ["challenge.replayed"] * (TRIES - 1)
