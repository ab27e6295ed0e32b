"""A contact counts when somebody there pressed the button behind a mailed link."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import browser_of
from whitelist import contacts
from whitelist.models import ContactConfirmation
from whitelist.refusals import Refused

EMAIL = "Incidents@bank.example.jp"


@pytest.fixture
def link(cast, now, commit, mailoutbox):
    with commit():
        contacts.ask(cast.bank, email=EMAIL, by=cast.hanako, at=now)
    (mail,) = mailoutbox
    assert mail.to == ["incidents@bank.example.jp"]
    assert "7日以内" in mail.body
    assert "within seven days" in mail.body
    return re.search(r"http://localhost:8000(/whitelist/contacts/\S+/)", mail.body)[1]


def test_a_scanner_that_opens_the_link_confirms_nothing(cast, now, link):
    for _ in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert contacts.confirmed(cast.bank, EMAIL, at=now) is None
    assert contacts.waiting(cast.bank, EMAIL, at=now) is not None


def test_the_button_confirms_for_a_year_and_for_that_organisation_alone(cast, now, link):
    answer = Client().post(link, follow=True)
    assert "確認しました" in answer.content.decode()
    until = contacts.confirmed(cast.bank, "incidents@BANK.example.jp", at=now)
    assert until is not None
    assert until - now >= contacts.VALID_FOR
    assert contacts.confirmed(cast.bank, EMAIL, at=until) is None
    assert contacts.confirmed(cast.other, EMAIL, at=now) is None
    assert contacts.waiting(cast.bank, EMAIL, at=now) is None


def test_pressing_twice_moves_nothing(cast, now, link):
    Client().post(link)
    first = _asked().get().confirmed_at
    Client().post(link)
    assert _asked().get().confirmed_at == first


def _asked():
    return ContactConfirmation.objects.filter(email=EMAIL.lower())


def test_an_old_or_forged_link_is_not_found(cast, now, link):
    _asked().update(asked_at=now - contacts.LINK_LIFETIME)
    assert Client().post(link).status_code == 404
    assert Client().get("/whitelist/contacts/forged:x:y/").status_code == 404
    assert _asked().get().confirmed_at is None


def test_nobody_s_mailbox_is_flooded(cast, now):
    contacts.ask(cast.bank, email=EMAIL, by=cast.hanako, at=now)
    with pytest.raises(Refused, match=r"contact\.asked_just_now"):
        contacts.ask(cast.bank, email=EMAIL, by=cast.taro, at=now + timedelta(seconds=59))
    for minutes in range(1, contacts.MAILS_A_DAY):
        contacts.ask(cast.bank, email=EMAIL, by=cast.hanako, at=now + timedelta(minutes=minutes))
    with pytest.raises(Refused, match=r"contact\.asked_too_often"):
        contacts.ask(cast.bank, email=EMAIL, by=cast.hanako, at=now + timedelta(hours=1))


def test_the_page_asks_for_no_log_in_and_shows_no_more_than_the_mail(cast, link):
    page = browser_of(cast.jiro).get(link).content.decode()
    assert "incidents@bank.example.jp" in page
    assert cast.hanako.email not in page
