"""Passkeys in a real browser with a virtual authenticator: made, used alone and for an act, renamed, removed."""

import re

import pytest

from tests.flows import browser as chromium

pytestmark = pytest.mark.flows
BUTTON = "form[data-passkey] button[data-passkey-button]"


@pytest.fixture
def osamu(arrive):
    return arrive(name="運用 修", email="osamu@passkeys.example.jp", role="operator")


def authenticator_of(person, *, verifies=True):
    """A phone that answers at once; `verifies` says whether it checks finger or face."""
    tools = person.context.new_cdp_session(person.page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    added = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools, added["authenticatorId"]


def add_passkey(person, name):
    person.open("/accounts/2fa/webauthn/add/")
    if "reauthenticate" in person.page.url:
        person.confirm_second_factor()
    person.page.locator("#id_name").fill(name)
    person.page.locator(BUTTON).click()
    person.page.wait_for_url(re.compile("/accounts/2fa/(recovery-codes/)?$"))


def log_out(person):
    person.context.clear_cookies()


def test_a_passkey_from_its_making_to_its_removal(osamu):
    page = osamu.page
    tools, phone = authenticator_of(osamu)
    osamu.open("/accounts/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        osamu.confirm_second_factor()
    chromium.shoot(page, "passkey-add")
    add_passkey(osamu, "電話")
    assert len(tools.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"]) == 1

    log_out(osamu)
    osamu.open("/accounts/login/")
    chromium.shoot(page, "passkey-log-in")
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile("/organisation/directory/|/staff/"))

    osamu.open("/staff/grants/propose/")
    page.locator("#id_email").fill("rin@passkeys.example.jp")
    page.locator("#id_name").fill("審査 凛")
    page.locator("input[name=role][value=reviewer]").check()
    page.locator("#id_reason").fill("任命 2026年4月1日")
    osamu.send()
    chromium.shoot(page, "passkey-fresh-log-in")
    page.locator(BUTTON).click()
    page.wait_for_url(re.compile("/staff/grants/$"))
    assert "rin@passkeys.example.jp" in page.inner_text("main")
    chromium.shoot(page, "staff-grants")

    osamu.open("/accounts/2fa/webauthn/")
    chromium.shoot(page, "passkey-list")
    page.locator("a[href$='/edit/']").click()
    if "reauthenticate" in page.url:
        osamu.confirm_second_factor()
    page.locator("#id_name").fill("新しい電話")
    osamu.send()
    assert "新しい電話" in page.inner_text("main")
    page.locator("a[href$='/remove/']").click()
    page.locator("main button[data-kind=danger]").click()
    page.wait_for_url(re.compile("/accounts/2fa/webauthn/$"))
    assert page.locator("a[href$='/remove/']").count() == 0
    log_out(osamu)
    osamu.open("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_load_state()
    page.locator("#passkey_login").wait_for()
    assert "/accounts/login/" in page.url
    assert osamu.complaints == [] or all("mfa" not in line for line in osamu.complaints)


def test_a_passkey_that_does_not_verify_the_person_is_not_taken(arrive):
    sanae = arrive(name="運用 早苗", email="sanae@passkeys.example.jp", role="operator")
    tools, phone = authenticator_of(sanae)
    add_passkey(sanae, "電話")
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    log_out(sanae)
    sanae.open("/accounts/login/")
    sanae.page.locator("#passkey_login").click()
    sanae.page.locator("[data-passkey-says=failed]").wait_for(state="visible")
    assert "/accounts/login/" in sanae.page.url


def test_a_passkey_is_the_second_factor_after_the_password(arrive):
    tadashi = arrive(name="運用 正", email="tadashi@passkeys.example.jp", role="operator")
    authenticator_of(tadashi)
    add_passkey(tadashi, "電話")
    log_out(tadashi)
    tadashi.open("/accounts/login/")
    tadashi.page.locator("#id_login").fill(tadashi.email)
    tadashi.page.locator("#id_password").fill("correct horse battery staple")
    tadashi.send()
    chromium.shoot(tadashi.page, "passkey-second-factor")
    tadashi.page.locator(BUTTON).click()
    tadashi.page.wait_for_url(re.compile("/organisation/directory/|/staff/"))


def test_without_script_the_page_says_what_is_needed(chrome, journey_site):
    context = chrome.new_context(java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto(journey_site.site_url + "/accounts/login/")
    assert page.locator("[data-passkey-says=unsupported]").is_visible()
    assert page.locator("#id_login").is_visible()
    context.close()
