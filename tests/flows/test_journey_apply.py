"""J5 apply for production, J6 answer a correction, J7 change one URL: counted, on PostgreSQL and Redis."""

import re

import pytest

from tests.flows import applying
from tests.flows import browser as chromium
from tests.flows.journey import journey
from tests.flows.scenes import scene

URL = "https://apply.bank.example.jp/jpki/return"


def team(journey_site, arrive, host, number, name):
    """An organisation with two owners; the first sits at a browser."""
    hanako = arrive(name="申請 花子", email=f"hanako@{host}")
    scene(journey_site, "people:person", email=f"taro@{host}", name="連携 太郎")
    scene(journey_site, "people:organisation", owner=hanako.email, number=number, name=name, second=f"taro@{host}")
    return hanako


def both_widths(page, name):
    chromium.shoot(page, f"{name}-1280")
    page.set_viewport_size(chromium.NARROW)
    assert not chromium.scrolls_sideways(page), name
    chromium.shoot(page, f"{name}-390")
    page.set_viewport_size(chromium.WIDE)


def test_j5_apply_for_production(journey_site, arrive):
    hanako = team(journey_site, arrive, "apply.example.jp", "5000012090000", "申請する省")
    scene(journey_site, "applications:tried_in_sandbox", owner=hanako.email, url=URL)
    scene(journey_site, "domains:proven", owner=hanako.email, domain="apply.bank.example.jp")
    page = hanako.page
    with journey("J5 apply for production", hanako) as walk:
        walk.open("/whitelist/applications/new/")
        prefilled = page.locator("main input[type=checkbox]:checked, main input[type=radio]:checked").count()
        both_widths(page, "J5-1-purpose")
        walk.fill("#id_purpose_of_use", "ログインと申込みの署名に使います。")
        walk.send()
        page.wait_for_url(re.compile("/edit/server/"))
        assert page.locator("#id_url").input_value() == URL
        prefilled += 1
        both_widths(page, "J5-2-server")
        walk.send()
        page.wait_for_url(re.compile("/edit/measures/"))
        for answer in range(14):
            walk.tick(f".measure:nth-of-type({answer + 1}) input[value=met]")
        walk.tick(".measure:nth-of-type(8) input[value=planned]")
        walk.fill("#id_m_patching_by", "2099-03-31")
        both_widths(page, "J5-3-measures")
        walk.send()
        page.wait_for_url(re.compile("/edit/contacts/"))
        walk.fill("#id_security_email", applying.SECURITY)
        walk.fill("#id_operations_email", applying.OPERATIONS)
        both_widths(page, "J5-4-contacts")
        walk.send()
        page.wait_for_url(re.compile("/submit/"))
        assert page.locator(".error-summary li").count() == 2
        with walk.aside():
            scene(journey_site, "applications:contacts_answer", owner=hanako.email)
        page.reload()
        both_widths(page, "J5-5-summary")
        walk.send()
        page.wait_for_url(re.compile(r"/applications/WL-\d{4}-\d{6}/$"))
        both_widths(page, "J5-6-receipt")
    number = re.search(r"WL-\d{4}-\d{6}", page.url)[0]
    assert scene(journey_site, "applications:state_of", number=number)["state"] == "submitted"
    assert "審査が終わる見込みの日" in page.inner_text("main")
    answers = walk.fields + prefilled + 14
    assert answers <= 40
    assert prefilled + 14 >= answers / 2
    assert walk.fields <= 12
    assert walk.seconds <= 15 * 60
    assert hanako.complaints == []


def test_a_draft_saves_itself(journey_site, arrive):
    hanako = team(journey_site, arrive, "autosave.example.jp", "4000012090001", "保存する省")
    page = hanako.page
    page.clock.install()
    hanako.open("/whitelist/applications/new/")
    page.locator("#id_purpose_of_use").fill("途中まで書いた目的")
    page.clock.fast_forward(31_000)
    page.locator("#autosave", has_text="に自動保存").wait_for()
    assert "/edit/purpose/" in page.url
    chromium.shoot(page, "J5-autosaved")
    page.reload()
    assert page.locator("#id_purpose_of_use").input_value() == "途中まで書いた目的"
    assert hanako.complaints == []


