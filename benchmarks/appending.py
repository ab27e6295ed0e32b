"""Appending to the audit trail and sealing it: one child process of the benchmarks does one of these.

`record COUNT` appends as the site's verbs do, each event in a transaction of its own, with request id and address.
`insert COUNT` is the floor: one plain INSERT of one row a transaction. `seal COUNT` seals in the worker's
rhythm until COUNT are sealed. Each waits for the file START in its working folder's name (first argument), and prints
its seconds as JSON.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection, transaction
from django.utils import timezone

from portal import origin
from portal.audit import services as audit
from portal.audit.models import AuditSeal
from portal.environments import services as environments
from portal.trail import services as trail

_DETAILS = {"binding": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "stage": "first"}
_PLAIN = "INSERT INTO audit_plain (at, action, subject, details) VALUES (now(), %s, %s, %s)"


def record(count: int) -> None:
    subject = environments.production()
    for number in range(count):
        with origin.of(origin.Origin(f"req_{number:020}", "192.0.2.7")), transaction.atomic():
            audit.record("bench.happened", subject, by="benchmark", details=_DETAILS)


def insert(count: int) -> None:
    details = json.dumps(_DETAILS)
    with connection.cursor() as cursor:
        for number in range(count):
            with transaction.atomic():
                cursor.execute(_PLAIN, ["bench.happened", str(number), details])


def seal(count: int) -> None:
    trail.seal_everything(at=timezone.now())
    while AuditSeal.objects.count() < count:
        time.sleep(trail.SEAL_SECONDS)
        trail.seal_everything(at=timezone.now())


def main(folder: Path, verb: str, count: int) -> dict[str, Any]:
    connection.ensure_connection()
    (folder / f"ready-{verb}-{time.monotonic_ns()}").touch()
    while not (folder / "start").exists():
        time.sleep(0.002)
    began = time.perf_counter()
    {"record": record, "insert": insert, "seal": seal}[verb](count)
    return {"seconds": time.perf_counter() - began}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
