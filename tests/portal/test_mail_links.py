"""No link in a mail comes from the Host header: SITE_URL only."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import cast

pytestmark = pytest.mark.django_db
FORGED = "evil.example.com"


@pytest.fixture(autouse=True)
def _any_host(settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://portal.example.go.jp"


def test_mail_about_a_known_address():
    user = cast.hanako()
    answers = {"name": "H", "email": user.email, "password1": cast.PASSWORD, "password2": cast.PASSWORD}
    Client(headers={"host": FORGED}).post(reverse("account_signup"), answers)
    assert_ours(mail.outbox[0], "https://portal.example.go.jp/accounts/password/reset/")


def test_mail_about_an_unknown_address():
    Client(headers={"host": FORGED}).post(reverse("account_reset_password"), {"email": "nobody@example.jp"})
    assert_ours(mail.outbox[0], "https://portal.example.go.jp/accounts/signup/")


def test_mail_with_the_sign_up_code():
    answers = {"name": "H", "email": "h@example.jp", "password1": cast.PASSWORD, "password2": cast.PASSWORD}
    Client(headers={"host": FORGED}).post(reverse("account_signup"), answers)
    assert_ours(mail.outbox[0], "https://portal.example.go.jp")


def assert_ours(message, link):
    assert link in message.body
    assert FORGED not in message.body + message.subject
