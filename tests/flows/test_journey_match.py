"""J8: why did the app not come back? Paste what was sent, read the byte, send the registered value."""

from tests.flows import browser
from tests.flows.journey import journey
from tests.flows.scenes import scene

ENTRIES = [
    "https://bank.match.example.jp/jpki/return",
    "https://bank.match.example.jp/login/return",
    "https://old.match.example.jp/return",
]
REQUEST = (
    "GET /test-environment/app?env=env_x&request_id=r-2026-11-23&purpose=user_authentication"
    "&return_url=https%3A%2F%2Fbank.match.example.jp%2Fjpki%2FReturn%2F&way=app_link HTTP/1.1"
)


def test_the_byte_that_differs_is_found_in_a_minute(journey_site, arrive):
    taro = arrive(name="一致 太郎", email="taro@match.example.jp")
    made = scene(journey_site, "people:organisation", owner=taro.email, number="1000012098765", name="一致する省")
    scene(journey_site, "matching:entered", provider=made["provider"], by=taro.email, urls=ENTRIES)
    with journey("J8 why did the app not return to me?", taro) as walk:
        walk.open("/whitelist/match/")
        walk.fill("#id_url", REQUEST)
        walk.send()
        taro.page.wait_for_selector(".banner")
        told = taro.page.inner_text("main")
        assert "一致しません。36バイト目が違います" in told
        assert "0x52" in told
        assert "0x72" in told
    assert (walk.pages, walk.fields, walk.clicks) == (2, 1, 1)
    assert walk.seconds < 60
    assert ENTRIES[0] in told
    browser.shoot(taro.page, "match-near-ja")
    taro.page.set_viewport_size(browser.NARROW)
    assert not browser.scrolls_sideways(taro.page)
    browser.shoot(taro.page, "match-near-narrow-ja")
    taro.page.set_viewport_size(browser.WIDE)

    taro.page.fill("#id_url", ENTRIES[0])
    taro.send()
    taro.page.wait_for_selector(".banner[data-meaning=ok]")
    browser.shoot(taro.page, "match-ok-ja")

    taro.page.fill("#id_url", ENTRIES[0])
    taro.page.check("input[value=production]")
    taro.send()
    taro.page.wait_for_selector(".banner[data-meaning=warning]")
    assert "試験環境だけに登録されています" in taro.page.inner_text("main")

    taro.page.check("input[value=sandbox]")
    taro.page.fill("#id_url", "https://elsewhere.example.com/callback")
    taro.send()
    taro.page.wait_for_selector(".banner[data-meaning=error]")
    assert "近い登録もありません" in taro.page.inner_text("main")
    assert taro.page.locator("section[aria-labelledby=others-heading] tbody tr").count() == 3
    browser.shoot(taro.page, "match-nothing-near-ja")
    assert taro.complaints == []
