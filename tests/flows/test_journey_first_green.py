"""J1: from the landing page to the first green verdict in a test environment of one's own."""

import re

from tests.flows import browser as chromium
from tests.flows.journey import journey
from tests.flows.people import PASSWORD, Person

VERDICT_SECONDS = 8 * 60


def test_j1_first_green_verdict(journey_site, chrome):
    hanako = Person(chrome, journey_site, name="申請 花子", email="hanako@first-green.example.jp")
    page = hanako.page
    with journey("J1 first green verdict", hanako) as walk:
        walk.open("/")
        with walk.aside():
            chromium.shoot(page, "j1-1-landing")
        walk.click("main a[href='/accounts/signup/']")
        page.wait_for_url(re.compile("/accounts/signup/"))
        with walk.aside():
            both_widths(page, "j1-2-sign-up")
        walk.fill("#id_name", hanako.name)
        walk.fill("#id_email", hanako.email)
        walk.fill("#id_password1", PASSWORD)
        walk.send()
        page.wait_for_url(re.compile("/accounts/confirm-email/"))
        with walk.aside():
            both_widths(page, "j1-3-code")
            code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", hanako.latest_mail(), re.M)[1]
        walk.fill("#id_code", code)
        walk.send()
        page.wait_for_url(re.compile("/organisation/register/"))
        with walk.aside():
            both_widths(page, "j1-4-organisation")
        walk.fill("#id_name", "はじめての市")
        walk.fill("#id_corporate_number", "8000012010038")
        walk.tick("input[name=legal_basis][value=administrative_body]")
        walk.send()
        page.wait_for_url(re.compile("/test-environment/"))
        page.locator("form[action$='/first-verification/'] button").wait_for(timeout=240_000)
        with walk.aside():
            both_widths(page, "j1-5-environment-ready")
        walk.click("form[action$='/first-verification/'] button")
        page.wait_for_url(re.compile("/verifications/ver_"))
        with walk.aside():
            both_widths(page, "j1-6-first-verdict")
    assert "有効" in page.inner_text("main h1, main .page-head, main")
    assert page.locator("main").inner_text().count("cert.") == 0
    assert walk.pages <= 6, walk.row()
    assert walk.fields <= 12, walk.row()
    assert walk.seconds <= VERDICT_SECONDS, walk.row()
    assert hanako.complaints == []

    hanako.open("/test-environment/")
    assert page.locator("#first-key").inner_text().startswith("spk_test_")
    page.reload()
    assert page.locator("#first-key").count() == 0
    hanako.open("/whitelist/applications/new/")
    assert "/accounts/2fa/totp/activate/" in page.url
    both_widths(page, "j1-7-second-factor-comes-now")


def both_widths(page, name):
    """Pictures at 1280 and at 390, axe clean and nothing sideways at either."""
    for size, label in ((chromium.WIDE, "1280"), (chromium.NARROW, "390")):
        page.set_viewport_size(size)
        chromium.shoot(page, f"{name}-{label}")
        assert not chromium.scrolls_sideways(page), name
    page.set_viewport_size(chromium.WIDE)
