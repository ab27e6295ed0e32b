"""The demonstration's people stand on the embedded log-in page, with a code that works."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people_file(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "demo_people.json"


def write(path, user):
    row = {
        "name": user.name,
        "role": "owner",
        "email": user.email,
        "password": cast.PASSWORD,
        "totp_secret": cast.TOTP_SECRET,
    }
    path.write_text(json.dumps([row]), encoding="utf-8")


def test_whoever_reads_the_page_can_log_in_with_both_factors(people_file):
    write(people_file, cast.hanako())
    client = Client()
    page = client.get(reverse("account_login"))
    (person,) = page.context["demo_people"]
    assert person["password"] in page.content.decode()
    client.post(reverse("account_login"), {"login": person["email"], "password": person["password"]})
    second = client.get(reverse("mfa_authenticate"))
    (person,) = second.context["demo_people"]
    assert person["code"] in second.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": person["code"]}).url == "/home/"


def test_no_file_no_people(people_file):
    page = Client().get(reverse("account_login"))
    assert page.status_code == 200
    assert "demo-people" not in page.content.decode()


@pytest.mark.parametrize("content", ["[{", '[{"name": "Hanako"}]', '{"a": 1}'])
def test_a_broken_file_does_not_break_the_log_in(people_file, content):
    people_file.write_text(content, encoding="utf-8")
    assert Client().get(reverse("account_login")).status_code == 200


def test_no_other_page_carries_them(people_file):
    write(people_file, cast.hanako())
    assert "demo_people" not in Client().get(reverse("account_signup")).context
