"""A job is a row with a lane and a lease; the Celery message is a nudge; a sweep repairs what is lost.

A claim is one conditional update that sets a lease token. The handler works outside a transaction; its database
effect and the closing of the row commit together under that token. A worker that lost its lease (killed, too slow)
cannot commit: the closing update then touches no row and the whole transaction is rolled back.
"""

import logging
import traceback
import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal import origin
from portal.jobs.models import Job, Schedule, WorkerPulse
from portal.jobs.registry import HANDLERS, PERIODIC, Registered, RetryLater, discover

log = logging.getLogger(__name__)

_NUDGE_AGAIN_AFTER = timedelta(seconds=10)
_NUDGES_PER_SWEEP = 200
_BACK_OFF_SECONDS = (1, 5, 15, 60, 300, 900, 3600)


class LeaseLost(Exception):
    """Another worker holds or closed the job: nothing of this run may be committed."""


def enqueue(
    name: str, *arguments: Any, lane: str = "default", due: datetime | None = None, key: str | None = None
) -> Job:
    """Write the job in the caller's transaction and nudge a worker after commit.

    `arguments` must be JSON values. `due` (aware) delays it. With `key`, a job still waiting under the same key is
    returned instead of a second one being made.
    """
    if lane not in settings.JOB_LANES:
        raise ValueError(f"unknown lane {lane}")
    now = timezone.now()
    values = {"name": name, "arguments": list(arguments), "lane": lane, "due_at": due or now, "created_at": now}
    if key is None:
        job = Job.objects.create(**values)
    else:
        job, _ = Job.objects.get_or_create(key=key, state=Job.State.DUE, lease_token=None, defaults=values)
    if job.due_at <= now:
        transaction.on_commit(partial(_nudge, job))
    return job


def run(job_id: int) -> bool:
    """Claim, do and close one job; False if it was not to be had. Never raises for a failing handler."""
    job = claim(job_id)
    if job is None:
        return False
    try:
        with origin.of(origin.Origin(request_id=f"job_{job.pk}")):
            _work(job)
    except LeaseLost:
        log.warning("job %s lost its lease", job)
        return False
    except RetryLater as later:
        _release(job, later.seconds, str(later))
    except Exception:
        log.exception("job %s failed", job)
        _release(job, _back_off(job.attempts), traceback.format_exc(limit=-3))
    return True


def _work(job: Job) -> None:
    effect = _registered(job.name).handler(*job.arguments)
    with transaction.atomic():
        close(job)
        if effect is not None:
            effect()


def claim(job_id: int) -> Job | None:
    """Take the lease by one conditional update; the number of rows changed says who won."""
    now = timezone.now()
    name = Job.objects.filter(pk=job_id).values_list("name", flat=True).first()
    if name is None:
        return None
    token = uuid.uuid4()
    lease = timedelta(seconds=_registered(name).lease_seconds)
    taken = (
        _claimable(now)
        .filter(pk=job_id)
        .update(
            lease_token=token,
            lease_until=now + lease,
            attempts=F("attempts") + 1,
            started_at=Coalesce(F("started_at"), now),
        )
    )
    return Job.objects.get(pk=job_id) if taken else None


def close(job: Job) -> None:
    """Mark the job done if this run still holds the lease; raises LeaseLost otherwise. Call inside a transaction."""
    closed = Job.objects.filter(pk=job.pk, state=Job.State.DUE, lease_token=job.lease_token).update(
        state=Job.State.DONE, closed_at=timezone.now(), last_error=""
    )
    if not closed:
        raise LeaseLost(str(job))


def sweep(*, worker: str) -> int:
    """Nudge due jobs nobody has been told of lately, start periodic ones, leave a pulse; returns the nudges sent.

    Each process looks after its own lanes: over a memory broker nobody else hears it. The prober starts no periodic
    jobs.
    """
    now = timezone.now()
    WorkerPulse.objects.update_or_create(worker=worker, defaults={"seen_at": now})
    if settings.ROLE != "prober":
        _start_periodic(now)
    stale = Q(nudged_at__isnull=True) | Q(nudged_at__lt=now - _NUDGE_AGAIN_AFTER)
    due = list(
        _claimable(now).filter(stale, lane__in=settings.WORKER_LANES).order_by("due_at", "id")[:_NUDGES_PER_SWEEP]
    )
    Job.objects.filter(pk__in=[job.pk for job in due]).update(nudged_at=now)
    for job in due:
        _send(job)
    return len(due)


def forget_nudges() -> None:
    """After a worker started with an empty memory broker: whatever it was told before is gone."""
    Job.objects.filter(state=Job.State.DUE, lane__in=settings.WORKER_LANES).update(nudged_at=None)


def forget_done(name: str, *, before: datetime) -> int:
    """Delete the done jobs called `name` that were closed before that aware moment; returns how many."""
    return Job.objects.filter(name=name, state=Job.State.DONE, closed_at__lt=before).delete()[0]


def _claimable(now: datetime) -> Any:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    return Job.objects.filter(free, state=Job.State.DUE, due_at__lte=now)


def _start_periodic(now: datetime) -> None:
    known = dict(Schedule.objects.values_list("name", "next_at"))
    for name, (every, function) in PERIODIC.items():
        if name not in known:
            Schedule.objects.get_or_create(name=name, defaults={"next_at": now})
        elif known[name] > now:
            continue
        with transaction.atomic():
            following = now + timedelta(seconds=every)
            if Schedule.objects.filter(name=name, next_at__lte=now).update(next_at=following):
                function()


def _nudge(job: Job) -> None:
    if settings.CELERY_TASK_ALWAYS_EAGER:
        discover()
        run(job.pk)
    elif settings.REDIS_URL:
        _send(job)
        Job.objects.filter(pk=job.pk, nudged_at=None).update(nudged_at=timezone.now())


def _send(job: Job) -> None:
    """By name: a process that only enqueues must not import the handlers, which reach the CA keys."""
    try:
        current_app.send_task("jobs.run", args=[job.pk], queue=job.lane)
    except Exception as error:  # the broker may be away: the sweep repairs
        log.warning("nudge for %s not sent: %s", job, error)


def _registered(name: str) -> Registered:
    if name not in HANDLERS:
        discover()
    return HANDLERS[name]


def _back_off(attempts: int) -> float:
    return _BACK_OFF_SECONDS[min(attempts, len(_BACK_OFF_SECONDS)) - 1]


def _release(job: Job, seconds: float, reason: str) -> None:
    held = Job.objects.filter(pk=job.pk, state=Job.State.DUE, lease_token=job.lease_token)
    if job.attempts >= job.max_attempts:
        held.update(state=Job.State.FAILED, closed_at=timezone.now(), last_error=reason)
        return
    later = timezone.now() + timedelta(seconds=seconds)
    try:
        with transaction.atomic():
            held.update(lease_token=None, lease_until=None, due_at=later, nudged_at=None, last_error=reason)
    except IntegrityError:  # a newer job waits under the same key and will do the work
        held.update(state=Job.State.DONE, closed_at=timezone.now(), last_error=f"superseded; {reason}")
