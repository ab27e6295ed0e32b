"""Sources of revocation lists that an operator should look at, before judgements have to be put off and not after.

An alarm is derived anew every minute from what stands in the rows, and told in the worker's log, a line for each kind.
That it began and that it ended is kept, and mailed to the operators once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from portal.environments import services as environments
from portal.jobs import services as jobs
from verifier.models import CrlSnapshot, DistributionPoint, SourceAlarm

_log = logging.getLogger(__name__)

# One failure may be a restart; three in a row are not.
FAILURES = 3
# Of the time from thisUpdate to nextUpdate. A daily list that nobody replaced in the last six hours is late.
LATE_AFTER = 0.75
_NAMED_AT_MOST = 5


class Alarm(StrEnum):
    """What is wrong with a source; `MISSING` and `STALE` already put judgements off."""

    MISSING = "list.missing"
    STALE = "list.stale"
    GOING_STALE = "list.going_stale"
    FAILING = "list.failing"


def sounding() -> Iterator[tuple[Alarm, DistributionPoint]]:
    """Every source in use with the worst that can be said of it."""
    current = {each.point_id: each for each in CrlSnapshot.objects.filter(is_current=True).defer("der").order_by("id")}
    for point in DistributionPoint.objects.in_use().select_related("anchor__environment").order_by("id"):
        alarm = _of(point, current.get(point.pk), environments.now(point.anchor.environment))
        if alarm is not None:
            yield alarm, point


def tell() -> None:
    """One line in the log for each kind of alarm that sounds."""
    found: dict[Alarm, list[DistributionPoint]] = defaultdict(list)
    for alarm, point in sounding():
        found[alarm].append(point)
    for alarm, points in found.items():
        named = "; ".join(f"{point.pk} {point.label} {point.last_error}".strip() for point in points[:_NAMED_AT_MOST])
        _log.error("%s: %d sources of revocation lists: %s", alarm, len(points), named)


def note() -> None:
    """Write down which alarms began and which ended since the last look, and have the operators told: one mail for all
    of them. Call it in a transaction.
    """
    at = timezone.now()
    now = {point.pk: alarm for alarm, point in sounding()}
    ended = [each.pk for each in open_ones() if now.get(each.point_id) != each.alarm]
    SourceAlarm.objects.filter(pk__in=ended).update(ended_at=at)
    known = set(open_ones().values_list("point_id", flat=True))
    began = [SourceAlarm(point_id=pk, alarm=alarm, began_at=at) for pk, alarm in now.items() if pk not in known]
    SourceAlarm.objects.bulk_create(began)
    if began or ended:
        jobs.enqueue("verifier.mail_alarms", [row.pk for row in began], ended, lane="mail")


def open_ones() -> QuerySet[SourceAlarm]:
    """The alarms that have not ended."""
    return SourceAlarm.objects.filter(ended_at=None).order_by("id")


def waiting(person: Any) -> int:
    """How many sources want an operator's look."""
    return open_ones().count() if person.is_operator else 0


def _of(point: DistributionPoint, current: CrlSnapshot | None, at: datetime) -> Alarm | None:
    if current is None:
        # A source that was just entered has not been asked yet.
        return Alarm.MISSING if point.failures or not point.url else None
    if at > current.next_update:
        return Alarm.STALE
    if at > current.this_update + LATE_AFTER * (current.next_update - current.this_update):
        return Alarm.GOING_STALE
    return Alarm.FAILING if point.failures >= FAILURES else None
