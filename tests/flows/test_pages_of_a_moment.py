"""Pages that no link of the walk leads to: a contact's answer behind a mail's link, and two edits of one draft."""

import pytest

from tests import organisations
from tests.flows import browser as chromium
from tests.flows.browser import NARROW, WIDE
from tests.flows.scenes import scene

LONG = "security-and-incident-response-of-the-whole-group@long-name.department.example.jp"


def look(page, name):
    for ending, size in (("", WIDE), ("-390", NARROW)):
        page.set_viewport_size(size)
        assert not chromium.scrolls_sideways(page), name
        chromium.shoot(page, name + ending)
    page.set_viewport_size(WIDE)


@pytest.fixture
def hanako(journey_site, arrive):
    person = arrive(name="申請 花子", email="hanako@moment.example.jp")
    number = organisations.number(950)
    scene(journey_site, "people:organisation", owner=person.email, number=number, name="一時省")
    return person


@pytest.mark.parametrize(("language", "done"), [("ja", "確認しました"), ("en", "This address is confirmed.")])
def test_a_contact_answers_by_the_link_in_the_mail(journey_site, hanako, language, done):
    email = f"{language}.{LONG}"
    path = scene(journey_site, "moments:contact_asked", owner=hanako.email, email=email)["path"]
    context = hanako.context.browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(journey_site.site_url + path)
    if language == "en":
        page.locator("header").get_by_text("English").click()
        page.wait_for_url(f"**{path}")
    look(page, f"contact-1-asked-{language}")
    answered = "SELECT count(*) FROM whitelist_contactconfirmation WHERE confirmed_at IS NOT NULL AND email = "
    assert journey_site.query(f"{answered}'{email}'")[0][0] == 0  # opening the link answers nothing
    page.keyboard.press("Tab")
    page.locator("main button[data-kind=main]").focus()
    page.keyboard.press("Enter")
    page.get_by_text(done).wait_for()
    assert journey_site.query(f"{answered}'{email}'")[0][0] == 1
    look(page, f"contact-2-answered-{language}")
    page.reload()
    page.get_by_text(done).wait_for()
    context.close()


def test_two_tabs_save_one_draft(journey_site, hanako):
    number = scene(journey_site, "moments:draft", owner=hanako.email, url="https://moment.example.jp/return")["number"]
    path = f"/whitelist/applications/{number}/edit/purpose/"
    first, second = hanako.page, hanako.context.new_page()
    hanako.open(path)
    second.goto(journey_site.site_url + path)
    first.locator("#id_purpose_of_use").fill("一つ目のタブで書いた目的です。")
    second.locator("#id_purpose_of_use").fill("二つ目のタブで書いた、別の目的です。" * 4)
    hanako.send()
    first.wait_for_url("**/edit/server/")
    second.locator("main button[data-kind=main]").last.click()
    told = second.locator(".banner[data-meaning=warning]")
    told.get_by_text("一つ目のタブで書いた目的です。").wait_for()
    assert second.locator("#id_purpose_of_use").input_value().startswith("二つ目のタブ")  # nothing is lost
    look(second, "conflict-1")
    second.locator("main button[data-kind=main]").last.click()  # saved again: this one's stays
    second.wait_for_url("**/edit/server/")
    hanako.open(path)
    assert first.locator("#id_purpose_of_use").input_value().startswith("二つ目のタブ")
    second.close()
