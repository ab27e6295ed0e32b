"""Load over HTTP by wrk: 16 connections that stay open, one thread, on a core that the server does not use."""

import json
import os
import statistics
import subprocess
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import parts

CONNECTIONS = 16
_SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Target:
    """An address and the requests for it: (method, path, body), sent in turn."""

    name: str
    origin: str
    requests: Sequence[tuple[str, str, str]]
    key: str = ""


@dataclass(frozen=True)
class Served:
    """Requests answered, how many a second, and the milliseconds that half and 99 of 100 answers kept."""

    requests: int
    rate: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return f"{self.rate:,.0f} req/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms"


class Refused(Exception):
    """A target answered something else than 200: its figures would mean nothing."""


def in_turns(targets: Sequence[Target], *, folder: Path, seconds: float, rounds: int) -> dict[str, Served]:
    """Every target under load `rounds` times for `seconds`, in turns; before that each answers once and warms up."""
    for target in targets:
        _must_answer(target)
        _run(target, folder, 1)
    runs: dict[str, list[dict[str, Any]]] = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            runs[target.name].append(_run(target, folder, seconds))
    return {name: _together(each) for name, each in runs.items()}


def _together(runs: list[dict[str, Any]]) -> Served:
    """Rates over the whole time, the mean p50, the worst p99."""
    requests = sum(run["requests"] for run in runs)
    rate = requests / sum(run["microseconds"] for run in runs) * 1e6
    p50 = statistics.mean(run["p50"] for run in runs)
    return Served(requests, rate, p50 / 1000, max(run["p99"] for run in runs) / 1000)


def _run(target: Target, folder: Path, seconds: float) -> dict[str, Any]:
    requests = folder / "requests.txt"
    requests.write_text("".join(f"{' '.join(request).rstrip()}\n" for request in target.requests))
    command = [str(parts.find("wrk")), "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(_SCRIPT)]
    environment = {**os.environ, "BENCH_REQUESTS": str(requests), "BENCH_AUTHORIZATION": f"Bearer {target.key}"}
    done = subprocess.run([*command, target.origin], env=environment, capture_output=True, text=True, check=True)
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        raise Refused(f"{target.name}: {done.stdout}{done.stderr}")
    result: dict[str, Any] = json.loads(line.removeprefix("RESULT "))
    if result["refused"] or result["broken"] or not result["requests"]:
        raise Refused(f"{target.name}: {result}")
    return result


def _must_answer(target: Target) -> None:
    method, path, body = target.requests[0]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {target.key}"}
    request = urllib.request.Request(
        target.origin + path, method=method, data=body.encode() if body else None, headers=headers
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        raise Refused(f"{target.name}: {error.code} {error.read().decode(errors='replace')}") from error
