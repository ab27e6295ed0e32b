"""The two Celery tasks of the whole site, and the beat of a worker."""

import os
import socket
import threading
import time
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import close_old_connections

from portal.jobs import services
from portal.jobs.registry import discover


@shared_task(name="jobs.run")
def run_job(job_id: int) -> None:
    services.run(job_id)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    services.sweep(worker=_worker_name())


@worker_ready.connect
def start_beat(**_: Any) -> None:
    """Every worker beats for itself: a second beat does no harm, a missing one would."""
    discover()
    if not settings.REDIS_URL:
        services.forget_nudges()
    threading.Thread(target=_beat, name="beat", daemon=True).start()


def _beat() -> None:
    while True:
        close_old_connections()
        try:
            services.sweep(worker=_worker_name())
        except Exception:
            services.log.exception("sweep failed")
        time.sleep(settings.JOB_SWEEP_SECONDS)


def _worker_name() -> str:
    return f"{settings.ROLE}@{socket.gethostname()}:{os.getpid()}"
