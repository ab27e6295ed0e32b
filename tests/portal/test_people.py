"""Operators find everybody with an account, close accounts and open them again; nobody their own."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.utils import timezone

from portal.accounts import people, recovery, recovery_mail, staff
from portal.accounts.models import AccountClosure, PersonRecovery, StaffGrant, User
from portal.accounts.people import Wanted
from portal.accounts.refusals import Refused
from portal.accounts.views import people as pages
from portal.audit.models import AuditEvent
from tests import cast, organisations

pytestmark = pytest.mark.django_db
LIST = "/staff/people/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    mail.outbox.clear()


@pytest.fixture
def hanako():
    return cast.hanako()


@pytest.fixture
def osamu():
    return cast.osamu()


@pytest.fixture
def sanae():
    return cast.person("Sanae", "operator")


def now():
    return timezone.now()


def refused(code, verb, *args, **kwargs):
    with pytest.raises(Refused) as raised:
        verb(*args, **kwargs)
    assert raised.value.code == code


def close(user, by, reason="退職の届出"):
    return people.close(user, reason=reason, by=by, at=now())


def names(**wanted):
    return [person.name for person in people.search(Wanted(**wanted))]


# Finding


def test_people_are_found_by_name_address_role_factor_and_state(hanako, osamu):
    taro = cast.taro()
    Authenticator.objects.filter(user=taro).exclude(type="recovery_codes").delete()
    close(cast.jiro(), osamu)
    assert names() == ["Hanako", "Jiro", "Osamu", "Taro"]
    assert names(text="HANA") == names(text=" hanako@EXAMPLE.jp ") == ["Hanako"]
    assert names(role="operator") == ["Osamu"]
    assert names(factor="no") == ["Taro"], "recovery codes alone are no factor"
    assert names(factor="yes", state="open") == ["Hanako", "Osamu"]
    assert names(state="closed") == ["Jiro"]
    assert names(text="nobody") == []


@pytest.mark.parametrize("text", ["%", "_", "\0", "'", "a\0b", "あ" * 500])
def test_whatever_is_typed_is_looked_for_and_nothing_else(hanako, osamu, text):
    answer = cast.browser_of(osamu).get(LIST, {"q": text, "role": "king", "factor": "?", "state": "x", "page": "-9"})
    assert answer.status_code == 200
    if text != "\0":
        assert "当てはまる利用者はいません" in answer.content.decode()


def test_the_list_tells_organisations_factors_and_the_last_log_in(hanako, osamu):
    organisations.provider_of(hanako)
    page = cast.browser_of(osamu).get(LIST, {"q": "hanako"}).content.decode()
    for words in ("hanako@example.jp", "サンプル省", "設定済み", "利用中", "1人"):
        assert words in page


def test_only_operators_see_anybody(hanako):
    for somebody in (hanako, cast.reiko(), cast.aoi()):
        for path in (LIST, f"{LIST}{hanako.pk}/"):
            assert cast.browser_of(somebody).get(path).status_code == 404
    assert "/accounts/login/" in Client().get(LIST).url


def test_many_people_stand_on_pages_that_keep_what_was_asked(osamu, monkeypatch):
    for n in range(5):
        cast.person(f"Member{n}")
    monkeypatch.setattr(pages, "PAGE", 2)
    answer = cast.browser_of(osamu).get(LIST, {"q": "member", "state": "open", "page": "2"})
    assert [row["person"].name for row in answer.context["rows"]] == ["Member2", "Member3"]
    onward = answer.content.decode().split('<a href="?')[-1].split('"')[0].replace("&amp;", "&")
    assert parse_qs(urlsplit(f"?{onward}").query) == {"q": ["member"], "state": ["open"], "page": ["3"]}


def test_the_list_costs_the_same_however_many_stand_on_it(osamu, django_assert_max_num_queries):
    browser = cast.browser_of(osamu)
    browser.get(LIST)
    for n in range(8):
        organisations.provider_of(cast.person(f"Member{n}"), number=organisations.number(800 + n))
    with django_assert_max_num_queries(15):
        assert browser.get(LIST).content.decode().count("サンプル省") == 8


# Closing


def test_a_closed_account_is_out_at_once_and_stays_out(hanako, osamu):
    browser = cast.browser_of(hanako)
    assert browser.get("/account/").status_code == 200
    with TestCase.captureOnCommitCallbacks(execute=True):
        made = close(hanako, osamu)
    assert browser.get("/account/").status_code == 302
    answer = Client().post("/accounts/login/", {"login": hanako.email, "password": cast.PASSWORD})
    assert "_auth_user_id" not in answer.wsgi_request.session
    assert (made.reason, made.closed_by) == ("退職の届出", osamu)
    assert "利用を停止しました" in mail.outbox[-1].body
    event = AuditEvent.objects.get(action="person.closed")
    assert (event.actor, event.before, event.after, event.details) == (osamu, {"open": True}, {"open": False}, {})


def test_what_they_proposed_and_asked_back_falls(osamu, sanae):
    grant = staff.propose(email="rin@example.jp", name="Rin", role="reviewer", reason="x", by=sanae, at=now())
    asked = recovery.ask(sanae.email, at=now())
    recovery.prove(recovery_mail.proof_token(asked), lost="factors", contact="x", at=now())
    close(sanae, osamu)
    assert StaffGrant.objects.get(pk=grant.pk).withdrawn_at is not None
    assert PersonRecovery.objects.get().closing == "refused"


def test_nobody_but_operators_closes_and_nobody_themselves(hanako, osamu):
    for somebody in (cast.taro(), cast.reiko(), cast.aoi()):
        refused("staff.not_an_operator", close, hanako, somebody)
        refused("staff.not_an_operator", people.reopen, hanako, reason="x", by=somebody, at=now())
    refused("people.oneself", close, osamu, osamu)
    close(hanako, osamu)
    refused("people.closed_already", close, hanako, osamu)
    assert AccountClosure.objects.count() == 1


def test_the_last_operator_stays(osamu, sanae):
    close(sanae, osamu)
    refused("staff.not_an_operator", close, osamu, sanae)
    refused("people.oneself", close, osamu, osamu)
    assert User.objects.filter(role="operator", is_active=True).count() == 1


# Opening again


def test_an_account_opened_again_lets_its_person_in(hanako, osamu, sanae):
    close(hanako, osamu)
    with TestCase.captureOnCommitCallbacks(execute=True):
        people.reopen(hanako, reason="復職", by=sanae, at=now())
    made = AccountClosure.objects.get()
    assert (made.reopened_by, made.reopening_reason) == (sanae, "復職")
    hanako.refresh_from_db()
    assert cast.browser_of(hanako).get("/account/").status_code == 200
    assert "利用を再開しました" in mail.outbox[-1].body
    refused("people.open_already", people.reopen, hanako, reason="x", by=sanae, at=now())


def test_a_role_of_staff_does_not_come_back_by_one_person(osamu, sanae):
    close(sanae, osamu)
    people.reopen(sanae, reason="復職", by=osamu, at=now())
    sanae.refresh_from_db()
    assert (sanae.is_active, sanae.role) == (True, "member")
    assert AuditEvent.objects.filter(action="person.role_changed", actor=osamu).exists()


@pytest.mark.parametrize("name", ["closed_by", "reopened_by"])
def test_the_database_holds_that_nobody_does_it_to_themselves(hanako, osamu, name):
    made = close(hanako, osamu)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountClosure.objects.filter(pk=made.pk).update(**{name: hanako}, reopened_at=now())


def test_the_database_refuses_two_open_closures(hanako, osamu):
    close(hanako, osamu)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountClosure.objects.create(user=hanako, reason="x", closed_by=osamu, closed_at=now())


# Pages


def test_both_acts_need_grounds_and_a_fresh_log_in(hanako, osamu):
    browser, path = cast.browser_of(osamu), f"{LIST}{hanako.pk}/"
    for act, is_open in (("close", False), ("reopen", True)):
        assert browser.post(f"{path}{act}/", {"reason": " "} | cast.proof(osamu)).context["form"].errors
        assert "fresh-password" in browser.post(f"{path}{act}/", {"reason": "届出"}).content.decode()
        hanako.refresh_from_db()
        assert hanako.is_active is not is_open
        assert browser.post(f"{path}{act}/", {"reason": "届出"} | cast.proof(osamu)).url == path
        hanako.refresh_from_db()
        assert hanako.is_active is is_open
    page = browser.get(path).content.decode()
    assert page.count("届出") == 2


def test_one_s_own_page_offers_nothing(osamu):
    page = cast.browser_of(osamu).get(f"{LIST}{osamu.pk}/").content.decode()
    assert "ご自身のアカウントを停止したり再開したりすることはできません" in page
    assert "/close/" not in page


def test_a_refusal_is_told(hanako, osamu):
    close(hanako, osamu)
    path = f"{LIST}{hanako.pk}/"
    answer = cast.browser_of(osamu).post(f"{path}close/", {"reason": "届出"} | cast.proof(osamu), follow=True)
    assert "すでに停止されています" in answer.content.decode()