def test_the_wizard_works_without_script(journey_site, arrive):
    hanako = team(journey_site, arrive, "noscript.example.jp", "3000012090002", "素朴な省")
    scene(journey_site, "domains:proven", owner=hanako.email, domain="apply.bank.example.jp")
    bare = hanako.context.browser.new_context(java_script_enabled=False, locale="ja-JP")
    bare.add_cookies(hanako.context.cookies())
    hanako.page = bare.new_page()
    number = applying.fill_in(hanako, URL, purpose="ログインに使います。")
    assert hanako.page.locator(".error-summary li").count() == 2
    assert number in hanako.page.inner_text("main")
    bare.close()


@pytest.fixture
def corrected(journey_site, arrive):
    """An application for which a reviewer has asked for two fields to be corrected."""
    hanako = team(journey_site, arrive, "correct.example.jp", "2000012090003", "補正する省")
    made = scene(
        journey_site, "applications:submitted", owner=hanako.email, url="https://correct.bank.example.jp/return"
    )
    scene(
        journey_site,
        "applications:correction_asked",
        number=made["number"],
        fields={"url": "末尾に版を付けてください。", "measures.logs": "保存する期間を書いてください。"},
    )
    return hanako, made["number"]


def test_j6_answer_a_correction(journey_site, corrected):
    hanako, number = corrected
    page = hanako.page
    with journey("J6 answer a correction", hanako) as walk:
        walk.open(applying.path_in_mail(hanako, r"/whitelist/applications/\S+/correct/"))
        assert page.locator("main input:visible, main textarea:visible").count() <= 6
        both_widths(page, "J6-1-correct")
        walk.fill("#id_url", "https://correct.bank.example.jp/v2/return")
        walk.tick("input[name=m_logs][value=planned]")
        walk.fill("#id_m_logs_by", "2099-03-31")
        walk.fill("#id_m_logs_reason", "1年間保存します。")
        walk.send()
        page.wait_for_url(re.compile("/submit/"))
        assert "https://correct.bank.example.jp/v2/return" in page.inner_text("main")
        both_widths(page, "J6-2-compare")
        walk.send()
        page.wait_for_url(re.compile(f"/applications/{number}/$"))
    state = scene(journey_site, "applications:state_of", number=number)
    assert (state["state"], state["revisions"]) == ("submitted", 2)
    assert walk.pages <= 4
    assert walk.fields <= 4
    assert walk.seconds <= 5 * 60
    assert hanako.complaints == []


def test_j7_change_one_url(journey_site, arrive):
    hanako = team(journey_site, arrive, "change.example.jp", "1000012090004", "変更する省")
    made = scene(
        journey_site, "applications:published", owner=hanako.email, url="https://change.bank.example.jp/return"
    )
    page = hanako.page
    with journey("J7 change one URL", hanako) as walk:
        walk.open("/whitelist/")
        both_widths(page, "J7-1-entries")
        walk.click("main form[action$='/reopen/'] button")
        page.wait_for_url(re.compile("/edit/server/"))
        walk.fill("#id_url", "https://change.bank.example.jp/v2/return")
        page.locator("#findings").wait_for()
        both_widths(page, "J7-2-server")
        walk.click("button[name=go][value=summary]")
        page.wait_for_url(re.compile("/submit/"))
        assert "早い審査" in page.inner_text("main")
        both_widths(page, "J7-3-compare")
        walk.send()
        page.wait_for_url(re.compile(f"/applications/{made['number']}/$"))
    state = scene(journey_site, "applications:state_of", number=made["number"])
    assert (state["state"], state["live_url"]) == ("submitted", "https://change.bank.example.jp/return")
    assert walk.fields == 1
    assert walk.pages <= 4
    assert walk.seconds <= 3 * 60
    hanako.open(f"/whitelist/applications/{made['number']}/withdraw/")
    page.locator("main button[data-kind=danger]").click()
    page.wait_for_url(re.compile("/applications/$"))
    assert scene(journey_site, "applications:state_of", number=made["number"])["state"] == "published"
    assert hanako.complaints == []
