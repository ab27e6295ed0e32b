"""Who gets what at every address of the site. The table is written by hand; an address missing in it fails a test."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.test import Client, TestCase
from django.urls import Resolver404, resolve, reverse

from portal.accounts import services as accounts
from portal.api import throttling
from portal.environments import services as environments
from portal.providers import services as providers
from tests import cast, site_objects
from tests.urls import all_patterns
from verifier import evidence, permissions, sources
from whitelist import snapshot

PEOPLE = ("nobody", "hanako", "taro", "jiro", "reiko", "osamu", "aoi")


class Row(NamedTuple):
    """What a GET answers to each of PEOPLE: a status, or the name of the address a redirect goes to.

    A row names six answers where Aoi the auditor gets what the operator gets, or nothing at all at pages of staff.
    `of` names the object of Hanako's organisation the address is about (tests/site_objects.py).
    `poster` may send the form there; None: the address takes no POST.
    """

    answers: str
    of: str = ""
    poster: str | None = None


# Short names of redirects: to the log-in, and back to one's own first page.
LOGIN, HOME = "account_login", "home"

#                 nobody hanako taro jiro reiko osamu
PUBLIC = "        200    200    200  200  200   200"
ONLY_POST = "     405    405    405  405  405   405"
NOT_HERE = "      404    404    404  404  404   404"
SEAT = "          login  200    200  200  home  home"  # everybody with a seat sees their own
OF_SEAT = "       login  200    200  404  home  home"  # an object of Hanako's: for Jiro it does not exist
OWNER = "         login  200    403  200  home  home"
OF_OWNER = "      login  200    403  404  home  home"
APPLICANT = "     login  200    200  200  404   404"
OF_APPLICANT = "  login  200    200  404  404   404"
STAFF = "         login  404    404  404  200   200"
DESK = "          login  404    404  404  200   404"
OPERATORS = "     login  404    404  404  404   200"

TABLE = {
    # Anybody
    "landing": Row(PUBLIC, poster="nobody"),
    "landing-request": Row(NOT_HERE),  # no demonstration is installed here
    "status": Row(PUBLIC),
    "accessibility": Row(PUBLIC),
    "privacy": Row(PUBLIC),
    "api-reference": Row(PUBLIC),
    "documents:certificate-kinds": Row(PUBLIC),
    "jwks": Row(PUBLIC),
    "health-live": Row(PUBLIC),
    "set_language": Row("landing landing landing landing landing landing", poster="nobody"),
    "mailbox:message-list": Row(PUBLIC),  # installed in embedded mode only
    "mailbox:message": Row(PUBLIC, "mail"),
    "whitelist:url-check": Row(PUBLIC, poster="nobody"),
    "whitelist:check-detail": Row(PUBLIC, "check"),
    "whitelist:check-progress": Row(PUBLIC, "check"),
    "whitelist:list-current": Row(PUBLIC),
    "whitelist:list-version": Row(PUBLIC, "list"),
    "whitelist:list-signed": Row(PUBLIC, "list"),
    "whitelist:list-document": Row(PUBLIC, "list"),
    "whitelist:statistics": Row(PUBLIC),
    "whitelist:criteria": Row(PUBLIC),
    "whitelist:recipe-list": Row(PUBLIC),
    "whitelist:recipe": Row(PUBLIC, "code"),
    "whitelist:probe-about": Row(PUBLIC),
    "internet:console": Row(PUBLIC, poster="nobody"),  # installed in embedded mode only
    "whitelist:contact-confirm": Row(PUBLIC, "contact", "nobody"),  # the link from the mail is what opens it
    # The organisation
    "home": Row("login 200 200 200 review:queue providers:provider-directory audit:event-list"),
    "providers:provider-register": Row("login 200 200 200 403 403", poster="jiro"),
    "providers:seat-list": Row(SEAT),
    "providers:seat-choose": Row(ONLY_POST, poster="jiro"),
    "providers:provider-detail": Row(SEAT),
    "providers:provider-edit": Row(OWNER, poster="hanako"),
    "providers:accreditation-add": Row("login 200 403 providers:provider-detail home home", poster="hanako"),
    "providers:delegation-request": Row(
        "login providers:provider-detail 403 providers:provider-detail home home", poster="hanako"
    ),
    "providers:delegation-detail": Row(OF_SEAT, "delegation"),
    "providers:delegation-decide": Row(ONLY_POST, "delegation", "hanako"),
    "providers:member-list": Row(SEAT),
    "providers:member-invite": Row(OWNER, poster="hanako"),
    "providers:member-role": Row(ONLY_POST, "seat", "hanako"),
    "providers:member-remove": Row(OF_OWNER, "seat", "hanako"),
    "providers:ownership-offer": Row(OF_OWNER, "seat", "hanako"),
    "providers:ownership-answer": Row(ONLY_POST, "offer", "taro"),
    "providers:recovery-ask": Row("login 403 200 403 home home", poster="taro"),
    "providers:recovery-stop": Row(ONLY_POST, "recovery", "hanako"),
    "providers:recovery-propose": Row("login 404 404 404 200 403 404", "provider", "reiko"),
    "providers:recovery-confirm": Row(ONLY_POST, "recovery_at_desk", "reiko"),
    "providers:recovery-refuse": Row(ONLY_POST, "recovery_at_desk", "reiko"),
    "providers:invitation-withdraw": Row(ONLY_POST, "invitation", "hanako"),
    "providers:invitation-accept": Row(PUBLIC, "token", "hanako"),  # the link from the mail is what opens it
    "providers:client-list": Row(SEAT),
    "providers:client-issue": Row(OWNER, poster="hanako"),
    "providers:client-issued": Row(OF_OWNER, "client"),
    "providers:client-revoke": Row(OF_OWNER, "client", "hanako"),
    "evidence:download": Row("login 200 200 404 200 404 200", "evidence"),
    "providers:provider-directory": Row(STAFF),
    "providers:provider-file": Row(STAFF, "provider"),
    "providers:standing-decide": Row("login 404 404 404 200 403 404", "accreditation", "reiko"),
    # The test environment
    "testenv:environment-detail": Row(SEAT),
    "testenv:environment-request": Row(ONLY_POST, poster="hanako"),
    "testenv:environment-progress": Row(SEAT),
    "testenv:first-verification": Row(ONLY_POST, poster="hanako"),
    "testenv:list-publish": Row(ONLY_POST, poster="hanako"),
    "testenv:persona-list": Row(SEAT),
    "testenv:persona-detail": Row(OF_SEAT, "persona"),
    "testenv:phone-order": Row(OF_SEAT, "persona", "hanako"),
    "testenv:order-detail": Row(OF_SEAT, "order"),
    "testenv:order-progress": Row(OF_SEAT, "order"),
    "testenv:phone-detail": Row(OF_SEAT, "phone"),
    "testenv:phone-hold": Row(OF_SEAT, "phone", "hanako"),
    "testenv:phone-release": Row(OF_SEAT, "phone", "hanako"),
    "testenv:request-open": Row("login testenv:request-detail testenv:request-detail 404 home home"),
    "testenv:request-list": Row(SEAT),
    "testenv:request-detail": Row(OF_SEAT, "waiting"),
    "testenv:request-progress": Row(OF_SEAT, "waiting"),
    "testenv:request-persona": Row(ONLY_POST, "waiting", "hanako"),
    "testenv:request-pin": Row(ONLY_POST, "waiting", "hanako"),
    "testenv:request-cancel": Row(ONLY_POST, "waiting", "hanako"),
    "testenv:request-deliver": Row(OF_SEAT, "signed"),
    "verifier:verification-list": Row(SEAT),
    "verifier:verification-detail": Row(OF_SEAT, "verification"),
    # The trail
    "audit:event-list": Row("login 200 200 200 200 200"),
    "audit:event-detail": Row("login 200 200 404 200 200", "event"),
    "audit:event-export": Row(ONLY_POST, poster="hanako"),
    "audit:trail-inspect": Row(ONLY_POST, poster="aoi"),
    "audit:checkpoint-list": Row(PUBLIC),
    "audit:checkpoint-latest": Row(PUBLIC),
    "audit:checkpoint-detail": Row(PUBLIC, "checkpoint"),
    "person:account": Row("login  200    200  200  200   200", poster="hanako"),
    "person:recovery-ask": Row(PUBLIC, poster="nobody"),
    "person:recovery-prove": Row(PUBLIC, "proof_token", "nobody"),
    "person:recovery-stop": Row(PUBLIC, "stop_token", "nobody"),
    "person:recovery-stop-own": Row(ONLY_POST, poster="hanako"),
    "person:session-end": Row(ONLY_POST, "session", "hanako"),
    # Staff
    "sources:source-list": Row(OPERATORS),
    "sources:source-fetch": Row(ONLY_POST, "list_source", "osamu"),
    "staff:person-list": Row(OPERATORS),
    "staff:grant-list": Row(OPERATORS),
    "staff:grant-propose": Row(OPERATORS, poster="osamu"),
    "staff:grant-confirm": Row(ONLY_POST, "grant", "osamu"),
    "staff:grant-withdraw": Row(ONLY_POST, "grant", "osamu"),
    "staff:account-list": Row(OPERATORS),
    "staff:account-detail": Row(OPERATORS, "staff"),
    "staff:account-close": Row(ONLY_POST, "staff", "osamu"),
    "staff:account-reopen": Row(ONLY_POST, "staff", "osamu"),
    "staff:recovery-list": Row(OPERATORS),
    "staff:recovery-detail": Row(OPERATORS, "account_recovery"),
    "staff:recovery-propose": Row(ONLY_POST, "account_recovery", "osamu"),
    "staff:recovery-confirm": Row(ONLY_POST, "account_recovery", "osamu"),
    "staff:recovery-refuse": Row(ONLY_POST, "account_recovery", "osamu"),
    "staff:role-revoke": Row(OPERATORS, "staff", "osamu"),
    "staff:invitation": Row(PUBLIC, "staff_token", "hanako"),  # the link from the mail is what opens it
    # Whitelist and review
    "whitelist:entry-list": Row(APPLICANT),
    "whitelist:bulk-new": Row(APPLICANT, poster="hanako"),
    "whitelist:bulk-template": Row(APPLICANT, "ending"),
    "whitelist:bulk-detail": Row(OF_APPLICANT, "import"),
    "whitelist:bulk-progress": Row(OF_APPLICANT, "import"),
    "whitelist:bulk-enter": Row(ONLY_POST, "import", "hanako"),
    "whitelist:entry-served": Row(OF_APPLICANT, "entry", "hanako"),
    "whitelist:entry-add": Row(APPLICANT, poster="hanako"),
    "whitelist:entry-remove": Row(OF_APPLICANT, "entry", "hanako"),
    "whitelist:entry-detail": Row(OF_APPLICANT, "listed"),
    "whitelist:entry-effect": Row(OF_APPLICANT, "listed"),
    "whitelist:entry-suspend": Row(OF_APPLICANT, "listed", "hanako"),
    "whitelist:entry-retire": Row(OF_APPLICANT, "listed", "hanako"),
    "whitelist:entry-keep": Row(ONLY_POST, "listed", "hanako"),
    "whitelist:url-match": Row(APPLICANT),
    "whitelist:domain-list": Row(APPLICANT, poster="hanako"),
    "whitelist:domain-detail": Row(OF_APPLICANT, "domain"),
    "whitelist:domain-progress": Row(OF_APPLICANT, "domain"),
    "whitelist:domain-check": Row(ONLY_POST, "domain", "hanako"),
    "whitelist:domain-method": Row(ONLY_POST, "domain", "hanako"),
    "whitelist:domain-remove": Row(OF_APPLICANT, "domain", "hanako"),
    "whitelist:application-list": Row(APPLICANT),
    "whitelist:application-new": Row(APPLICANT, poster="hanako"),
    "whitelist:application-detail": Row(OF_APPLICANT, "in_review"),
    "whitelist:application-effect": Row(OF_APPLICANT, "published"),
    "whitelist:application-edit": Row(
        "login whitelist:application-step whitelist:application-step 404 404 404 404", "draft"
    ),
    "whitelist:application-step": Row(OF_APPLICANT, "step", "hanako"),
    "whitelist:application-correct": Row(
        "login whitelist:application-edit whitelist:application-edit 404 404 404 404", "draft", "hanako"
    ),
    "whitelist:application-reopen": Row(ONLY_POST, "published", "hanako"),
    "whitelist:application-submit": Row(OF_APPLICANT, "draft", "hanako"),
    "whitelist:application-withdraw": Row(OF_APPLICANT, "in_review", "hanako"),
    "review:queue": Row(DESK),
    "review:rule-list": Row(STAFF),
    "review:rule-edit": Row(STAFF, poster="osamu"),
    "review:rule-detail": Row(STAFF, "rules"),
    "review:rule-confirm": Row(ONLY_POST, "rules", "reiko"),
    "review:rule-withdraw": Row(ONLY_POST, "rules", "reiko"),
    "review:health-board": Row(DESK),
    "review:publication-board": Row("login 404 404 404 200 200 200"),
    "anchors:anchor-list": Row(OPERATORS),
    "anchors:proposal-confirm": Row(OPERATORS, "proposal", "osamu"),
    "anchors:proposal-withdraw": Row(ONLY_POST, "proposal", "osamu"),
    "anchors:anchor-distrust": Row(ONLY_POST, "anchor", "osamu"),
    "review:consumer-enter": Row(OPERATORS, poster="osamu"),
    "review:consumer-confirm": Row(ONLY_POST, "consumer", "osamu"),
    "review:consumer-revoke": Row(ONLY_POST, "consumer", "osamu"),
    "review:entry-detail": Row(DESK, "listed"),
    "review:entry-effect": Row(DESK, "listed"),
    "review:entry-suspend": Row(DESK, "listed", "reiko"),
    "review:suspension-second": Row(ONLY_POST, "listed", "reiko"),
    "review:suspension-drop": Row(ONLY_POST, "listed", "reiko"),
    "review:return-propose": Row(ONLY_POST, "listed", "reiko"),
    "review:return-confirm": Row(ONLY_POST, "listed", "reiko"),
    "review:return-withdraw": Row(ONLY_POST, "listed", "reiko"),
    "review:entry-settle": Row(ONLY_POST, "listed", "reiko"),
    "whitelist:application-notice": Row(OF_APPLICANT, "published"),
    "review:application-notice": Row(DESK, "published"),
    "review:application-detail": Row(DESK, "in_review"),
    "review:application-claim": Row(ONLY_POST, "in_review", "reiko"),
    "review:application-hand-back": Row(ONLY_POST, "in_review", "reiko"),
    "review:application-recheck": Row(ONLY_POST, "in_review", "reiko"),
    "review:application-look": Row(DESK, "in_review"),
    "review:application-second-look": Row(ONLY_POST, "in_review", "reiko"),
    "review:application-decide": Row("login 404 404 404 review:application-detail 404", "in_review", "reiko"),
}


def answers_of(row: Row) -> list[str]:
    """What each of PEOPLE gets."""
    answers = row.answers.split()
    if len(answers) < len(PEOPLE):
        answers.append("404" if row.answers in {STAFF, DESK, OPERATORS} else answers[-1])
    return answers


# Accounts (allauth): what nobody gets, and what each logged-in person gets; every one of them takes its form.
ACCOUNTS = {
    "account_login": ("200", HOME),
    "account_logout": ("landing", "200"),
    "account_inactive": ("200", "200"),
    "account_signup": ("200", HOME),
    "account_reauthenticate": (LOGIN, "mfa_reauthenticate"),  # the password alone is not enough
    "account_email": (LOGIN, "200"),
    "account_email_verification_sent": (LOGIN, "account_email"),  # no code is on its way
    "account_change_password": (LOGIN, "200"),
    "account_set_password": (LOGIN, "account_change_password"),
    "account_reset_password": ("200", "200"),
    "account_confirm_login_code": (LOGIN, HOME),
    "account_confirm_password_reset_code": (LOGIN, LOGIN),
    "account_complete_password_reset": ("account_reset_password", "account_reset_password"),
    "account_password_reset_completed": ("200", "200"),
    "usersessions_list": (LOGIN, "200"),
    "mfa_index": (LOGIN, "200"),
    "mfa_authenticate": (LOGIN, HOME),
    "mfa_reauthenticate": (LOGIN, "200"),
    "mfa_activate_totp": (LOGIN, "account_reauthenticate"),
    "mfa_deactivate_totp": (LOGIN, "account_reauthenticate"),
    "mfa_view_recovery_codes": (LOGIN, "account_reauthenticate"),
    "mfa_generate_recovery_codes": (LOGIN, "account_reauthenticate"),
    "mfa_download_recovery_codes": (LOGIN, "account_reauthenticate"),
    "mfa_list_webauthn": (LOGIN, "200"),
    "mfa_add_webauthn": (LOGIN, "account_reauthenticate"),
    "mfa_reauthenticate_webauthn": (LOGIN, "account_reauthenticate"),  # they have no passkey
    "mfa_login_webauthn": (LOGIN, HOME),  # asked by the log-in page's script, and its form
    "mfa_edit_webauthn": (LOGIN, "account_reauthenticate"),
    "mfa_remove_webauthn": (LOGIN, "account_reauthenticate"),
}
OF_ACCOUNTS = dict.fromkeys(("mfa_edit_webauthn", "mfa_remove_webauthn"), "passkey")

# The API: its operations and the object they are about. A cookie opens none of them.
OPERATIONS = {
    "api:verification-create": (("post",), ""),
    "api:verification-detail": (("get",), "verification"),
    "api:certificate-inspect": (("post",), ""),
    "api:signed-document-create": (("post",), ""),
    "api:challenge-create": (("post",), ""),
    "api:whitelist-lookup": (("get", "post"), ""),
    "api:whitelist-list": (("get",), ""),
    "api:tsm-list": (("get",), ""),
    "api:tsm-acknowledge": (("post",), ""),
    "api:tsm-matches": (("post",), ""),
    "api:whitelist-preflight": (("post",), ""),
}
# Open without a key: the description of the API, and addresses that only say "not offered yet".
API_OPEN = {
    "api:openapi": 200,
    "api:certificate-kinds": 200,
    "api:log-head": 200,
    "api:log-leaves": 200,
    "api:log-inclusion": 422,  # of which leaf?
    "api:log-consistency": 422,  # between which trees?
    "api:reserved-certificates-status": 404,
    "api:reserved-links": 404,
    "api:reserved-batches": 404,
    "api:return-server-check": 405,
    "api:return-server-check-result": 200,
}
API_OPEN_OF = {"api:return-server-check-result": "check"}
# What a form must hold for its address to be looked into at all.
SENT = {"testenv:request-persona": {"persona": "P01"}}

# Not redirected to the log-in when nobody posts: forms for anybody, and the invitation, whose page offers the log-in.
# A link from a mail opens these to whoever holds it, staff of other organisations included.
LINK_IS_ENOUGH = {"whitelist:contact-confirm", "person:recovery-prove", "person:recovery-stop"}
NOBODY_POSTS = {
    "landing",
    "set_language",
    "whitelist:url-check",
    "providers:invitation-accept",
    "staff:invitation",
    "internet:console",
    "person:recovery-ask",
    *LINK_IS_ENOUGH,
}
# The owner's doors answer 403 to a member and staff go home: both before any object is looked for.
NOT_FOUND_FOR_JIRO = {name for name, row in TABLE.items() if row.of and row.poster} - NOBODY_POSTS


def test_the_table_is_the_site() -> None:
    names = [name for name, _ in all_patterns()]
    assert len(set(names)) == len(names)
    assert not [name for name in names if not name or name.endswith(":")], "an address without a name"
    assert set(names) == {*TABLE, *ACCOUNTS, *OPERATIONS, *API_OPEN}
    for name, route in all_patterns():
        assert route.startswith("api/") == (name in OPERATIONS or name in API_OPEN), route
        assert route.startswith("accounts/") == (name in ACCOUNTS), route


def test_every_row_with_path_values_names_its_object() -> None:
    objects = {name: row.of for name, row in TABLE.items()} | {name: of for name, (_, of) in OPERATIONS.items()}
    objects |= OF_ACCOUNTS
    objects |= API_OPEN_OF
    for name, route in all_patterns():
        assert bool(objects.get(name)) == ("<" in route), name


@contextmanager
def undone() -> Iterator[None]:
    """What the block writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Not told apart: when a key was last used is kept by the minute, so a run of more than a minute moves it.
