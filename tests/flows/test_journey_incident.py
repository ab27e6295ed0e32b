"""Stopping a return server: its owner within a minute (J9), a reviewer within thirty seconds (R7); the board (R8)."""

import time

from tests.flows import browser as chromium
from tests.flows.journey import journey
from tests.flows.scenes import scene
from tests.servers import wait_until


def live(site, owner, *, number, host, name):
    made = scene(
        site,
        "entries:live_entry",
        owner=owner.email,
        second=f"second@{host}",
        number=number,
        name=name,
        url=f"https://{host}/jpki/return",
    )
    wait_until(lambda: state(site, made["entry"]) == "live", 60, "not published")
    return made["entry"]


def state(site, entry):
    return site.query(f"SELECT state FROM whitelist_entry WHERE public_id = '{entry}'")[0][0]


def listed(site, entry):
    newest = "SELECT MAX(number) FROM whitelist_listversion WHERE environment_id = e.environment_id"
    rows = site.query(
        f"SELECT v.removed FROM whitelist_listversion v JOIN whitelist_entry e ON e.environment_id = v.environment_id "
        f"WHERE e.public_id = '{entry}' AND v.number = ({newest})"
    )
    return entry not in rows[0][0]


def prove(walk, person):
    """Password and code, typed for this very act."""
    walk.fill("#id_fresh-password", "correct horse battery staple")
    with walk.aside():
        code = person.fresh_code()
    walk.fill("#id_fresh-code", code)
    walk.send()


def test_the_owner_stops_it_now(journey_site, arrive):
    hanako = arrive(name="申請 花子", email="hanako@stop.example.jp")
    entry = live(journey_site, hanako, number="4000012090001", host="stop.example.jp", name="停止省")
    hanako.open(f"/whitelist/entries/{entry}/")
    chromium.shoot(hanako.page, "j9-1-entry")
    with journey("J9 stop now", hanako) as walk:
        walk.click("a[data-kind=danger]")
        walk.click("main button[data-kind=danger]")
        prove(walk, hanako)
        hanako.page.locator(".banner[data-meaning=error]").first.wait_for()
        pressed = time.monotonic()
    wait_until(lambda: not listed(journey_site, entry), 60, "still on the list a minute later")
    assert time.monotonic() - pressed < 60
    chromium.shoot(hanako.page, "j9-2-stopped")
    assert walk.seconds < 60
    assert walk.clicks <= 3  # two clicks and the code's button


def test_a_reviewer_finds_and_stops_it_and_two_bring_it_back(journey_site, arrive):
    owner = arrive(name="申請 次郎", email="jiro@found.example.jp")
    entry = live(journey_site, owner, number="8000012050001", host="found.example.jp", name="発見省")
    reiko = arrive(name="審査 玲子", email="reiko-r7@j-lis.example.jp", role="reviewer")
    with journey("R7 emergency stop", reiko) as walk:
        walk.open("/review/entries/")
        walk.fill("#id_q", "found.example")
        walk.click("main form[role=search] button")
        walk.click(f"main a[href='/review/entries/{entry}/']")
        walk.click("main a[data-kind=danger]")
        walk.tick("input[name=reason][value=takeover]")
        walk.click("main button[data-kind=danger]")
        prove(walk, reiko)
        reiko.page.locator("#return-heading").wait_for()
    assert walk.seconds < 30
    wait_until(lambda: not listed(journey_site, entry), 60, "still on the list a minute later")
    reiko.page.locator("#id_words").fill("ホストの管理を取り戻し、証明書を入れ替えた。")
    reiko.page.locator("main form:has(#id_words) button").click()
    proof_of(reiko)
    chromium.shoot(reiko.page, "r7-return-proposed")
    renji = arrive(name="審査 蓮司", email="renji-r7@j-lis.example.jp", role="reviewer")
    renji.open("/review/entries/")
    assert entry in renji.page.inner_text("main")
    renji.open(f"/review/entries/{entry}/")
    renji.page.locator("main form[action$='return/confirm/'] button").click()
    proof_of(renji)
    wait_until(lambda: state(journey_site, entry) == "live", 10, "not back")


def proof_of(person):
    person.page.locator("#id_fresh-password").fill("correct horse battery staple")
    person.page.locator("#id_fresh-code").fill(person.fresh_code())
    person.send()


def test_the_board_of_health(journey_site, arrive):
    owner = arrive(name="申請 三郎", email="saburo@weak.example.jp")
    entry = live(journey_site, owner, number="5000012080001", host="weak.example.jp", name="点検省")
    scene(journey_site, "entries:called_for_review", entry=entry)
    reiko = arrive(name="審査 玲子", email="reiko-r8@j-lis.example.jp", role="reviewer")
    with journey("R8 triage a strike", reiko) as walk:
        walk.open("/review/entries/")
        chromium.shoot(reiko.page, "r8-1-board")
        walk.click(f"main a[href='/review/entries/{entry}/']")
        chromium.shoot(reiko.page, "r8-2-entry")
        walk.click("main form[action$='leave-live/'] button")
        prove(walk, reiko)
        reiko.page.locator(".banner").first.wait_for()
    assert state(journey_site, entry) == "live"
    reiko.page.set_viewport_size(chromium.NARROW)
    reiko.open(f"/review/entries/{entry}/")
    assert not chromium.scrolls_sideways(reiko.page)
    chromium.shoot(reiko.page, "r8-2-entry-390")
