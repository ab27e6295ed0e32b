"""The two hot operations over HTTP against plain Django views, on one database: one worker pinned to one core."""

import json
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks import load
from benchmarks.load import Served, Target
from benchmarks.site import PLAIN, Site, migrated
from benchmarks.table import Limit, Row
from tests import servers

QUESTIONS = 200
_KEEP = "plain Django view, one RSA verification, one INSERT"
_JUDGE = "plain Django view, one RSA verification"
_BARE = "bare WSGI function"


@contextmanager
def postgresql() -> Iterator[str]:
    """An empty database of a server of our own; its URL."""
    with servers.postgresql() as url:
        yield servers.new_database(url, "benchmarks")


def rows(database: str, *, seconds: float, rounds: int, **environment: str) -> list[Row]:
    """Lines for one database; `seconds` is how long a target is under load each time."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        with migrated(Path(name), **environment) as site:
            told = _set_up(site)
            targets = _targets(site, told)
            took = load.in_turns(targets, folder=Path(name), seconds=seconds, rounds=rounds)
            _must_have_recorded(site, took)
    return [
        *_against(
            f"POST /api/v1/verifications, {database}",
            took["verification"],
            took,
            "keep",
            "bare post",
            are_limited=database == "PostgreSQL",
        ),
        *_against(f"GET /api/v1/whitelist/lookup, {database}", took["lookup again"], took, "judge", "bare get"),
        *_against(f"the same with a nonce, {database}", took["lookup"], took, "judge", "bare get"),
    ]


def _set_up(site: Site) -> dict[str, Any]:
    """The worker and the responders make a sandbox as they always do, and leave before anything is measured."""
    worker = site.start_worker("--pool", "threads", "-c", "4")
    site.serve("portal.wsgi:application", port=site.ports["responders"], ROLE="responders")
    told: dict[str, Any] = site.python("benchmarks.story", str(QUESTIONS))
    servers.kill(worker, signal.SIGTERM)
    worker.wait(30)
    return told


def _targets(site: Site, told: dict[str, Any]) -> list[Target]:
    own = site.serve("portal.wsgi:application", port=site.ports["web"])
    plain = site.serve("benchmarks.plain.wsgi:application", **PLAIN)
    bare = site.serve("benchmarks.bare:application")
    bodies = [json.dumps(question) for question in told["questions"]]
    asked = "?" + urlencode({"url": told["return_url"], "nonce": "b" * 32})
    plainly = "?" + urlencode({"url": told["return_url"]})
    return [
        Target("verification", own, [("POST", "/api/v1/verifications", body) for body in bodies], told["key"]),
        Target("keep", plain, [("POST", "/judge-and-keep", body) for body in bodies]),
        Target("bare post", bare, [("POST", "/", body) for body in bodies]),
        Target("lookup", own, [("GET", "/api/v1/whitelist/lookup" + asked, "")], told["key"]),
        Target("lookup again", own, [("GET", "/api/v1/whitelist/lookup" + plainly, "")], told["key"]),
        Target("judge", plain, [("GET", "/judge" + asked, "")]),
        Target("bare get", bare, [("GET", "/" + asked, "")]),
    ]


def _against(
    what: str, measured: Served, took: dict[str, Served], plain: str, bare: str, *, are_limited: bool = False
) -> list[Row]:
    names = {plain: _KEEP if plain == "keep" else _JUDGE, bare: _BARE}
    return [
        Row(
            what,
            str(measured),
            name,
            str(took[key]),
            f"{took[key].rate / measured.rate:.2f}",
            _limits(measured, took[key]) if are_limited and key == plain else (),
        )
        for key, name in names.items()
    ]


def _limits(measured: Served, floor: Served) -> tuple[Limit, ...]:
    """At least half as many requests a second as the plain view answers, better three quarters; the slow ones soon."""
    return Limit(floor.rate / measured.rate, 2, 4 / 3), Limit(measured.p99, 30, None, "ms p99")


def _must_have_recorded(site: Site, took: dict[str, Served]) -> None:
    """Every answer of the measured operation left its row, and every verdict was the expected one."""
    counts = dict(site.query("SELECT verdict, count(*) FROM verifier_verification GROUP BY verdict"))
    if set(counts) != {"valid"} or counts["valid"] < took["verification"].requests:
        raise load.Refused(f"{counts} records for {took['verification'].requests} measured requests")
