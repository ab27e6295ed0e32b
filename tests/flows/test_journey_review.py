"""The reviewers: pick (R1), first review (R2), second look (R3), correction (R4), refusal (R5), fast lane (R6).

Seconds are the machine's own; the budgets in minutes are for people and leave room to read. PostgreSQL and Redis.
"""

import re

import pytest

from tests.flows import browser as chromium
from tests.flows.journey import journey
from tests.flows.scenes import scene
from tests.servers import wait_until

HOST = "https://return.review.example.jp"


@pytest.fixture(scope="module")
def desk(journey_site):
    """Two reviewers, an organisation whose basis was confirmed, and one case for each journey."""
    site, emails = journey_site, {"owner": "hanako@review.example.jp", "second": "taro@review.example.jp"}
    for name, email in emails.items():
        scene(site, "people:person", email=email, name=f"申請 {name}")
    scene(site, "people:person", email="reiko@review.example.jp", name="審査 玲子", role="reviewer")
    made = scene(site, "people:organisation", number="4000012090001", name="審査を受ける省", **emails)
    scene(site, "review:confirmed_basis", provider=made["provider"], by="reiko@review.example.jp")
    cases = {
        name: scene(site, "review:case", owner=emails["owner"], provider=made["provider"], url=f"{HOST}/{name}/return")[
            "case"
        ]
        for name in ("approve", "correct", "refuse")
    }
    return {"site": site, "cases": cases, **made}


@pytest.fixture(scope="module")
def reviewers():
    return {}


@pytest.fixture
def reiko(arrive, reviewers):
    if "reiko" not in reviewers:
        reviewers["reiko"] = arrive(name="審査 玲子", email="reiko@review.example.jp", role="reviewer")
    return reviewers["reiko"]


@pytest.fixture
def renji(arrive, reviewers):
    if "renji" not in reviewers:
        reviewers["renji"] = arrive(name="審査 蓮司", email="renji@review.example.jp", role="reviewer")
    return reviewers["renji"]


def pictures(person, name):
    """The page at 1280 and at 390 pixels; axe finds nothing, nothing scrolls sideways."""
    page = person.page
    for width, size in (("1280", chromium.WIDE), ("390", chromium.NARROW)):
        page.set_viewport_size(size)
        chromium.shoot(page, f"review-{name}-{width}")
        assert not chromium.scrolls_sideways(page), f"{name} at {width}"
    page.set_viewport_size(chromium.WIDE)


def sign(walk):
    """Both factors for this one decision; waiting for the next code is the telephone's time."""
    walk.page.locator("#id_fresh-code").wait_for()
    with walk.aside():
        code = walk.person.fresh_code()
    walk.fill("#id_fresh-password", "correct horse battery staple")
    walk.fill("#id_fresh-code", code)
    walk.send()
    walk.page.wait_for_load_state()


def tick_everything(walk):
    for box in walk.page.locator("input[name=criteria], input[name=findings_seen], #no-conflict").all():
        box.check()
        walk.clicks += 1


def state_of(desk, name):
    return scene(desk["site"], "review:state_of", case=desk["cases"][name])


def _down_to(case, walk, waiting):
    """With the keyboard alone, to the row of one case."""
    for _ in range(waiting):
        walk.page.keyboard.press("j")
        if case in walk.page.locator("tr[data-here]").inner_text():
            return
    raise AssertionError(f"{case} is not in the queue")


def test_r1_pick_work(desk, reiko):
    case = desk["cases"]["approve"]
    with journey("R1 pick work", reiko) as walk:
        walk.open("/review/")
        waiting = int(walk.page.locator("nav .count-bubble").first.inner_text())
        assert waiting >= 3  # cases of other journeys wait on the same desk
        _down_to(case, walk, waiting)
        walk.page.keyboard.press("c")
        walk.page.wait_for_url(f"**/review/{case}/")
    assert walk.pages <= 3
    assert walk.seconds < 10
    reiko.open("/review/")
    pictures(reiko, "queue")
    reiko.page.locator("#queue-keys summary").click()
    reiko.page.locator("#queue-keys-on").uncheck()
    reiko.open("/review/")
    reiko.page.keyboard.press("j")
    assert reiko.page.locator("tr[data-here]").count() == 0
    reiko.page.keyboard.press("?")
    reiko.page.locator("#queue-keys-on").check()


