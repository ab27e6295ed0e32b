"""Alarms are written down and mailed once; operators see every source and fetch a list again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from portal.jobs.models import Job
from tests import cast
from tests.verifier.bench import HOUR, NOW, Bench, a_bench
from verifier import alarms, tasks
from verifier.alarms import Alarm
from verifier.models import CrlSnapshot, DistributionPoint, SourceAlarm

pytestmark = pytest.mark.django_db
PAGE = "/revocation-lists/"


@pytest.fixture
def bench() -> Bench:
    return a_bench()


def look() -> None:
    """What the worker does each minute, its effect and the mail included."""
    tasks.tend_lists()()
    for job in Job.objects.filter(name="verifier.mail_alarms").order_by("id"):
        tasks.mail_alarms(*job.arguments)
        job.delete()


def window(begun: timedelta, ends: timedelta) -> None:
    CrlSnapshot.objects.update(this_update=NOW - begun, next_update=NOW + ends)


def test_an_alarm_is_mailed_when_it_begins_and_when_it_ends_and_not_in_between(bench: Bench) -> None:
    osamu = cast.osamu()
    window(19 * HOUR, 5 * HOUR)
    look()
    look()
    assert [(letter.to, bench.point.label in letter.body) for letter in mail.outbox] == [([osamu.email], True)]
    assert "失効リストの期限が近づいています" in mail.outbox[0].body
    window(HOUR, 23 * HOUR)
    look()
    look()
    assert len(mail.outbox) == 2
    assert "次の状態は解消しました。" in mail.outbox[1].body
    assert SourceAlarm.objects.get().ended_at is not None


def test_a_list_that_goes_from_late_to_stale_is_told_anew(bench: Bench) -> None:
    cast.osamu()
    window(19 * HOUR, 5 * HOUR)
    look()
    window(25 * HOUR, -HOUR)
    look()
    assert [row.alarm for row in SourceAlarm.objects.order_by("id")] == [Alarm.GOING_STALE, Alarm.STALE]
    assert [row.alarm for row in alarms.open_ones()] == [Alarm.STALE]
    assert "検証は保留になっています" in mail.outbox[1].body


def test_many_sources_are_one_mail_that_names_ten(bench: Bench) -> None:
    cast.osamu()
    DistributionPoint.objects.bulk_create(
        DistributionPoint(
            anchor=bench.point.anchor,
            dp_name=b"",
            dp_name_digest=str(n),
            label=f"{n} CRLDP",
            next_refresh_at=NOW,
            failures=1,
        )
        for n in range(25)
    )
    look()
    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.split("Please look")[0].count("CRLDP") == 10
    assert "ほか15件" in mail.outbox[0].body


def test_the_page_opens_with_what_wants_a_look(bench: Bench) -> None:
    browser = cast.browser_of(cast.osamu())
    assert "正常" in browser.get(PAGE).content.decode()
    window(25 * HOUR, -HOUR)
    DistributionPoint.objects.update(failures=4, last_error="fetch.timeout")
    look()
    html = browser.get(PAGE).content.decode()
    assert "失効リストの期限が過ぎ、検証は保留になっています" in html
    assert "4回連続" in html
    assert '<span class="count-bubble">1</span>' in html


def test_a_source_is_found_by_its_environment(bench: Bench) -> None:
    browser = cast.browser_of(cast.osamu())
    found = browser.get(PAGE, {"q": bench.environment.public_id}).content.decode()
    assert bench.point.label in found
    assert "該当する取得元はありません。" in browser.get(PAGE, {"q": "nowhere\0"}).content.decode()


def test_one_press_fetches_a_list_again(bench: Bench) -> None:
    Job.objects.all().delete()
    browser = cast.browser_of(cast.osamu())
    answer: Any = browser.post(reverse("sources:source-fetch", args=[bench.point.pk]), follow=True)
    assert "失効リストの取得を始めました。" in answer.content.decode()
    assert Job.objects.filter(name="verifier.refresh_crl", arguments=[bench.point.pk]).exists()


def test_a_source_that_is_gone_cannot_be_fetched() -> None:
    assert cast.browser_of(cast.osamu()).post(reverse("sources:source-fetch", args=[4711])).status_code == 404


def test_without_any_source_the_page_says_where_they_come_from() -> None:
    assert "取得元はまだありません。" in cast.browser_of(cast.osamu()).get(PAGE).content.decode()
