"""Real servers for tests: PostgreSQL and Redis of our own on free ports, and the site's own processes."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests import parts

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def need(program: str) -> str:
    """The program's path; a missing one fails in CI and skips on a laptop."""
    where = parts.chromium() if program == "chromium" else parts.find(program)
    if where is None:
        if parts.required():
            pytest.fail(f"{program} is missing on this machine")
        pytest.skip(f"{program} is missing on this machine")
    return where


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server; yields the URL of its first database. As root it runs as the user `postgres`."""
    initdb, server = need("initdb"), need("postgres")
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()
    subprocess.run(
        [initdb, "-D", str(data), "-U", "portal", "--auth", "trust", "-E", "UTF8", "--locale", "C"],
        check=True,
        capture_output=True,
        user=user,
        cwd=folder,
    )
    options = ["-c", "fsync=off", "-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1"]
    process = subprocess.Popen(
        [server, "-D", str(data), "-p", str(port), *options],
        user=user,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for_port(port)
        url = f"postgresql://portal@127.0.0.1:{port}/postgres"
        wait_until(lambda: _accepts(url), 15, "PostgreSQL does not answer")
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _accepts(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def new_database(server_url: str, name: str) -> str:
    """An empty database on that server; returns its URL."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server_url.rsplit("/", 1)[0] + "/" + name


@contextmanager
def redis() -> Iterator[str]:
    """A Redis server without persistence; yields its URL."""
    port = free_port()
    process = subprocess.Popen(
        [need("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for_port(port: int, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")


def wait_until(condition, seconds: float, what: str, pause: float = 0.1):
    """Poll until `condition()` is true and return its value; fails the test with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(pause)
    pytest.fail(f"after {seconds} s: {what}")


# What the worker alone holds: the custody key.
WORKER = {"ROLE": "worker", "CUSTODY_KEY": "the custody key of this test"}


class Processes:
    """Processes of the site in one installation folder, started one by one or all together by `up`."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.ports = {
            "web": free_port(),
            "responders": free_port(),
            "sample": free_port(),
            "dns": free_port(),
            "tls": free_port(),
        }
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "CUSTODY_"))},
            "PROFILE": "embedded",
            "VAR_DIR": str(folder),
            "SITE_URL": f"http://localhost:{self.ports['web']}",
            "RESPONDERS_URL": f"http://localhost:{self.ports['responders']}",
            "SAMPLE_SP_URL": f"http://localhost:{self.ports['sample']}",
            "INTERNET_DNS_PORT": str(self.ports["dns"]),
            "INTERNET_TLS_PORT": str(self.ports["tls"]),
            "ROLE": "command",
            **environment,
        }
        self.log = folder / "processes.log"

    @property
    def site_url(self) -> str:
        return self.environment["SITE_URL"]

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run one management command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *command: str, **environment: str) -> "subprocess.Popen[bytes]":
        """Start a process in a session of its own; its output goes to `processes.log`."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, "PYTHONUNBUFFERED": "1", **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_worker(self, *options: str, **environment: str) -> "subprocess.Popen[bytes]":
        """A real Celery worker with the custody key, on all lanes but the prober's."""
        command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-Q", "default,ca,fetch,mail"]
        return self.start(*command, "--loglevel", "WARNING", *options, **WORKER, **environment)

    def start_prober(self, *options: str, **environment: str) -> "subprocess.Popen[bytes]":
        """A real Celery worker on lane `probe`: no custody key."""
        command = [sys.executable, "-m", "celery", "-A", "portal.celery", "worker", "-Q", "probe"]
        return self.start(*command, "--loglevel", "WARNING", *options, ROLE="prober", **environment)

    def up(self, *options: str, seconds: float = 60) -> "subprocess.Popen[bytes]":
        """The one supervised command, until the site answers."""
        process = self.start(sys.executable, "manage.py", "up", *options)
        wait_until(lambda: answers(self.site_url + "/health/live/"), seconds, f"site not up; see {self.log}")
        return process

    def query(self, sql: str) -> list[tuple]:
        """Rows of a SELECT, asked of the installation's database directly."""
        if url := self.environment.get("DATABASE_URL"):
            with psycopg.connect(url) as connection:
                return connection.execute(sql).fetchall()
        with closing(sqlite3.connect(self.folder / "portal.sqlite3", timeout=20)) as connection:
            return connection.execute(sql).fetchall()

    def stop(self) -> None:
        for process in self.running:
            kill(process, signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                kill(process, signal.SIGKILL)
                process.wait()


def kill(process: "subprocess.Popen[bytes]", number: int) -> None:
    """Signal the process and everything in its session's group."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
