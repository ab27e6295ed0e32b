"""What a test client cannot send: the API behind the real server, byte by byte over a socket."""

import base64
import json
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.fuzz.test_parsers import NUL_IN_A_NAME
from tests.servers import Processes, answers, new_database, wait_until

_MAKE_A_KEY = """
from portal.environments import services as environments
from portal.providers import services as providers
from portal.providers.models import ServiceProvider
sp = ServiceProvider.objects.create(
    public_id="sp_test", name="x", corporate_number="7000012050002", legal_basis="administrative_body"
)
environment = environments.request_sandbox(sp)[0]
environments.mark_ready(environment)
print("key:" + providers.issue_client(sp, environment=environment, name="test", by="test")[1])
"""


class Site:
    def __init__(self, port: int, key: str, database: str) -> None:
        self.port, self.key, self.database = port, key, database

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            return connection.execute(statement).fetchall()

    def exchange(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower case) and body of the first answer to these raw bytes."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=20)) as connection:
            try:
                connection.sendall(request)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the server may answer and close before it has read everything
            return _read_answer(connection)

    def post(
        self, body: bytes, *headers: str, path: str = "/api/v1/verifications"
    ) -> tuple[int, dict[str, str], bytes]:
        lines = [
            f"POST {path} HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self.key}",
            "Content-Type: application/json",
            *headers,
            "",
            "",
        ]
        return self.exchange("\r\n".join(lines).encode() + body)


def _read_answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        assert chunk, f"closed after {data!r}"
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return int(first.split()[1]), headers, body


@pytest.fixture(scope="module")
def site(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("api")
    database = new_database(postgresql_server, "api")
    processes = Processes(folder, DATABASE_URL=database)
    processes.manage("migrate", "--verbosity", "0")
    key = processes.manage("shell", "-c", _MAKE_A_KEY).split("key:")[1].strip()
    granian = str(Path(sys.executable).with_name("granian"))
    port = str(processes.ports["web"])
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", port, "--blocking-threads", "2", "--no-ws"]
    processes.start(granian, *options, "portal.wsgi:application", ROLE="web")
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health/live/"), 30, f"no answer; see {processes.log}")
        yield Site(int(port), key, database)
    finally:
        processes.stop()


def is_problem(answer: tuple[int, dict[str, str], bytes], status: int, code: str) -> None:
    got, headers, body = answer
    assert headers.get("content-type") == "application/problem+json", answer
    problem = json.loads(body)
    assert (got, problem["status"], problem["code"]) == (status, status, code)
    assert problem["request_id"] == headers["x-request-id"]


def test_no_body(site: Site) -> None:
    is_problem(site.post(b"", "Content-Length: 0"), 400, "request.empty_body")


def test_no_length(site: Site) -> None:
    is_problem(site.post(b""), 411, "request.length_required")


def test_a_chunked_body(site: Site) -> None:
    chunks = b"2\r\n{}\r\n0\r\n\r\n"
    is_problem(site.post(chunks, "Transfer-Encoding: chunked"), 411, "request.length_required")


def test_ten_megabytes(site: Site) -> None:
    body = b"[" + b" " * 10_000_000 + b"]"
    is_problem(site.post(body, f"Content-Length: {len(body)}"), 413, "request.too_large")


def test_ten_megabytes_in_chunks(site: Site) -> None:
    body = b"186a0\r\n" + b" " * 100_000 + b"\r\n"
    is_problem(site.post(body * 100 + b"0\r\n\r\n", "Transfer-Encoding: chunked"), 411, "request.length_required")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"\xff\xfe", 400, "request.not_json"),
        (b'{"purpose": "\\u0000"}', 422, "request.invalid"),
        (b'{"purpose": "\\ud800"}', 422, "request.invalid"),
        (b'{"\\ud800": 1}', 422, "request.invalid"),
        (b"[" * 200_000, 400, "request.not_json"),
        (b'{"message": "' + b"A" * 220_000 + b'"}', 422, "request.invalid"),
    ],
)
def test_hostile_json(site: Site, body: bytes, status: int, code: str) -> None:
    is_problem(site.post(body, f"Content-Length: {len(body)}"), status, code)


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("GET /api/v1/nothing", 404, "not_found"),
        ("GET /api/v1/verifications", 405, "method_not_allowed"),
        ("PATCH /api/v1/verifications", 405, "method_not_allowed"),
        ("GET /api/%00%ff/", 404, "not_found"),
        ("GET /api/v1/verifications/ver_%00", 401, "api_key.missing"),
        ("GET /api/v1/return-servers/checks/%00", 404, "not_found"),
        ("GET /api/v1/whitelist/log/inclusion?entry=%00", 422, "request.invalid"),
        ("POST /api/v1/links", 404, "not_yet_offered"),
        ("GET /api/../api/v1/nothing", 404, "not_found"),
    ],
)
def test_addresses_and_methods(site: Site, line: str, status: int, code: str) -> None:
    is_problem(site.exchange(f"{line} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()), status, code)


def test_a_foreign_host_header(site: Site) -> None:
    """The name in Host never makes a link, so the API does not care for it; it is answered like any other."""
    status, _, body = site.exchange(b"GET /api/v1/nothing HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert status == 404
    assert b"evil.example" not in body


def test_a_key_in_raw_bytes(site: Site) -> None:
    """The server hands on no header that is not text, so the key counts as not sent."""
    request = b"GET /api/v1/verifications/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \xff\xfe\r\n\r\n"
    is_problem(site.exchange(request), 401, "api_key.missing")


JUDGED = json.dumps({"purpose": "signature", "certificate": "AAAA", "signature": "AAAA", "message": ""}).encode()


def test_a_judgement_without_any_anchor_is_a_verdict(site: Site) -> None:
    body = JUDGED
    status, headers, answer = site.post(body, f"Content-Length: {len(body)}")
    assert (status, json.loads(answer)["code"]) == (200, "cert.malformed")
    assert headers["ratelimit-policy"].startswith('"key"')
    assert "set-cookie" not in headers


def test_a_certificate_with_nul_in_its_issuers_name_gets_a_verdict(site: Site) -> None:
    """PostgreSQL keeps no NUL, not even in JSON; the record of what was looked at has the name all the same."""
    der = base64.b64encode(NUL_IN_A_NAME).decode()
    asked = {"purpose": "signature", "certificate": der, "signature": "AAAA", "message": ""}
    body = json.dumps(asked).encode()
    status, _, answer = site.post(body, f"Content-Length: {len(body)}")
    assert (status, json.loads(answer)["verdict"]) == (200, "invalid")
    assert "JPKI\\00SANDBOX" in json.loads(answer)["certificate"]["told_by"]["issuer"]


def test_a_database_that_closed_every_connection_costs_no_answer_and_no_row(site: Site) -> None:
    """The record is inserted on a connection nobody tested first; each of the server's threads has one."""
    for _ in range(4):
        assert site.post(JUDGED, f"Content-Length: {len(JUDGED)}")[0] == 200
    ((before,),) = site.query("SELECT count(*) FROM verifier_verification")
    closed = site.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert closed
    named = [json.loads(site.post(JUDGED, f"Content-Length: {len(JUDGED)}")[2])["id"] for _ in range(6)]
    assert len(set(named)) == 6
    kept = site.query("SELECT public_id FROM verifier_verification ORDER BY id")[before:]
    assert [public_id for (public_id,) in kept] == named
