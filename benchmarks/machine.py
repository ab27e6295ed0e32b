"""What the figures were measured on, and which cores carry which load."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import django
from cryptography import __version__ as cryptography_version
from cryptography.hazmat.backends.openssl import backend

from tests import parts


def _cores() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


# As they were at the start: this process gives up the first one at times.
CORES = _cores()


def description() -> str:
    """Lines for the head of the table."""
    cores = f"{len(CORES)} {'core' if len(CORES) == 1 else 'cores'}"
    return "\n".join(
        (
            f"CPU      {_cpu()}, {cores}, {platform.system()} {platform.machine()}",
            f"Python   {platform.python_version()}, Django {django.__version__}, granian {version('granian')}",
            f"Crypto   cryptography {cryptography_version} with {backend.openssl_version_text()}",
            f"Load     {_load()}",
        )
    )


def on_first_core() -> list[str]:
    """What stands before a command to keep it on the first core; nothing where that cannot be done."""
    taskset = parts.find("taskset")
    return [taskset, "-c", str(CORES[0])] if taskset and len(CORES) > 1 else []


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _load() -> str:
    """What else is going on: figures taken beside a heavy neighbour are worth less."""
    if not hasattr(os, "getloadavg"):
        return "not known"
    return f"{os.getloadavg()[0]:.1f} runnable processes on average in the minute before"


@contextmanager
def first_core_left_to_the_server() -> Iterator[None]:
    """This process and all it starts keep to the other cores, the measured servers excepted (`on_first_core`)."""
    if not CORES[1:] or not hasattr(os, "sched_setaffinity"):
        yield
        return
    os.sched_setaffinity(0, CORES[1:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, CORES)
