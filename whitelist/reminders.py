"""Telling the desk, once each, that an application has used 50, 80 or 100 % of the standard processing period."""

from datetime import datetime

from django.db import transaction

from portal.audit import services as audit
from portal.jobs import services as jobs
from whitelist import deadlines
from whitelist.applications import lock
from whitelist.models import Application
from whitelist.policy.legal_clock import warning_reached


def remind(at: datetime) -> int:
    """Ask for the mails that are due at `at` (aware); how many applications they are about."""
    found = [(application, warning_reached(clock.per_cent)) for application, clock in deadlines.running(at)]
    return sum(_remind(application, step) for application, step in found if step > application.warned_at_per_cent)


@transaction.atomic
def _remind(application: Application, per_cent: int) -> bool:
    """The row's version stays: a reminder changes nothing about the case that a reviewer is looking at."""
    locked = lock(application)
    if locked.warned_at_per_cent >= per_cent or locked.status not in deadlines.OPEN:
        return False
    before, after = {"per_cent": locked.warned_at_per_cent}, {"per_cent": per_cent}
    Application.objects.filter(pk=locked.pk).update(warned_at_per_cent=per_cent)
    jobs.enqueue(
        "whitelist.warn_desk",
        locked.pk,
        per_cent,
        lane="mail",
        key=f"whitelist.warn_desk:{locked.public_id}:{per_cent}",
    )
    audit.record("application.deadline_near", locked, by="workflow", before=before, after=after)
    return True
