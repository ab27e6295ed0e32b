"""What the figures were measured on, and which cores carry which load."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import django
from cryptography import __version__ as cryptography_version
from cryptography.hazmat.backends.openssl import backend

from tests import parts


def description() -> str:
    """Lines for the head of the table."""
    cores = len(available_cores())
    return "\n".join(
        (
            f"CPU      {_cpu()}, {cores} {'core' if cores == 1 else 'cores'} used, {platform.system()} {platform.machine()}",
            f"Python   {platform.python_version()}, Django {django.__version__}, granian {version('granian')}",
            f"Crypto   cryptography {cryptography_version} with {backend.openssl_version_text()}",
            f"Load     {_load()}",
        )
    )


def available_cores() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def pinned(core: int) -> list[str]:
    """What stands before a command to keep it on one core; nothing where that cannot be done."""
    taskset = parts.find("taskset")
    return [taskset, "-c", str(core)] if taskset and len(available_cores()) > 1 else []


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

