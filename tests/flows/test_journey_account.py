"""A person's own account: its page, language of pages and mails, the way back when everything is lost, its end."""

import re
import time
from urllib.parse import urlsplit

import pytest

from tests.flows import browser as chromium
from tests.flows.journey import journey
from tests.flows.people import PASSWORD, Person
from tests.flows.scenes import scene


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


def link_in(person, kind):
    return re.search(rf"/account/recovery/{kind}/\S+/", person.latest_mail())[0]


def test_a_person_who_has_lost_everything_comes_back(journey_site, arrive, chrome, look):
    hanako = arrive(name="紛失 花子", email="hanako@lost.example.jp")
    osamu = arrive(name="運用 修", email="osamu@lost.example.jp", role="operator")
    sanae = arrive(name="運用 早苗", email="sanae@lost.example.jp", role="operator")
    lost = Person(chrome, journey_site, name=hanako.name, email=hanako.email)
    with journey("Account recovered: the person asks", lost) as walk:
        walk.open("/account/recovery/")
        walk.fill("#id_email", hanako.email)
        walk.send()
        lost.page.get_by_text("一度だけ使えます").wait_for()
        with walk.aside():
            look(lost, "recovery-asked")
            wait_for_mail(hanako, "recovery/prove")
            path = link_in(hanako, "prove")
        walk.open(path)
        walk.tick("input[name=lost][value=factors]")
        walk.fill("#id_contact", "代表 03-0000-0000、情報政策課。課長の見本が知っています。")
        with walk.aside():
            look(lost, "recovery-prove")
        walk.send()
        lost.page.get_by_text("これから運用担当者2人が確認します").wait_for()
        with walk.aside():
            look(lost, "recovery-proven")
    assert (walk.pages, walk.fields, walk.clicks) == (4, 2, 3)

    hanako.open("/account/")
    assert "あなたのアカウントの回復の申し出があります" in hanako.page.inner_text("main")
    look(hanako, "page-recovery")

    with journey("Account recovered: first operator", osamu) as walk:
        walk.open("/staff/recoveries/")
        with walk.aside():
            look(osamu, "recovery-list")
        walk.click(osamu.page.locator("main tr", has_text=hanako.email).locator("td[data-action] a"))
        osamu.page.wait_for_url(re.compile(r"/staff/recoveries/\d+/$"))
        walk.fill("#id_grounds", "組織の公表された番号に折り返し、本人と課長に話を伺った。")
        with walk.aside():
            look(osamu, "recovery-detail")
        walk.send()
        osamu.prove_again()
        osamu.page.get_by_text("1人目の確認を記録しました").wait_for()
    with journey("Account recovered: second operator", sanae) as walk:
        walk.open(urlsplit(osamu.page.url).path)
        walk.send()
        sanae.prove_again()
        sanae.page.get_by_text("待機期間が始まります").wait_for()
        with walk.aside():
            look(sanae, "recovery-confirmed")
    wait_for_mail(hanako, "recovery/stop")
    lost.open(link_in(hanako, "stop"))  # looking at it changes nothing
    look(lost, "recovery-stop")

    scene(journey_site, "recoveries:delay_is_over", email=hanako.email)
    wait_for_mail(hanako, "すべてのログインを終わらせました", seconds=90)
    with journey("Account recovered: back in", lost) as walk:
        walk.open("/accounts/login/")
        walk.fill("#id_login", hanako.email)
        walk.fill("#id_password", PASSWORD)
        walk.send()
        lost.page.wait_for_url(re.compile("/home/"))
        with walk.aside():
            lost.set_up_second_factor()
        walk.open("/account/")
    assert "残り10個" in lost.page.inner_text("main")
    hanako.page.goto(journey_site.site_url + "/account/")
    assert "/accounts/login/" in hanako.page.url  # the old session has ended
    assert lost.complaints == osamu.complaints == sanae.complaints == []


def test_an_operator_finds_a_person_and_closes_their_account(arrive, look):
    jiro = arrive(name="退職 次郎", email="jiro@leaving-office.example.jp")
    osamu = arrive(name="運用 修", email="osamu@leaving-office.example.jp", role="operator")
    with journey("Account closed by an operator", osamu) as walk:
        walk.open("/staff/people/")
        walk.fill("#filter-text", "leaving-office")
        walk.click("form.filter-bar button")
        osamu.page.wait_for_url(re.compile("q=leaving-office"))
        with walk.aside():
            look(osamu, "people")
        walk.click(osamu.page.get_by_role("link", name=jiro.name))
        osamu.page.wait_for_url(re.compile(r"/staff/people/\d+/$"))
        walk.fill("#id_reason", "所属組織から退職の届出")
        walk.click("main button[data-kind=danger]")
        osamu.prove_again()
        osamu.page.get_by_text("利用を停止しました").wait_for()
        with walk.aside():
            look(osamu, "person-closed")
    assert (walk.pages, walk.fields, walk.clicks) == (5, 2, 3)
    jiro.page.goto(jiro.site.site_url + "/home/")
    assert "/accounts/login/" in jiro.page.url
    osamu.open("/staff/people/?q=nobody-at-all")
    look(osamu, "people-empty")
    assert osamu.complaints == []


def wait_for_mail(person, words, seconds=30):
    """The newest mail to that person holds these words."""
    until = time.monotonic() + seconds
    while words not in person.latest_mail():
        assert time.monotonic() < until, f"no mail with {words}: {person.latest_mail()}"
        time.sleep(0.5)
