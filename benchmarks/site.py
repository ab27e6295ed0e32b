"""A site set up for real on one database, and the servers that are measured: each one granian worker on one core."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.machine import on_first_core
from tests.servers import ROOT, Processes, free_port, wait_until

PLAIN = {"DJANGO_SETTINGS_MODULE": "benchmarks.plain.settings"}
# As `manage.py up` starts it.
BLOCKING_THREADS = "4"


class Site(Processes):
    """The site's processes; the rate limit is out of the way, so that the code is what limits."""

    def __init__(self, folder: Path, **environment: str) -> None:
        limits = {"API_REQUESTS_PER_MINUTE": "1000000000", "WEB_PROCESSES": "1", "LOG_LEVEL": "WARNING"}
        super().__init__(folder, **limits, **environment)

    def serve(self, application: str, *, port: int | None = None, **environment: str) -> str:
        """Start one granian worker with it on the first core; answers its origin once it listens."""
        port = port or free_port()
        granian = str(Path(sys.executable).with_name("granian"))
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        quiet = ["--blocking-threads", BLOCKING_THREADS, "--log-level", "warning", "--no-ws"]
        command = [*on_first_core(), granian, *options, *quiet, application]
        self.start(*command, **{"ROLE": "web", **environment})
        wait_until(lambda: listens(port), 30, f"{application} is not up; see {self.log}")
        return f"http://127.0.0.1:{port}"

    def python(self, module: str, *arguments: str, **environment: str) -> Any:
        """Run a module to its end with the site's environment; answers the JSON of its last line."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "portal.settings", **environment},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{module} failed:\n{done.stdout}{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def migrated(folder: Path, **environment: str) -> Iterator[Site]:
    """An empty site with its tables, and the plain view's table beside them."""
    site = Site(folder, **environment)
    try:
        site.manage("migrate", "-v0", "--run-syncdb", **PLAIN)
        yield site
    finally:
        site.stop()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