def test_r2_first_review(desk, reiko):
    case = desk["cases"]["approve"]
    reiko.open(f"/review/{case}/")
    pictures(reiko, "evidence")
    with journey("R2 first review, all green", reiko) as walk:
        walk.open(f"/review/{case}/")
        tick_everything(walk)
        walk.tick("#decision-approve")
        walk.fill("#id_note", "表示名も異なる。")
        walk.click("#decision button[type=submit]")
        sign(walk)
    assert state_of(desk, "approve")["state"] == "first_approved"
    assert walk.fields <= 3
    assert walk.seconds < 60


def test_r3_second_approval(desk, renji):
    case = desk["cases"]["approve"]
    renji.open(f"/review/{case}/")
    assert "表示名も異なる。" not in renji.page.content()
    pictures(renji, "blind")
    with journey("R3 second approval", renji) as walk:
        walk.open(f"/review/{case}/")
        walk.tick("#provisional-approve")
        walk.click("#second-look button[type=submit]")
        walk.page.locator("#decision").wait_for()
        assert "表示名も異なる。" in walk.page.inner_text("aside.drawer-card")
        tick_everything(walk)
        walk.tick("#decision-approve")
        walk.click("#decision button[type=submit]")
        sign(walk)
    assert walk.fields <= 2
    assert walk.seconds < 60
    wait_until(lambda: state_of(desk, "approve")["state"] == "published", 120, "the entry was not published", pause=1)
    renji.open(f"/review/{case}/notice/")
    pictures(renji, "notice")
    assert "E-0" in renji.page.inner_text("main")


def test_r4_request_changes(desk, reiko):
    case = desk["cases"]["correct"]
    with journey("R4 request changes", reiko) as walk:
        walk.open(f"/review/{case}/")
        walk.tick("#decision-request_changes")
        walk.choose("select[name='ask:url']", "url_not_as_sent")
        walk.choose("select[name='ask:contacts.security']", "contact_personal")
        walk.fill("textarea[name='ask-text:contacts.security']", "24時間つながる窓口を記載してください。")
        walk.tick("#no-conflict")
        walk.click("#decision button[type=submit]")
        walk.page.locator("button[name=previewed]").wait_for()
        told = walk.page.inner_text("main")
        assert "1バイトも違わず" in told
        assert "byte for byte" in told
        with walk.aside():
            pictures(reiko, "preview-correction")
        walk.click("button[name=previewed]")
        sign(walk)
    assert state_of(desk, "correct")["state"] == "changes_requested"
    assert walk.fields <= 5
    assert walk.seconds < 120


def test_r5_refuse(desk, reiko):
    case = desk["cases"]["refuse"]
    with journey("R5 refuse", reiko) as walk:
        walk.open(f"/review/{case}/")
        walk.tick("#decision-refuse")
        walk.choose("#id_criterion", "2-3")
        walk.fill("#id_message", "他の組織のサーバと見分けがつきません。")
        walk.tick("#no-conflict")
        walk.click("#decision button[type=submit]")
        walk.page.locator("button[name=previewed]").wait_for()
        assert "行政不服審査法" in walk.page.inner_text("main")
        with walk.aside():
            pictures(reiko, "preview-refusal")
        walk.click("button[name=previewed]")
        sign(walk)
    assert state_of(desk, "refuse")["state"] == "refused"
    assert walk.fields <= 4
    assert walk.seconds < 120


def test_r6_fast_lane(desk, reiko, renji):
    case = desk["cases"]["approve"]
    scene(desk["site"], "review:changed_path", case=case, url=f"{HOST}/approve/v2/return")
    for name, person in (("first", reiko), ("second", renji)):
        with journey(f"R6 fast lane, {name}", person) as walk:
            walk.open("/review/?view=fast")
            line = walk.page.locator("tr[data-case]").inner_text()
            assert "/approve/return" in line
            assert "/approve/v2/return" in line
            if name == "first":
                with walk.aside():
                    pictures(person, "fast-lane")
            walk.click("tr[data-case] form button")
            walk.page.wait_for_url(re.compile("WL-"))
            if name == "second":
                walk.tick("#provisional-approve")
                walk.click("#second-look button[type=submit]")
                walk.page.locator("#decision").wait_for()
            tick_everything(walk)
            walk.tick("#decision-approve")
            walk.click("#decision button[type=submit]")
            sign(walk)
        assert walk.clicks <= 25
        assert walk.seconds < 60
    wait_until(lambda: state_of(desk, "approve")["state"] == "published", 120, "the change was not published", pause=1)


def test_figures_are_public(desk, reiko):
    reiko.open("/whitelist/statistics/")
    pictures(reiko, "figures")
    reiko.open("/review/?view=decided")
    pictures(reiko, "decided")
