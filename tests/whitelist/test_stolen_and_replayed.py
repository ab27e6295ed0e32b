"""What a thief or a nervous finger sends to a decision: a stolen cookie, half a log-in, the same form again."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import PASSWORD, browser_of, proof
from tests.whitelist.conftest import approve, look_first, verdict
from tests.whitelist.test_pages import decision
from whitelist import applications, reviews
from whitelist.models import Application, Entry, Review

DECISIONS = (
    {"decision": "approve"},
    {"decision": "refuse", "criterion": "2-1", "message": "お断りします", "previewed": "1"},
    {"decision": "request_changes", "message": "見直してください", "previewed": "1"},
)


@pytest.fixture(autouse=True)
def _nothing_spent():
    cache.clear()


@pytest.fixture
def thief(cast):
    """Another browser on another machine, with the reviewer's session cookie and nothing else of theirs."""
    robbed = browser_of(cast.reiko)
    stolen = Client(headers={"user-agent": "curl/8.5.0"}, REMOTE_ADDR="203.0.113.9")
    stolen.cookies[settings.SESSION_COOKIE_NAME] = robbed.cookies[settings.SESSION_COOKIE_NAME].value
    assert stolen.get(reverse("review:queue")).status_code == 200  # it is a session: reading goes on until it ends
    return stolen


def address_of(application):
    return reverse("review:application-decide", args=[application.public_id])


def undecided(application):
    application.refresh_from_db()
    return not Review.objects.exists() and application.state == "submitted" and not Entry.objects.exists()


@pytest.mark.parametrize("said", DECISIONS, ids=lambda said: said["decision"])
def test_a_stolen_cookie_decides_nothing(thief, submitted, said):
    answer = thief.post(address_of(submitted), decision(submitted, **said))
    assert answer.templates[0].name == "accounts/fresh_log_in.html"
    assert undecided(submitted)


@pytest.mark.parametrize("guess", ["", "000000", "12345678"])
def test_a_stolen_cookie_and_the_password_decide_nothing(thief, submitted, guess):
    known = {"fresh-password": PASSWORD, "fresh-code": guess}
    assert thief.post(address_of(submitted), decision(submitted) | known).status_code == 422
    assert undecided(submitted)


def test_a_stolen_cookie_confirms_no_return_and_stops_nothing(thief, published):
    entry = published.live_entry
    stop = reverse("review:entry-suspend", args=[entry.public_id])
    answer = thief.post(stop, {"reason": "incident", "words": "…", "host": entry.host})
    assert answer.templates[0].name == "accounts/fresh_log_in.html"
    entry.refresh_from_db()
    assert entry.state == "live"


def test_half_a_log_in_is_none(submitted, cast):
    """The password is known, the second factor is not: neither the queue nor a decision opens."""
    half = Client()
    half.post("/accounts/login/", {"login": cast.reiko.email, "password": PASSWORD})
    assert half.get(reverse("review:queue")).url.startswith("/accounts/login/")
    for more in ({}, proof(cast.reiko)):
        answer = half.post(address_of(submitted), decision(submitted) | more)
        assert answer.url.startswith("/accounts/login/")
    assert undecided(submitted)


def test_the_very_same_request_again_counts_once(submitted, cast):
    sent, desk = decision(submitted) | proof(cast.reiko), browser_of(cast.reiko)
    assert desk.post(address_of(submitted), sent).status_code == 302
    again = desk.post(address_of(submitted), sent)
    assert again.templates[0].name == "accounts/fresh_log_in.html"  # its code has served
    assert Review.objects.count() == 1


def test_the_second_approval_again_makes_no_second_entry(submitted, cast, now, keys, commit):
    approve(submitted, cast.reiko, now)
    look_first(submitted, cast.renji, now)
    sent, desk = decision(submitted), browser_of(cast.renji)
    with commit():
        assert desk.post(address_of(submitted), sent | proof(cast.renji)).status_code == 302
        assert desk.post(address_of(submitted), sent | proof(cast.renji)).status_code == 409
    assert (Review.objects.count(), Entry.objects.count()) == (2, 1)


def test_an_old_approval_does_not_reach_the_new_revision(submitted, cast):
    """Reiko's page is open since yesterday; meanwhile a correction was asked for and sent."""
    now = timezone.now().replace(microsecond=0)
    old = decision(submitted)
    asked = verdict(submitted, "request_changes", message="見直してください")
    reviews.decide(submitted, verdict=asked, by=cast.renji, at=now)
    case = Application.objects.get(pk=submitted.pk)
    applications.submit(case, seen_version=case.version, by=cast.hanako, at=now)
    answer = browser_of(cast.reiko).post(address_of(submitted), old | proof(cast.reiko))
    assert answer.status_code == 409
    assert answer.context["not_recorded"]
    case.refresh_from_db()
    assert (case.state, case.revisions.count()) == ("submitted", 2)
    assert not Review.objects.filter(decision="approve").exists()


def test_an_old_approval_with_the_new_version_written_in_is_still_of_the_old_evidence(submitted, cast, now):
    """Whoever mends the number of the version by hand lacks the binding, and with both has seen the new evidence."""
    old = decision(submitted)
    asked = verdict(Application.objects.get(pk=submitted.pk), "request_changes", message="見直してください")
    reviews.decide(submitted, verdict=asked, by=cast.renji, at=now)
    case = Application.objects.get(pk=submitted.pk)
    applications.save_draft(
        case, content=case.draft | {"note": "直しました"}, seen_version=case.version, by=cast.hanako
    )
    case.refresh_from_db()
    applications.submit(case, seen_version=case.version, by=cast.hanako, at=now)
    case.refresh_from_db()
    forged = old | {"seen_version": case.version} | proof(cast.reiko)
    assert browser_of(cast.reiko).post(address_of(submitted), forged).status_code == 409
    assert not Review.objects.filter(decision="approve").exists()
