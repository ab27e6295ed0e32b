"""A person sees where they are logged in and ends it; a change of password or second factor ends all the others."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.accounts import sessions
from portal.templatetags.devices import device
from tests import cast

pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Safari/604.1"
LIST = "/accounts/sessions/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def hanako():
    return cast.hanako()


def browser(user, agent=WINDOWS):
    """Logged in, and seen once."""
    client = cast.browser_of(user)
    client.defaults["HTTP_USER_AGENT"] = agent
    assert is_in(client)
    return client


def is_in(client):
    return client.get(LIST).status_code == 200


def really_log_in(user):
    """By password and code, so that both factors have just been shown."""
    client, proof = Client(), cast.proof(user)
    client.post("/accounts/login/", {"login": user.email, "password": cast.PASSWORD})
    assert client.post("/accounts/2fa/authenticate/", {"code": proof["fresh-code"]}).url == "/home/"
    return client


def test_each_session_stands_there_with_its_device(hanako):
    desk, phone = browser(hanako), browser(hanako, IPHONE)
    page = desk.get(LIST).content.decode()
    assert "Chrome, Windows" in page
    assert "Safari, iPhone" in page
    assert page.count('<span class="sub">このブラウザ</span>') == 1
    assert is_in(phone)


def test_one_is_ended_and_the_other_goes_on(hanako):
    desk, phone = browser(hanako), browser(hanako, IPHONE)
    row = UserSession.objects.get(user_agent=IPHONE)
    assert desk.post(f"/account/sessions/{row.pk}/end/").url == LIST
    assert is_in(desk)
    assert not is_in(phone)


def test_all_others_are_ended(hanako):
    desk, phone = browser(hanako), browser(hanako, IPHONE)
    desk.post(LIST)
    assert is_in(desk)
    assert not is_in(phone)


def test_a_stranger_s_session_is_not_found(hanako):
    browser(hanako)
    row = UserSession.objects.get()
    assert browser(cast.jiro()).post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_the_last_use_is_written_every_few_minutes_and_not_with_each_page(hanako):
    desk = browser(hanako)
    earlier = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=earlier)
    desk.get(LIST)
    assert UserSession.objects.get().last_seen_at == earlier
    session = desk.session
    session["seen_at"] -= sessions.SEEN_EVERY.total_seconds() + 1
    session.save()
    desk.get(LIST)
    assert UserSession.objects.get().last_seen_at > earlier


def test_a_changed_password_ends_the_others(hanako):
    elsewhere, here = browser(hanako), really_log_in(hanako)
    new = "another horse battery staple"
    answer = here.post("/accounts/password/change/", {"oldpassword": cast.PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_removed_second_factor_ends_the_others(hanako):
    elsewhere, here = browser(hanako), really_log_in(hanako)
    code = cast.proof(hanako)["fresh-code"]
    here.post("/accounts/2fa/reauthenticate/?next=/accounts/2fa/", {"code": code})
    assert here.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=hanako, type="totp").exists()
    assert not is_in(elsewhere)
    assert here.get("/organisation/").url == "/accounts/2fa/totp/activate/"  # still logged in, and asked for a new one


def test_a_reset_password_ends_them_all(hanako):
    elsewhere = browser(hanako)
    sessions.end_all(hanako)
    assert not is_in(elsewhere)


def test_a_session_ends_after_eight_hours(hanako):
    desk = browser(hanako)
    assert desk.session.get_expiry_age() <= 8 * 3600


# A stolen cookie: the session, without password and second factor. Its log-in lies some time back.


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/recovery-codes/",
        "/accounts/2fa/recovery-codes/download/",
    ],
)
def test_a_stolen_cookie_changes_no_factor_and_reads_no_code(hanako, address):
    thief = browser(hanako)
    before = list(Authenticator.objects.order_by("pk").values_list("pk", "data"))
    assert thief.get(address).url.startswith("/accounts/reauthenticate/")
    assert thief.post(address).status_code in {302, 405}
    assert list(Authenticator.objects.order_by("pk").values_list("pk", "data")) == before


def test_the_password_alone_confirms_no_access(hanako):
    """Whoever stole a cookie and knows the password still lacks the second factor."""
    thief = browser(hanako)
    for ask in (thief.get, thief.post):
        answer = ask("/accounts/reauthenticate/?next=/accounts/2fa/totp/deactivate/", {"password": cast.PASSWORD})
        assert answer.url.startswith("/accounts/2fa/reauthenticate/")
    assert thief.get("/accounts/2fa/totp/deactivate/").url.startswith("/accounts/reauthenticate/")


def test_a_fresh_log_in_changes_no_factor_without_a_fresh_code(hanako):
    thief = really_log_in(hanako)
    assert thief.get("/accounts/2fa/totp/deactivate/").url.startswith("/accounts/reauthenticate/")


def test_a_stolen_cookie_changes_no_password(hanako):
    thief = browser(hanako)
    new = "another horse battery staple"
    thief.post("/accounts/password/change/", {"oldpassword": "guess", "password1": new, "password2": new})
    hanako.refresh_from_db()
    assert hanako.check_password(cast.PASSWORD)


def test_a_stolen_cookie_of_staff_proposes_and_takes_away_nothing():
    osamu, reiko = cast.osamu(), cast.reiko()
    cast.person("Sanae", "operator")
    thief = browser(osamu)
    thief.post("/staff/grants/propose/", {"email": "x@example.jp", "name": "X", "role": "operator", "reason": "r"})
    thief.post(f"/staff/people/{reiko.pk}/revoke/", {"reason": "r"})
    reiko.refresh_from_db()
    assert reiko.role == "reviewer"
    assert "x@example.jp" not in thief.get("/staff/grants/").content.decode()


def test_a_session_that_never_showed_the_second_factor_is_none(hanako):
    half = Client()
    half.post("/accounts/login/", {"login": hanako.email, "password": cast.PASSWORD})
    assert half.get(LIST).url.startswith("/accounts/login/")
    assert half.get("/staff/").url.startswith("/accounts/login/")


# Guessing


def test_wrong_passwords_are_slowed_down_and_then_even_the_right_one_waits(hanako):
    guesser = Client()
    for _ in range(5):
        guesser.post("/accounts/login/", {"login": hanako.email, "password": "guess"})
    answer = guesser.post("/accounts/login/", {"login": hanako.email, "password": cast.PASSWORD})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_wrong_codes_are_slowed_down(hanako):
    guesser = Client()
    guesser.post("/accounts/login/", {"login": hanako.email, "password": cast.PASSWORD})
    for _ in range(5):
        guesser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    answer = guesser.post("/accounts/2fa/authenticate/", {"code": cast.proof(hanako)["fresh-code"]})
    assert answer.status_code == 200


def test_devices_have_names():
    assert device("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0") == "Edge, Windows"
    assert device("curl/8.0") == "ほかのブラウザ, ほかのOS"
