"""R11: is everything published and in effect? One page, ten seconds. And what anybody sees of the same (picture 10)."""

from tests.flows import browser as chromium
from tests.flows.browser import NARROW, WIDE
from tests.flows.journey import journey
from tests.flows.scenes import scene
from tests.servers import wait_until

URL = "https://publication.example.jp/jpki/return"


def published(site, owner):
    scene(
        site,
        "entries:live_entry",
        owner=owner.email,
        second="second@publication.example.jp",
        number="5000012060001",
        name="公開省",
        url=URL,
    )
    in_effect = (
        "SELECT count(*) FROM whitelist_acknowledgement a JOIN whitelist_listversion v ON v.id = a.version_id "
        "JOIN environments_environment e ON e.id = v.environment_id WHERE e.kind = 'production' AND v.number = "
        "(SELECT max(w.number) FROM whitelist_listversion w WHERE w.environment_id = v.environment_id)"
    )
    listed = f"SELECT count(*) FROM whitelist_logleaf WHERE content LIKE '%{URL}%'"
    wait_until(lambda: site.query(listed)[0][0] > 0, 60, "not published within a minute")
    return site.query(in_effect)[0][0]


def test_publish_check(journey_site, arrive):
    hanako = arrive(name="申請 花子", email="hanako@publication.example.jp")
    published(journey_site, hanako)
    reiko = arrive(name="審査 玲子", email="reiko@publication.example.jp", role="reviewer")
    reiko.open("/review/")
    with journey("R11 publish check", reiko) as walk:
        walk.click("nav a[href='/review/publication/']")
        reiko.page.locator("[data-verified=ok]").wait_for()
    assert (walk.pages, walk.fields, walk.clicks) == (1, 0, 1)
    assert walk.seconds < 10
    main = reiko.page.inner_text("main")
    assert "このブラウザで確認" in main
    assert "公開待ちはありません" in main
    chromium.shoot(reiko.page, "r11-1-board")
    reiko.page.set_viewport_size(NARROW)
    chromium.shoot(reiko.page, "r11-1-board-390")


def test_anybody_checks_an_entry(journey_site, arrive):
    hanako = arrive(name="申請 花子", email="anybody@publication.example.jp")
    hanako.open("/whitelist/list/")
    page = hanako.page
    page.locator("[data-verified=ok]").wait_for()
    page.fill("#id_url", URL)
    page.locator("main form button[type=submit]").click()
    page.locator(".ladder").wait_for()
    assert "署名の値と一致" in page.inner_text("main")
    for name, size in (("10-list", WIDE), ("10-list-390", NARROW)):
        page.set_viewport_size(size)
        chromium.shoot(page, name)
