"""The reviewer's desk: one press has a server looked at and the page follows; the queue's age is drawn and tabled."""

import pytest

from tests import organisations
from tests.flows import browser as chromium
from tests.flows.browser import NARROW, WIDE
from tests.flows.scenes import scene
from tests.servers import wait_until

HOST = "ages.example.jp"


def shoot(page, name):
    for ending, size in (("", WIDE), ("-390", NARROW)):
        page.set_viewport_size(size)
        chromium.shoot(page, name + ending)
        assert not chromium.scrolls_sideways(page)
    page.set_viewport_size(WIDE)


def reports(site, case):
    rows = site.query(
        "SELECT count(*) FROM whitelist_checkreport r JOIN whitelist_revision v ON v.id = r.revision_id "
        f"JOIN whitelist_application a ON a.id = v.application_id WHERE a.public_id = '{case}'"
    )
    return rows[0][0]


@pytest.fixture
def case(journey_site, arrive):
    owner = arrive(name="申請 花子", email=f"hanako@{HOST}")
    scene(journey_site, "people:person", email=f"second@{HOST}", name="申請 次子")
    provider = scene(
        journey_site,
        "people:organisation",
        owner=owner.email,
        number=organisations.number(940),
        name="経過省",
        second=f"second@{HOST}",
    )["provider"]
    return scene(journey_site, "review:cases_of_all_ages", owner=owner.email, provider=provider, host=HOST)["case"]


def test_one_press_and_the_page_follows(journey_site, arrive, case):
    reiko = arrive(name="審査 玲子", email=f"reiko@{HOST}", role="reviewer")
    page, look = reiko.page, reiko.page.locator("#look")
    reiko.open(f"/review/{case}/")
    before = reports(journey_site, case)
    press = page.locator(f"form[action='/review/{case}/check-again/'] button")
    press.first.click()
    wait_until(lambda: reports(journey_site, case) == before + 1, 60, "one press brought no look")
    press.first.wait_for(timeout=30_000)  # the page has come back by itself: the next look may be asked for
    assert look.count() == 0

    scene(journey_site, "review:look_waits", case=case)
    reiko.open(f"/review/{case}/")
    look.get_by_text("サーバを確認しています").wait_for()
    shoot(page, "look-1-checking")
    page.locator("#decision textarea:visible, textarea[form=decision]:visible").first.fill("書きかけ")
    scene(journey_site, "review:look_taken", case=case)
    look.get_by_text("新しい検査報告ができました").wait_for(timeout=30_000)
    assert page.locator("#decision textarea:visible, textarea[form=decision]:visible").first.input_value() == "書きかけ"
    shoot(page, "look-2-newer")
    look.locator("a").click()
    page.wait_for_url(f"**/review/{case}/")
    assert look.count() == 0

    the_queue_s_age(reiko)


def the_queue_s_age(reiko):
    reiko.open("/review/")
    age = reiko.page.locator("section", has=reiko.page.locator("#age-heading"))
    drawn, days = age.locator(".age-chart rect").count(), age.locator("tbody tr").count()
    assert drawn >= days > 2  # today, two weeks and seven weeks ago at least
    shoot(reiko.page, "age-1-queue")
    reiko.open("/whitelist/statistics/")
    shoot(reiko.page, "age-2-statistics")