NOT_COMPARED = {"providers.ApiClient": {"last_used_at"}}


def everything() -> dict[str, list[Any]]:
    """Every row of every table but the sessions and their list, as it stands."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__name__ not in {"Session", "UserSession"}
    ]
    return {model._meta.label: rows_of(model) for model in models}


def rows_of(model: Any) -> list[Any]:
    passed_over = NOT_COMPARED.get(model._meta.label, set())
    compared = [field.attname for field in model._meta.concrete_fields if field.attname not in passed_over]
    return list(model._base_manager.order_by("pk").values_list(*compared))


def answer(response: Any) -> str:
    """The status, or the name of the address a redirect within the site goes to."""
    if response.status_code not in {301, 302, 303, 307}:
        return str(response.status_code)
    place = urlsplit(response["Location"])
    try:
        return resolve(place.path).view_name if not place.netloc else response["Location"]
    except Resolver404:
        return response["Location"]


# The citizen's phone of the sandbox, which opens a request and hands its answer over as the app would: a practice
# world's browser pages, behind a log-in, where nothing is decided.
DOES_BY_BEING_OPENED = {"testenv:request-open", "testenv:request-deliver"}

HOSTILE = (
    "%00",
    "a%00b",
    "x" * 300,
    "9" * 300,
    "0",
    "999999999",
    "9" * 19,
    "-1",
    "abc",
    "%E3%81%82",
    "%ff",
    "..%2F..",
    "'",
)


class Access(TestCase):
    made: dict[str, Any]

    @classmethod
    def setUpTestData(cls) -> None:
        forget()
        with pytest.MonkeyPatch.context() as monkeypatch:
            cls.made = site_objects.make(monkeypatch, lambda: cls.captureOnCommitCallbacks(execute=True))

    def setUp(self) -> None:
        forget()
        self.browsers = site_objects.browsers()

    def path(self, name: str, of: str) -> str:
        path = reverse(name, kwargs=self.made["values"][of] if of else {})
        if name == "testenv:request-open":
            path += "?" + site_objects.phone_query(self.made["sandbox"], "request-0003")
        return path

    def test_what_everybody_gets(self) -> None:
        wrong = []
        rows = dict(TABLE)
        for name, (nobody, person) in ACCOUNTS.items():
            rows[name] = Row(" ".join([nobody, *[person] * 6]), OF_ACCOUNTS.get(name, ""))
        for name, row in rows.items():
            for person, expected in zip(PEOPLE, answers_of(row), strict=True):
                with undone():
                    got = answer(self.browsers[person].get(self.path(name, row.of)))
                if got != {"login": LOGIN}.get(expected, expected):
                    wrong.append(f"{name} for {person}: {got} instead of {expected}")
        assert not wrong, "\n".join(wrong)

    def test_a_post_is_taken_where_the_table_says_and_nowhere_else(self) -> None:
        wrong = []
        for name, row in TABLE.items():
            browser = self.browsers[row.poster or "hanako"]
            with undone():
                got = answer(browser.post(self.path(name, row.of), SENT.get(name)))
            if (got == "405") != (row.poster is None) or got in {"403", "404", "500"}:
                wrong.append(f"{name}: {got}")
        assert not wrong, "\n".join(wrong)

    def test_a_stranger_s_post_finds_nothing_and_changes_nothing(self) -> None:
        wrong, before = [], everything()
        for name in sorted(NOT_FOUND_FOR_JIRO):
            got = answer(self.browsers["jiro"].post(self.path(name, TABLE[name].of)))
            if got != "404":
                wrong.append(f"{name}: {got}")
            if everything() != before:
                wrong.append(f"{name} changed something")
                before = everything()
        assert not wrong, "\n".join(wrong)

    def test_the_post_of_whoever_has_no_business_there_changes_nothing(self) -> None:
        """Staff at an organisation's objects, its people at the desk, a member at an owner's doors."""
        wrong, before = [], everything()
        for name, row in TABLE.items():
            if not row.of or not row.poster or name in LINK_IS_ENOUGH:
                continue
            is_owners = name.startswith("providers:")
            # A change of the rules is confirmed by either kind of staff.
            staff = {"reiko", "osamu", "aoi"} - {row.poster} - ({"osamu"} if row.of == "rules" else set())
            intruders = ["jiro", *sorted(staff), *(["hanako", "taro"] if row.poster in {"reiko", "osamu"} else [])]
            for person in [*intruders, *(["taro"] if is_owners and row.poster == "hanako" else [])]:
                got = answer(self.browsers[person].post(self.path(name, row.of)))
                allowed = {"403", "404", HOME} | ({"200"} if row.of in {"token", "staff_token"} else set())
                if got not in allowed or everything() != before:
                    wrong.append(f"{name} for {person}: {got}")
                    before = everything()
        assert not wrong, "\n".join(wrong)

    def test_nobody_s_post_goes_to_the_log_in(self) -> None:
        wrong, before = [], everything()
        for name, row in TABLE.items():
            if row.poster is None or name in NOBODY_POSTS:
                continue
            got = answer(self.browsers["nobody"].post(self.path(name, row.of)))
            if got != LOGIN or everything() != before:
                wrong.append(f"{name}: {got}")
        self.browsers["nobody"].post(self.path("providers:invitation-accept", "token"))
        assert everything() == before
        assert not wrong, "\n".join(wrong)

    def test_a_post_without_its_token_is_refused(self) -> None:
        wrong, before = [], everything()
        for browser in self.browsers.values():
            browser.handler.enforce_csrf_checks = True
        posters = {name: (row.of, row.poster) for name, row in TABLE.items() if row.poster}
        posters |= {name: (OF_ACCOUNTS.get(name, ""), "hanako") for name in ACCOUNTS}
        for name, (of, poster) in posters.items():
            response = self.browsers[poster or ""].post(self.path(name, of))
            if response.status_code != 403 or "フォームの有効期限" not in response.content.decode():
                wrong.append(f"{name}: {answer(response)}")
        assert everything() == before
        assert not wrong, "\n".join(wrong)

    def test_an_api_key_opens_no_page(self) -> None:
        header = {"Authorization": f"Bearer {self.made['key']}"}
        wrong = []
        for name, row in TABLE.items():
            expected = row.answers.split()[0].replace("login", LOGIN)
            got = answer(Client(raise_request_exception=False).get(self.path(name, row.of), headers=header))
            if got != expected:
                wrong.append(f"{name}: {got}")
        assert not wrong, "\n".join(wrong)

    def test_without_the_second_factor_no_page_that_asks_for_a_log_in_opens(self) -> None:
        user = accounts.create_person(
            email="new@example.jp", name="New", password=cast.PASSWORD, role="reviewer", by="tests"
        )
        browser = cast.browser_of(user)
        guarded = [(name, row) for name, row in TABLE.items() if "login" in row.answers or row.poster]
        wrong = []
        for name, row in guarded:
            if name in NOBODY_POSTS:
                continue
            for ask in (browser.get, browser.post):
                if (got := answer(ask(self.path(name, row.of)))) != "mfa_activate_totp":
                    wrong.append(f"{name}: {got}")
        assert not wrong, "\n".join(wrong)

    def test_the_api_wants_a_key_and_takes_no_cookie(self) -> None:
        wrong, before = [], everything()
        for name, (methods, of) in OPERATIONS.items():
            for method in methods:
                for person, browser in self.browsers.items():
                    response = getattr(browser, method)(self.path(name, of))
                    kind = response["Content-Type"].partition(";")[0]
                    if (response.status_code, kind) != (401, "application/problem+json"):
                        wrong.append(f"{method} {name} for {person}: {response.status_code} {kind}")
        for name, expected in API_OPEN.items():
            for browser in self.browsers.values():
                response = browser.get(self.path(name, API_OPEN_OF.get(name, "")))
                if response.status_code != expected:
                    wrong.append(f"{name}: {response.status_code}")
                if expected == 404:
                    assert response.json()["code"] == "not_yet_offered"
        assert everything() == before
        assert not wrong, "\n".join(wrong)

    def test_the_api_s_objects_do_not_exist_for_another_key(self) -> None:
        for name, (methods, of) in OPERATIONS.items():
            for method in methods if of else ():
                path = self.path(name, of)
                own, other = (
                    getattr(Client(), method)(path, headers={"Authorization": f"Bearer {self.made[key]}"})
                    for key in ("key", "other_key")
                )
                assert own.status_code == 200, name
                assert (other.status_code, other["Content-Type"]) == (404, "application/problem+json"), name

    def test_following_a_link_decides_nothing(self) -> None:
        """Mail scanners, previews and prefetching browsers open every link they see, also with somebody's session.

        Every address of the site is opened, so also every one that any mail names, with tokens that are still good.
        """
        environments.public_sandbox()  # made when first asked for, by whoever asks
        addresses = {name: row.of for name, row in TABLE.items()} | {
            name: OF_ACCOUNTS.get(name, "") for name in ACCOUNTS
        }
        before, wrong = everything(), []
        for person in ("nobody", "hanako", "reiko", "osamu"):  # one of each kind
            for name, of in addresses.items():
                if name not in DOES_BY_BEING_OPENED:
                    self.browsers[person].get(self.path(name, of))
            after = everything()
            wrong += [f"{person}: {label}" for label in after if after[label] != before[label]]
            before = after
        assert not wrong, "\n".join(wrong)

    def test_absurd_path_values_are_not_found(self) -> None:
        """Each value of each address in turn, asked by the person who may see the real one."""
        just_showed_who_they_are(self.browsers["reiko"])
        wrong, before = [], everything()
        for name, row in TABLE.items():
            for path in self.hostile_paths(name, row.of):
                person = row.poster or {STAFF: "reiko", DESK: "reiko", OPERATORS: "osamu"}.get(row.answers, "hanako")
                ask = self.browsers[person].post if row.poster else self.browsers[person].get
                if (got := answer(ask(path))) != "404":
                    wrong.append(f"{name} {path[:80]}: {got}")
        for name, (_, of) in OPERATIONS.items():
            for path in self.hostile_paths(name, of):
                got = answer(Client().get(path, headers={"Authorization": f"Bearer {self.made['key']}"}))
                if got != "404":
                    wrong.append(f"{name} {path[:80]}: {got}")
        assert everything() == before
        assert not wrong, "\n".join(wrong)

    def hostile_paths(self, name: str, of: str) -> Iterator[str]:
        """The address with one value made absurd."""
        route = next(route for other, route in all_patterns() if other == name)
        values = {key: str(value) for key, value in self.made["values"][of].items()} if of else {}
        for key in values:
            for hostile in HOSTILE:
                given = values | {key: hostile}
                yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part, given=given: given[part.group(1)], route)


def just_showed_who_they_are(browser: Client) -> None:
    """A decision asks for a factor anew before anything else; this person has just shown it."""
    session = browser.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session.save()


def forget() -> None:
    """What a process keeps must not pass from one test to the next."""
    cache.clear()
    evidence.forget()
    permissions.forget()
    throttling.forget()
    sources._nudged.clear()
    snapshot._kept.clear()
    providers._principals.clear()
