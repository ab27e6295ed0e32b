"""Whoever's account is used at a new browser, or by a recovery code, or changes, hears of it by mail."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client, TestCase

from portal.accounts import devices, notices, services
from portal.audit.models import AuditEvent
from tests import cast


class Browser(Client):
    """Each request commits, so that what it asked of the workers is done when it is answered."""

    def request(self, **request):
        with TestCase.captureOnCommitCallbacks(execute=True):
            return super().request(**request)


pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
NEW = "新しいブラウザからのログイン / Log-in from a new browser"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    mail.outbox.clear()


@pytest.fixture
def hanako():
    """Has logged in somewhere before: the very first browser is nobody's news."""
    user = cast.hanako()
    cast.browser_of(user)
    return user


def log_in(user, client=None, **answers):
    client = client or Browser(headers={"user-agent": WINDOWS})
    client.post("/accounts/login/", {"login": user.email, "password": answers.get("password", cast.PASSWORD)})
    code = answers.get("code") or cast.proof(user)["fresh-code"]
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    return client


def log_out(client):
    client.post("/accounts/logout/")
    return client


def subjects():
    return [message.subject for message in mail.outbox]


# New browsers


def test_a_new_browser_is_told_of_with_moment_and_kind_and_a_way_out(hanako):
    log_in(hanako)
    assert subjects() == [NEW]
    body = mail.outbox[0].body
    assert mail.outbox[0].to == [hanako.email]
    assert re.search(r"日時：\d{4}年\d+月\d+日\s*\d\d:\d\d（日本時間）", body)
    assert "端末：Chrome, Windows" in body
    assert "/accounts/password/reset/" in body
    assert "127.0.0.1" not in body
    assert "Mozilla" not in body


def test_the_same_browser_is_not_told_of_again(hanako):
    client = log_out(log_in(hanako))
    mail.outbox.clear()
    log_in(hanako, client)
    assert not subjects()


def test_the_trail_says_that_it_was_new_and_nothing_of_the_browser(hanako):
    log_in(hanako)
    event = AuditEvent.objects.get(action="person.new_device")
    assert (event.actor, event.details) == (hanako, {})


def test_the_very_first_log_in_is_no_news():
    jiro = cast.jiro()
    assert jiro.last_login is None
    client = log_in(jiro)
    assert not subjects()
    log_in(jiro, log_out(client))
    assert not subjects()


def test_another_person_s_browser_is_new_to_me_and_afterwards_both_of_ours(hanako):
    taro = cast.taro()
    client = log_out(log_in(hanako))
    mail.outbox.clear()
    log_in(taro, client)
    log_out(client)
    mail.outbox.clear()
    log_in(hanako, client)
    log_out(client)
    log_in(taro, client)
    assert not subjects()


@pytest.mark.parametrize("value", ["", "1:0", "1:0:forged", "\udcff", "x" * 5000])
def test_a_mark_that_is_not_ours_counts_for_nothing(hanako, value):
    client = Browser(headers={"user-agent": WINDOWS})
    client.cookies[devices.COOKIE] = value.replace("\udcff", "%ff")
    log_in(hanako, client)
    assert subjects() == [NEW]


def test_when_everything_else_ends_other_browsers_are_new_and_this_one_is_not(hanako):
    here, elsewhere = log_in(hanako), log_in(hanako)
    new = "another horse battery staple"
    here.post("/accounts/password/change/", {"oldpassword": cast.PASSWORD, "password1": new, "password2": new})
    mail.outbox.clear()
    log_in(hanako, log_out(here), password=new)
    assert not subjects()
    log_in(hanako, elsewhere, password=new)
    assert subjects() == [NEW]


def test_the_mail_comes_in_the_person_s_language(hanako):
    services.describe_oneself(hanako, name="Hanako", language="en", by=hanako)
    log_in(hanako)
    assert subjects() == ["Log-in from a new browser"]
    assert "日時" not in mail.outbox[0].body
    assert "With: Chrome, Windows" in mail.outbox[0].body


def test_a_closed_account_gets_no_mail(hanako):
    hanako.is_active = False
    hanako.save(update_fields=["is_active"])
    assert notices.send(hanako.pk, "new_device", {"at": "2026-11-24T00:00:00+00:00", "browser": "", "system": ""}) == 0


# Recovery codes


def code_of(user):
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]


def test_a_used_code_is_told_of_with_how_many_are_left(hanako):
    log_in(hanako, code=code_of(hanako))
    body = next(message.body for message in mail.outbox if "リカバリーコードが使われました" in message.subject)
    assert "残りは9個です" in body
    assert "9 codes are left" in body
    assert AuditEvent.objects.get(action="person.recovery_code_used").after == {"left": 9}


def test_a_code_used_to_confirm_an_act_is_told_of_too():
    osamu = cast.osamu()
    asked = {"email": "rin@example.jp", "name": "審査 凛", "role": "reviewer", "reason": "任命"}
    shown = {"fresh-password": cast.PASSWORD, "fresh-code": code_of(osamu)}
    client = Browser()
    client.force_login(osamu, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/staff/grants/propose/", {**asked, **shown})
    assert subjects() == ["リカバリーコードが使われました / A recovery code was used"]


def test_an_app_s_code_is_no_news(hanako):
    log_in(hanako)
    assert subjects() == [NEW]


# What changes


def test_changes_of_password_and_factors_are_told_of_without_address_or_full_agent(hanako):
    client = log_in(hanako)
    mail.outbox.clear()
    new = "another horse battery staple"
    client.post("/accounts/password/change/", {"oldpassword": cast.PASSWORD, "password1": new, "password2": new})
    client.post("/accounts/2fa/reauthenticate/?next=/accounts/2fa/", {"code": cast.proof(hanako)["fresh-code"]})
    client.post("/accounts/2fa/totp/deactivate/")
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert "端末：Chrome, Windows" in message.body
        assert "With: Chrome, Windows" in message.body
        assert "（日本時間）" in message.body
        assert "127.0.0.1" not in message.body
        assert "Mozilla" not in message.body
