"""One press has the server looked at; the page says so until the new report is there, and then shows it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.audit import services as audit
from testenv.internet import zone
from tests.cast import browser_of
from tests.whitelist.conftest import URL, approve
from whitelist import looks, probing
from whitelist.models import Probe, Review


def press(who, application):
    return browser_of(who).post(reverse("review:application-recheck", args=[application.public_id]), follow=True)


def fragment(who, application, seen):
    address = reverse("review:application-look", args=[application.public_id])
    return browser_of(who).get(address, {"seen": seen}).content.decode()


def test_one_press_orders_the_look_and_judges_nothing_old(submitted, cast):
    report = submitted.current_revision.latest_report
    page = press(cast.reiko, submitted).content.decode()
    assert Probe.objects.filter(state="asked", reason="review").count() == 1
    assert submitted.current_revision.latest_report == report
    assert "サーバを確認しています" in page
    assert f'data-stage="{report.number}"' in page
    assert reverse("review:application-look", args=[submitted.public_id]) in page
    assert reverse("review:application-recheck", args=[submitted.public_id]) not in page  # asked already
    press(cast.renji, submitted)
    assert Probe.objects.filter(state="asked").count() == 1
    assert audit.history(submitted).filter(action="application.look_asked").count() == 2
    assert "data-live=" in fragment(cast.reiko, submitted, report.number)


def test_the_page_is_told_when_the_new_report_is_there(submitted, cast, commit, internet):
    before = submitted.current_revision.latest_report.number
    with commit():
        press(cast.reiko, submitted)
    after = submitted.current_revision.latest_report.number
    assert after == before + 1
    told = fragment(cast.reiko, submitted, before)
    assert "新しい検査報告ができました" in told
    assert f'data-stage="{after}"' in told
    assert "data-live=" not in told
    page = browser_of(cast.reiko).get(reverse("review:application-detail", args=[submitted.public_id]))
    assert page.context["report"].number == after
    assert 'id="look"' not in page.content.decode()


def test_another_result_voids_the_first_approval(submitted, cast, now, commit, internet):
    approve(submitted, cast.reiko, now)
    zone.set_host(internet.zone_file, "bank.example.jp", "expired")
    with commit():
        press(cast.renji, submitted)
    submitted.refresh_from_db()
    assert submitted.state == "in_review"
    assert Review.objects.get().void_reason == "review.binding_changed"


@pytest.mark.parametrize(("minutes", "words"), [(0, "前回のもの"), (20, "順番は"), (-1, "時間がかかって")])
def test_what_is_waited_for_is_said(submitted, cast, now, minutes, words):
    probe = probing.ask(URL.encode(), reason="review", at=now)
    turn = now + timedelta(minutes=minutes)
    Probe.objects.filter(pk=probe.pk).update(due_at=turn, asked_at=min(turn, now))
    assert words in fragment(cast.reiko, submitted, 1)


def test_a_look_that_never_became_a_report_is_not_waited_for_for_ever(submitted, now):
    Probe.objects.update(looked_at=now + timedelta(seconds=1))
    reported = submitted.current_revision.latest_report.created_at
    soon, late = (looks.awaited(URL.encode(), since=reported, at=now + timedelta(minutes=n)) for n in (1, 3))
    assert soon is not None
    assert late is None
