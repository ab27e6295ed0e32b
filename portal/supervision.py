"""Starts child processes, prefixes their output, restarts what dies, and leaves no child behind."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

_PR_SET_PDEATHSIG = 1
_LONGEST_PAUSE = 10.0


@dataclass
class Child:
    """One supervised process: its name in the log, its command, and what it finds in its environment."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[str] | None" = None
    pause: float = 0.5
    started: float = field(default=0.0)


def run(children: list[Child], *, ready: threading.Event | None = None) -> None:
    """Start all, restart the dead with growing pauses, stop all on SIGINT or SIGTERM; returns when all have ended."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    for child in children:
        _start(child)
    if ready is not None:
        ready.set()
    while not stop.wait(0.2):
        for child in children:
            _restart_if_dead(child, stop)
    _stop_all(children)


def _start(child: Child) -> None:
    child.process = subprocess.Popen(  # noqa: S603  our own commands
        child.command,
        env=dict(child.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )
    child.started = time.monotonic()
    threading.Thread(target=_copy_output, args=(child.name, child.process), daemon=True).start()


def _die_with_parent() -> None:
    """Even if the supervisor is killed outright, the kernel ends its children (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _copy_output(name: str, process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        sys.stdout.write(f"{name:<10} | {line}")
        sys.stdout.flush()


def _restart_if_dead(child: Child, stop: threading.Event) -> None:
    assert child.process is not None
    code = child.process.poll()
    if code is None:
        if time.monotonic() - child.started > 60:
            child.pause = 0.5
        return
    sys.stdout.write(f"{child.name:<10} | ended with {code}, starting again in {child.pause:.1f} s\n")
    if not stop.wait(child.pause):
        child.pause = min(child.pause * 2, _LONGEST_PAUSE)
        _start(child)


def _stop_all(children: list[Child]) -> None:
    for child in children:
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + 8
    for child in children:
        assert child.process is not None
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal_group(child, signal.SIGKILL)
            child.process.wait()


def _signal_group(child: Child, number: signal.Signals) -> None:
    assert child.process is not None
    try:
        os.killpg(child.process.pid, number)
    except ProcessLookupError:
        pass
