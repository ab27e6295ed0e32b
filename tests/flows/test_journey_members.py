"""J10: a person leaves and another takes over; and a platform operator acts, and enters many return servers at once."""

import io
import re

from openpyxl import Workbook

from tests import organisations
from tests.flows import browser as chromium
from tests.flows.journey import journey
from tests.flows.scenes import scene

BUDGET_SECONDS = 180


def test_a_person_leaves_and_another_becomes_an_owner(journey_site, arrive):
    hanako = arrive(name="申請 花子", email="hanako@leaving.example.jp")
    taro = arrive(name="連携 太郎", email="taro@leaving.example.jp")
    saburo = arrive(name="後任 三郎", email="saburo@leaving.example.jp")
    number = organisations.number(910)
    scene(journey_site, "people:organisation", owner=hanako.email, second=taro.email, number=number, name="引継ぎ省")
    with journey("J10 person leaves, new admin", hanako) as walk:
        walk.open("/organisation/members/")
        walk.click("main a[href='/organisation/members/invite/']")
        walk.fill("#id_email", saburo.email)
        walk.tick("input[name=role][value=owner]")
        walk.send()
        hanako.page.wait_for_url(re.compile("/organisation/members/$"))
        with walk.aside():
            link = re.search(r"http://\S+/organisation/invitations/accept/\S+", saburo.latest_mail())[0]
            saburo.page.goto(link)
            saburo.send()
            saburo.page.wait_for_url(re.compile("/home/"))
        hanako.page.reload()
        walk.click(hanako.page.locator("main tr", has_text="連携 太郎").locator("a[data-kind=danger]"))
        walk.click("main button[data-kind=danger]")
        hanako.page.wait_for_url(re.compile("/organisation/members/$"))
    people = hanako.page.locator("main table").first.inner_text()
    assert "連携 太郎" not in people
    assert "後任 三郎" in people
    assert (walk.fields, walk.clicks) <= (1, 6)
    assert walk.pages <= 7
    assert walk.seconds < BUDGET_SECONDS
    chromium.shoot(hanako.page, "organisations-members-1280")
    hanako.page.set_viewport_size(chromium.NARROW)
    assert not chromium.scrolls_sideways(hanako.page)
    chromium.shoot(hanako.page, "organisations-members-390")
    assert hanako.complaints == []


def table(*urls: str) -> bytes:
    book, held = Workbook(), io.BytesIO()
    book.active.append(["返却先URL", "受け取る証明書", "入り方", "利用目的", "連絡先メール", "法人番号"])
    for url, number in urls:
        book.active.append([url, "利用者証明用、署名用", "QRコード", "口座開設", "security@example.jp", number])
    book.save(held)
    return held.getvalue()


def hand_in(person, content: bytes, world: str) -> None:
    person.open("/whitelist/bulk/")
    person.page.locator(f"input[name=world][value={world}]").check()
    file = {"name": "返却先.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    person.page.set_input_files("#id_table", file)
    person.send()
    person.page.wait_for_url(re.compile(r"/whitelist/bulk/imp_"))


def test_an_operator_acts_for_others_and_enters_many_at_once(journey_site, arrive):
    own, number = organisations.number(920), organisations.number(921)
    reviewer = "reiko@operators.example.jp"
    scene(journey_site, "people:person", email=reviewer, name="審査 玲子", role="reviewer")
    hanako = arrive(name="代行 花子", email="hanako@operators.example.jp")
    front = {"owner": hanako.email, "number": own, "name": "株式会社見本プラットフォーム", "reviewer": reviewer}
    scene(journey_site, "operators:operator", **front)
    served = {"owner": "jiro@behind.example.jp", "number": number, "name": "見本証券株式会社", "reviewer": reviewer}
    scene(journey_site, "operators:behind", operator_owner=hanako.email, **served)

    hanako.open("/organisation/seats/")
    chromium.shoot(hanako.page, "organisations-seats-1280")
    hanako.page.get_by_role("button", name=re.compile("代理で操作する")).click()
    hanako.page.wait_for_url(re.compile("/home/"))
    assert "見本証券株式会社の代理として操作中" in hanako.page.inner_text("aside.acting")
    chromium.shoot(hanako.page, "organisations-acting-1280")
    hanako.page.set_viewport_size(chromium.NARROW)
    assert not chromium.scrolls_sideways(hanako.page)
    chromium.shoot(hanako.page, "organisations-acting-390")
    hanako.page.set_viewport_size(chromium.WIDE)
    hanako.page.locator("aside.acting button").click()
    hanako.page.wait_for_url(re.compile("/home/"))
    assert hanako.page.locator("aside.acting").count() == 0

    hand_in(
        hanako, table(("http://wrong.example.jp/return", number), ("https://a.example.jp/return", "123")), "production"
    )
    hanako.page.get_by_text("Sheet!A2").first.wait_for(timeout=60_000)
    assert "Sheet!F3" in hanako.page.inner_text("main")
    chromium.shoot(hanako.page, "organisations-bulk-findings-1280")
    hanako.page.set_viewport_size(chromium.NARROW)
    assert not chromium.scrolls_sideways(hanako.page)
    chromium.shoot(hanako.page, "organisations-bulk-findings-390")
    hanako.page.set_viewport_size(chromium.WIDE)

    both = [("https://h0.example.jp/return", number)]  # the same return server again, for somebody served
    rows = [(f"https://h{n}.example.jp/return", number if n % 2 else own) for n in range(50)] + both
    hand_in(hanako, table(*rows), "production")
    button = hanako.page.get_by_role("button", name=re.compile("申請の下書きを50件作る"))
    button.wait_for(timeout=60_000)
    assert "2、52" in hanako.page.inner_text("main")  # rows count from the headings
    hanako.page.get_by_text("サーバ50台").wait_for()
    chromium.shoot(hanako.page, "organisations-bulk-ready-1280")
    hanako.page.set_viewport_size(chromium.NARROW)
    assert not chromium.scrolls_sideways(hanako.page)
    chromium.shoot(hanako.page, "organisations-bulk-ready-390")
    hanako.page.set_viewport_size(chromium.WIDE)
    hanako.page.get_by_text("サーバ50台の確認が終わりました").wait_for(timeout=120_000)
    chromium.shoot(hanako.page, "organisations-bulk-seen-1280")
    button.click()
    hanako.page.get_by_role("link", name="申請を見る").wait_for(timeout=60_000)
    assert "登録済み" in hanako.page.inner_text("main") or "50" in hanako.page.inner_text("main")
    assert hanako.complaints == []
