"""Reviewers and operators come from a command, never from a form."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.models import AuditEvent
from tests import cast

pytestmark = pytest.mark.django_db


def appoint(email, role):
    out = StringIO()
    call_command("appoint", email, "--role", role, stdout=out)
    return out.getvalue()


def test_embedded_prints_a_password_that_works():
    password = appoint("Reiko@example.jp", "reviewer").split("Password: ")[1].strip()
    user = User.objects.get()
    assert (user.email, user.role) == ("reiko@example.jp", "reviewer")
    answer = Client().post(reverse("account_login"), {"login": user.email, "password": password})
    assert answer.url == "/home/"
    assert not mail.outbox


def test_elsewhere_the_person_sets_a_password_by_a_code(settings):
    settings.EMBEDDED = False
    settings.SITE_URL = "https://portal.example.go.jp"
    appoint("reiko@example.jp", "reviewer")
    assert "https://portal.example.go.jp/accounts/password/reset/" in mail.outbox[0].body
    assert not User.objects.get().has_usable_password()

    client = Client()
    answer = client.post(reverse("account_reset_password"), {"email": "reiko@example.jp"})
    answer = client.post(answer.url, {"code": cast.code_in(mail.outbox[1])})
    new = {"password1": cast.PASSWORD, "password2": cast.PASSWORD}
    client.post(answer.url, new)
    assert User.objects.get().check_password(cast.PASSWORD)


def test_a_known_person_changes_role_once():
    cast.osamu()
    assert "is now reviewer" in appoint("osamu@example.jp", "reviewer")
    assert "already" in appoint("osamu@example.jp", "reviewer")
    event = AuditEvent.objects.get(action="person.appointed")
    assert event.details == {"role": "reviewer", "before": "operator"}


def test_a_wrong_address_makes_nobody():
    with pytest.raises(CommandError, match="not an e-mail address"):
        appoint("reiko", "reviewer")
    assert not User.objects.exists()
