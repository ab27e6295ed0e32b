"""An operator hears of a list that is late while it is still valid."""

import logging
from datetime import timedelta

import pytest

from tests.verifier.bench import HOUR, NOW, a_bench
from verifier import alarms, tasks
from verifier.alarms import Alarm
from verifier.models import CrlSnapshot, DistributionPoint

pytestmark = pytest.mark.django_db


def sounding() -> list[Alarm]:
    return [alarm for alarm, _ in alarms.sounding()]


def window(begun: timedelta, ends: timedelta) -> None:
    CrlSnapshot.objects.update(this_update=NOW - begun, next_update=NOW + ends)


def test_a_fresh_list_raises_none() -> None:
    a_bench()
    assert sounding() == []
    window(10 * HOUR, 14 * HOUR)
    assert sounding() == []


def test_a_list_in_its_last_quarter_is_late_and_then_stale() -> None:
    a_bench()
    window(19 * HOUR, 5 * HOUR)
    assert sounding() == [Alarm.GOING_STALE]
    window(25 * HOUR, -HOUR)
    assert sounding() == [Alarm.STALE]


def test_a_source_is_failing_from_the_third_time_on() -> None:
    a_bench()
    DistributionPoint.objects.update(failures=2)
    assert sounding() == []
    DistributionPoint.objects.update(failures=3)
    assert sounding() == [Alarm.FAILING]


def test_a_source_that_never_gave_a_list_is_missing_one() -> None:
    a_bench(with_list=False)
    assert sounding() == []
    DistributionPoint.objects.update(failures=1)
    assert sounding() == [Alarm.MISSING]


def test_the_worker_tells_it_in_its_log(caplog: pytest.LogCaptureFixture) -> None:
    bench = a_bench()
    window(25 * HOUR, -HOUR)
    DistributionPoint.objects.update(last_error="fetch.timeout", failures=4)
    with caplog.at_level(logging.ERROR, logger="verifier.alarms"):
        tasks.tend_lists()
    assert [record.getMessage() for record in caplog.records] == [
        f"list.stale: 1 sources of revocation lists: {bench.point.pk} {bench.point.label} fetch.timeout"
    ]


def test_a_source_of_a_distrusted_ca_is_nobodys_concern() -> None:
    bench = a_bench()
    window(25 * HOUR, -HOUR)
    bench.point.anchor.distrusted_at = NOW
    bench.point.anchor.save()
    assert sounding() == []
