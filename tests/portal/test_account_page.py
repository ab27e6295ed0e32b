"""A person's own page: who they are here, which language they read, and what guards their account."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts import languages, letters, security, services
from portal.accounts.models import User
from portal.audit.models import AuditEvent
from portal.providers import mail as provider_mail
from tests import cast, organisations

pytestmark = pytest.mark.django_db
PAGE = "/account/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def hanako():
    return cast.hanako()


def log_in(user):
    """By password and code, as at any new browser."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": cast.PASSWORD})
    assert client.post("/accounts/2fa/authenticate/", {"code": cast.proof(user)["fresh-code"]}).status_code == 302
    return client


# What guards it


def test_everything_stands_on_one_page_with_its_state(hanako):
    page = cast.browser_of(hanako).get(PAGE).content.decode()
    assert hanako.email in page
    for name in ("account_email", "account_change_password", "mfa_index", "mfa_add_webauthn", "usersessions_list"):
        assert f'href="{reverse(name)}"' in page, name
    assert "残り10個" in page
    assert "このブラウザを含めて1件" in page


def test_a_used_code_is_no_longer_counted_and_few_are_a_warning(hanako):
    codes = Authenticator.objects.get(user=hanako, type="recovery_codes").wrap()
    unused = codes.get_unused_codes()
    for code in unused[:8]:
        assert codes.validate_code(code)
    state = security.of(hanako)
    assert (state.codes_left, state.has_few_codes) == (2, True)
    page = cast.browser_of(hanako).get(PAGE).content.decode()
    assert "残り2個" in page
    assert "/accounts/2fa/recovery-codes/generate/" in page


def test_without_a_second_factor_the_page_says_so_and_opens(hanako):
    Authenticator.objects.filter(user=hanako).delete()
    answer = cast.browser_of(hanako).get(PAGE)
    assert answer.status_code == 200
    assert "パスワードのみ" in answer.content.decode()
    state = security.of(hanako)
    assert (state.has_app, state.passkeys, state.codes_left, state.has_second_factor) == (False, 0, None, False)


def test_staff_without_a_second_factor_set_one_up_first(hanako):
    osamu = cast.osamu()
    Authenticator.objects.filter(user=osamu).delete()
    assert cast.browser_of(osamu).get(PAGE).url == "/accounts/2fa/totp/activate/"


def test_every_page_leads_there_from_the_person_s_name(hanako):
    assert f'<a href="{PAGE}">' in cast.browser_of(hanako).get("/home/").content.decode()


# Name and language


def test_name_and_language_are_kept_and_the_trail_says_only_which_changed(hanako):
    browser = cast.browser_of(hanako)
    answer = browser.post(PAGE, {"name": "申請 華子", "language": "en"})
    assert answer.url == PAGE
    hanako.refresh_from_db()
    assert (hanako.name, hanako.language) == ("申請 華子", "en")
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.details) == ("person.described", {"changed": ["name", "language"]})
    assert "Your name and language are saved." in browser.get(PAGE).content.decode()


def test_nothing_changed_leaves_no_line(hanako):
    services.describe_oneself(hanako, name=hanako.name, language="", by=hanako)
    assert not AuditEvent.objects.filter(action="person.described").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": "", "language": "ja"}, {"name": "花子", "language": "fr"}, {"name": "花" * 101, "language": "ja"}],
)
def test_wrong_input_is_named_and_loses_nothing(hanako, wrong):
    answer = cast.browser_of(hanako).post(PAGE, wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert wrong["name"] in answer.content.decode()
    hanako.refresh_from_db()
    assert hanako.language == ""


def test_the_language_is_shown_wherever_the_person_logs_in(hanako):
    services.describe_oneself(hanako, name="Hanako", language="en", by=hanako)
    browser = log_in(hanako)
    assert browser.cookies["django_language"].value == "en"
    assert '<html lang="en">' in browser.get(PAGE).content.decode()


def test_who_never_chose_keeps_what_the_browser_shows(hanako):
    assert "django_language" not in log_in(hanako).cookies


@pytest.mark.parametrize(
    ("language", "seen", "not_seen"), [("en", "you are invited", "招待"), ("ja", "招待", "you are")]
)
def test_mail_comes_in_the_chosen_language_alone(hanako, language, seen, not_seen):
    services.describe_oneself(hanako, name="Hanako", language=language, by=hanako)
    grant = {"name": "Hanako"}
    letters.send("staff_invitation", [hanako.email.upper()], {"grant": grant, "link": "x", "days": 7})
    assert seen in mail.outbox[-1].body
    assert not_seen not in mail.outbox[-1].body
    assert " / " not in mail.outbox[-1].subject


def test_who_never_chose_and_strangers_get_both(hanako):
    assert languages.of(hanako.email) == languages.of("nobody@example.jp") == ("ja", "en")


def test_mails_of_log_in_and_of_organisations_follow_the_language(hanako):
    services.describe_oneself(hanako, name="Hanako", language="en", by=hanako)
    Client().post("/accounts/password/reset/", {"email": hanako.email})
    assert "Password Reset" in mail.outbox[-1].subject
    assert "スマホJPKI" not in mail.outbox[-1].body
    provider_mail.send(organisations.provider_of(hanako).pk, "standing_confirmed", {})
    assert "has confirmed" in mail.outbox[-1].body
    assert "確認しました" not in mail.outbox[-1].body


def test_the_database_knows_the_languages(hanako):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=hanako.pk).update(language="fr")
