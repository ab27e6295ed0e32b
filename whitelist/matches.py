"""How often entries were found, as the TSMs say: kept per entry and hour, asked before an entry is removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, Sum
from django.db.models.functions import Greatest

from whitelist.models import Consumer, Entry, MatchCount

SILENT_AFTER = timedelta(hours=2)


def hour_of(moment: datetime) -> datetime:
    """The whole UTC hour that an aware moment lies in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def unknown_entries(consumer: Consumer, entry_ids: set[str]) -> set[str]:
    """Those of `entry_ids` that are not entries of the consumer's environment."""
    known = Entry.objects.filter(environment_id=consumer.environment_id, public_id__in=entry_ids)
    return entry_ids - set(known.values_list("public_id", flat=True))


@transaction.atomic
def record(consumer: Consumer, *, hour: datetime, counts: Mapping[str, int], at: datetime) -> None:
    """The consumer's counts for an hour so far. Sent again, or out of order, the larger figure stays."""
    for entry_id in sorted(counts):
        row, is_new = MatchCount.objects.get_or_create(
            consumer=consumer,
            entry_public_id=entry_id,
            hour=hour_of(hour),
            defaults={"count": counts[entry_id], "received_at": at},
        )
        if not is_new:
            larger = Greatest(F("count"), counts[entry_id])
            MatchCount.objects.filter(pk=row.pk).update(count=larger, received_at=at)
    Consumer.objects.filter(pk=consumer.pk).update(counted_at=at, seen_at=at)


@transaction.atomic
def count_one(consumer: Consumer, *, entry_id: str, at: datetime) -> None:
    """One match more, seen by this site's own stand-in."""
    row, is_new = MatchCount.objects.get_or_create(
        consumer=consumer, entry_public_id=entry_id, hour=hour_of(at), defaults={"count": 1, "received_at": at}
    )
    if not is_new:
        MatchCount.objects.filter(pk=row.pk).update(count=F("count") + 1, received_at=at)
    Consumer.objects.filter(pk=consumer.pk).update(counted_at=at)


@dataclass(frozen=True)
class Source:
    """Who tells the figures and when it last did; `is_silent` when that is too long ago to conclude anything."""

    name: str
    told_at: datetime | None
    is_silent: bool


@dataclass(frozen=True)
class Use:
    """How much an entry is used. last_hour: the last UTC hour with a match, None when none was ever told.

    per_day: matches of each of the last `len(per_day)` periods of 24 hours, oldest first. With no source, or a silent
    one, a zero means "not known" and not "not used".
    """

    last_hour: datetime | None
    per_day: tuple[int, ...]
    sources: tuple[Source, ...]


def use_of(entry: Entry, *, at: datetime, days: int = 7) -> Use:
    rows = MatchCount.objects.filter(entry_public_id=entry.public_id, count__gt=0)
    per_day = []
    for back in range(days, 0, -1):
        start = hour_of(at) - timedelta(days=back) + timedelta(hours=1)
        found = rows.filter(hour__gte=start, hour__lt=start + timedelta(days=1)).aggregate(total=Sum("count"))
        per_day.append(int(found["total"] or 0))
    last = rows.aggregate(last=Max("hour"))["last"]
    return Use(last, tuple(per_day), tuple(_sources(entry.environment_id, at)))


def _sources(environment_id: int, at: datetime) -> list[Source]:
    consumers = Consumer.objects.filter(environment_id=environment_id, revoked_at=None).exclude(confirmed_at=None)
    return [
        Source(each.name, each.counted_at, each.counted_at is None or at - each.counted_at > SILENT_AFTER)
        for each in consumers.order_by("name")
    ]
