"""`manage.py up`: migrate, load the story if asked, start web, responders, workers, internet and sample SP as one."""

import os
import secrets
import subprocess
import sys
import threading
import time
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal import supervision
from portal.supervision import Child

# On loopback, Celery's word on running as root is not news.
_QUIET = {"PYTHONWARNINGS": "ignore::UserWarning:celery.platforms"}
_HELD_BY_WORKER_ONLY = ("CUSTODY_KEY", "CUSTODY_KEY_FILE")


class Command(BaseCommand):
    help = "Run the whole site as one supervised command (embedded mode)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demonstration story when it is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("`up` is for embedded mode; production starts each role by its own unit (see deploy/).")
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        children = _children() + ([_sample_service()] if options["demo"] else [])
        ready = threading.Event()
        threading.Thread(target=_announce, args=(ready, options["demo"]), daemon=True).start()
        supervision.run(children, ready=ready)
        self.stdout.write("stopped")


def _children() -> list[Child]:
    web, responders = urlsplit(settings.SITE_URL), urlsplit(settings.RESPONDERS_URL)
    worker = [sys.executable, "-m", "celery", "-q", "-A", "portal.celery", "worker", "--pool", "threads", "-c", "4"]
    prober = [*worker[:-1], "8", "-Q", "probe", "--loglevel", "WARNING"]
    internet = Child("internet", [sys.executable, "manage.py", "internet"], _environment("command"))
    return [
        *([internet] if settings.STAND_IN_INTERNET else []),
        Child("web", _server(web.port or 8000, threads=settings.WEB_THREADS), _environment("web")),
        Child("responders", _server(responders.port or 8001, threads=2), _environment("responders")),
        Child("worker", [*worker, "-Q", "default,ca,fetch,mail", "--loglevel", "WARNING"], _worker_environment()),
        Child("prober", prober, {**_environment("prober"), **_QUIET}),
    ]


def _sample_service() -> Child:
    """The sample SP waits for the settings file that the demonstration story leaves for it."""
    port = str(urlsplit(settings.SAMPLE_SP_URL).port or 8002)
    script = str(settings.BASE_DIR / "examples" / "sample_sp" / "server.py")
    options = ["--portal", settings.SITE_URL, "--port", port, "--settings", str(settings.VAR_DIR / "sample_sp.json")]
    return Child("sample-sp", [sys.executable, script, *options], _environment("command"))


def _server(port: int, *, threads: int) -> list[str]:
    granian = str(Path(sys.executable).with_name("granian"))
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    pool = ["--workers", "1", "--blocking-threads", str(threads), "--log-level", "warning", "--no-ws"]
    return [granian, *options, *pool, "portal.wsgi:application"]


def _environment(role: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _HELD_BY_WORKER_ONLY}
    return {**kept, "ROLE": role, "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}


def _worker_environment() -> dict[str, str]:
    """The one process that is handed the custody key."""
    return {**_environment("worker"), **_QUIET, "CUSTODY_KEY_FILE": str(_custody_key_file())}


def _custody_key_file() -> Path:
    if given := os.environ.get("CUSTODY_KEY_FILE"):
        return Path(given)
    path = Path(settings.VAR_DIR) / "custody_key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path


def _announce(ready: threading.Event, demo: bool) -> None:
    """Say where the site is once it answers, after the story has been loaded by its own process."""
    ready.wait()
    while not _answers(f"{settings.SITE_URL}/health/live/"):
        time.sleep(0.2)
    if demo:
        subprocess.run(
            [sys.executable, "manage.py", "demo"], cwd=settings.BASE_DIR, env=_environment("command"), check=False
        )
    if demo:
        sys.stdout.write(f"\nThe sample service is at {settings.SAMPLE_SP_URL}\n")
    sys.stdout.write(f"The portal is at {settings.SITE_URL}  (stop with Ctrl-C)\n\n")
    sys.stdout.flush()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own loopback address
            return bool(answer.status == 200)
    except OSError:
        return False
