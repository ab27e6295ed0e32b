"""A person's own account: the page, the language of pages and mails."""

import re

import pytest

from tests.flows import browser as chromium
from tests.flows.journey import journey


@pytest.fixture
def look():
    """look(person, name): pictures of the page at both widths, axe on each, nothing scrolls sideways."""

    def at_both_widths(person, name):
        chromium.shoot(person.page, f"account-{name}-1280")
        person.page.set_viewport_size(chromium.NARROW)
        assert not chromium.scrolls_sideways(person.page)
        chromium.shoot(person.page, f"account-{name}-390")
        person.page.set_viewport_size(chromium.WIDE)

    return at_both_widths


def test_a_person_sees_their_account_and_chooses_a_language(arrive, look):
    hanako = arrive(name="申請 花子", email="hanako@own-account.example.jp")
    with journey("Own account: language chosen", hanako) as walk:
        walk.open("/home/")
        walk.click(".site-tools a[href='/account/']")
        hanako.page.wait_for_url(re.compile("/account/$"))
        walk.tick("input[name=language][value=en]")
        walk.send()
        hanako.page.get_by_text("Your name and language are saved.").wait_for()
    assert (walk.pages, walk.fields, walk.clicks) == (3, 0, 3)
    assert "10 codes left" in hanako.page.inner_text("main")
    look(hanako, "page-en")
    hanako.page.locator("input[name=language][value=ja]").check()
    hanako.send()
    hanako.page.get_by_text("氏名と言語を保存しました。").wait_for()
    look(hanako, "page")
    assert hanako.complaints == []
