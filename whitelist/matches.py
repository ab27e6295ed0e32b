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


def hours_of(entry: Entry, *, since: datetime) -> list[tuple[datetime, int]]:
    """(hour, matches of all consumers) from `since`, oldest first; hours without a match are not there."""
    rows = MatchCount.objects.filter(entry_public_id=entry.public_id, hour__gte=since, count__gt=0)
    return list(rows.values("hour").annotate(total=Sum("count")).order_by("hour").values_list("hour", "total"))


def last_hour_of(entry: Entry) -> datetime | None:
    """The beginning of the last hour in which a match was told, None when none ever was."""
    rows = MatchCount.objects.filter(entry_public_id=entry.public_id, count__gt=0)
    last: datetime | None = rows.aggregate(last=Max("hour"))["last"]
    return last


def sources(environment_id: int, *, at: datetime) -> list[Source]:
    """Who tells figures in the environment, by name. With none, or a silent one, a zero means "not known"."""
    consumers = Consumer.objects.filter(environment_id=environment_id, revoked_at=None).exclude(confirmed_at=None)
    return [
        Source(each.name, each.counted_at, each.counted_at is None or at - each.counted_at > SILENT_AFTER)
        for each in consumers.order_by("name")
    ]
