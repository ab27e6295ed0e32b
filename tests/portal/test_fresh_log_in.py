"""Before an act that binds others a person shows both factors, for that act and no other."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from portal.accounts import fresh_log_in
from portal.accounts.permissions import fresh_log_in_required
from portal.urls import urlpatterns as site
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
DECISION = {"decision": "approve", "criteria": ["4-1", "4-2"], "note": '</textarea> "quoted"\r\n二行目'}


@fresh_log_in_required(act="the approval")
def act(request):
    if request.method == "GET":
        return HttpResponse("the form")
    answer = HttpResponse(f"done by {request.proof}")
    answer.headers["X-Names"] = ",".join(sorted(request.POST))
    answer.headers["X-Criteria"] = ",".join(request.POST.getlist("criteria"))
    return answer


urlpatterns = [*site, path("act/", act, name="act")]


@pytest.fixture(autouse=True)
def _nothing_spent():
    cache.clear()


@pytest.fixture
def reiko():
    return cast.reiko()


@pytest.fixture
def browser(reiko):
    return cast.browser_of(reiko)


def test_looking_needs_no_proof(browser):
    assert browser.get("/act/").content == b"the form"


def test_without_proof_the_act_waits_and_what_was_sent_is_kept(browser):
    page = browser.post("/act/?from=queue", DECISION)
    assert page.status_code == 200
    assert "the approval" in page.content.decode()
    assert dict(page.context["kept"]) == {name: v if isinstance(v, list) else [v] for name, v in DECISION.items()}
    assert page.content.decode().count('name="criteria"') == 2
    assert "&lt;/textarea&gt;" in page.content.decode()


def test_with_both_factors_the_act_is_done_as_the_first_form_had_it(browser, reiko):
    answer = browser.post("/act/", {**DECISION, **cast.proof(reiko)})
    assert answer.content == b"done by password+totp"
    assert answer["X-Names"] == "criteria,decision,note"
    assert answer["X-Criteria"] == "4-1,4-2"


@pytest.mark.parametrize("wrong", [{"fresh-password": "guess"}, {"fresh-code": "000000"}, {"fresh-code": ""}])
def test_one_wrong_factor_does_nothing_and_loses_nothing(browser, reiko, wrong):
    page = browser.post("/act/", {**DECISION, **cast.proof(reiko), **wrong})
    assert page.status_code == 422
    assert page.context["form"].errors
    assert dict(page.context["kept"])["decision"] == ["approve"]
    assert cast.PASSWORD not in page.content.decode()


def test_which_factor_was_wrong_is_not_said(browser, reiko):
    pages = [
        browser.post("/act/", {**cast.proof(reiko), **wrong})
        for wrong in ({"fresh-password": "guess"}, {"fresh-code": "000000"})
    ]
    assert pages[0].context["form"].errors == pages[1].context["form"].errors


def test_a_code_serves_one_act(browser, reiko):
    proof = cast.proof(reiko)
    assert browser.post("/act/", {**DECISION, **proof}).status_code == 200
    assert browser.post("/act/", {**DECISION, **proof}).status_code == 422
    spaced = {**proof, "fresh-code": f"{proof['fresh-code'][:3]} {proof['fresh-code'][3:]}"}
    assert browser.post("/act/", {**DECISION, **spaced}).status_code == 422


def test_a_code_used_to_log_in_confirms_nothing(reiko):
    browser, proof = Client(), cast.proof(reiko)
    browser.post("/accounts/login/", {"login": reiko.email, "password": cast.PASSWORD})
    browser.post("/accounts/2fa/authenticate/", {"code": proof["fresh-code"]})
    assert browser.get("/act/").content == b"the form"
    assert browser.post("/act/", {**DECISION, **proof}).status_code == 422


def test_a_code_is_used_up_for_as_long_as_it_stands(reiko):
    """The library forgets it after 30 seconds, and takes it for 90."""
    proof = cast.proof(reiko)
    for may_enter in (True, False):
        browser = Client()
        browser.post("/accounts/login/", {"login": reiko.email, "password": cast.PASSWORD})
        answer = browser.post("/accounts/2fa/authenticate/", {"code": proof["fresh-code"]})
        assert (answer.status_code == 302) is may_enter
        cache.delete(f"allauth.mfa.totp.used?user={reiko.pk}&code={proof['fresh-code']}")
    browser = cast.browser_of(reiko)
    assert browser.post("/act/", {**DECISION, **proof}).status_code == 422


def test_the_log_in_itself_is_no_proof_however_fresh(browser):
    assert b"done by" not in browser.post("/act/", DECISION).content


def test_a_recovery_code_serves_once(browser, reiko):
    code = reiko.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0]
    proof = {"fresh-password": cast.PASSWORD, "fresh-code": code}
    assert browser.post("/act/", proof).content == b"done by password+recovery_codes"
    assert browser.post("/act/", proof).status_code == 422


def test_another_person_s_code_is_refused(browser):
    renji = cast.renji()
    renji.authenticator_set.filter(type="totp").delete()
    other = cast.person("Ryo", "reviewer")
    secret_of_other = other.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0]
    proof = {"fresh-password": cast.PASSWORD, "fresh-code": secret_of_other}
    assert browser.post("/act/", proof).status_code == 422


def test_guessing_is_stopped(browser, reiko):
    for _ in range(10):
        browser.post("/act/", {"fresh-password": "guess", "fresh-code": "000000"})
    assert browser.post("/act/", cast.proof(reiko)).status_code == 422


def test_nobody_is_asked_for_a_log_in():
    answer = Client().post("/act/", DECISION)
    assert answer.url.startswith("/accounts/login/")


def test_of_many_in_one_instant_one_spends_the_proof():
    with ThreadPoolExecutor(8) as pool:
        spent = list(pool.map(lambda _: fresh_log_in.spend("7:123456"), range(32)))
    assert spent.count(True) == 1


JUNK = ["", "null", "[]", "{}", "7", "junk", '{"id": "x"}', '{"id": "x", "rawId": "x", "response": {}}', "\0"]


@pytest.mark.parametrize("junk", JUNK)
def test_what_is_no_answer_of_a_passkey_does_nothing(browser, junk):
    page = browser.post("/act/", {**DECISION, "fresh-credential": junk})
    assert page.status_code == 422
    assert dict(page.context["kept"])["criteria"] == ["4-1", "4-2"]
    assert page.context["complaints"]


@pytest.mark.parametrize("junk", JUNK)
def test_a_log_in_by_what_is_no_passkey_is_refused(junk):
    assert Client().post("/accounts/2fa/webauthn/login/", {"credential": junk}).url == "/accounts/login/"
