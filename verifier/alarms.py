"""Sources of revocation lists that an operator should look at, before judgements have to be put off and not after.

An alarm is derived anew every minute from what stands in the rows, and told in the worker's log, a line for each kind.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from portal.environments import services as environments
from verifier.models import CrlSnapshot, DistributionPoint

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


def _of(point: DistributionPoint, current: CrlSnapshot | None, at: datetime) -> Alarm | None:
    if current is None:
        # A source that was just entered has not been asked yet.
        return Alarm.MISSING if point.failures or not point.url else None
    if at > current.next_update:
        return Alarm.STALE
    if at > current.this_update + LATE_AFTER * (current.next_update - current.this_update):
        return Alarm.GOING_STALE
    return Alarm.FAILING if point.failures >= FAILURES else None
