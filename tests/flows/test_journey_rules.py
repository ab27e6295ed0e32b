"""Checking before applying (J2, within a minute), and changing a rule between two people (R10)."""

import json

from tests.flows import browser as chromium
from tests.flows.journey import journey
from tests.flows.people import Person
from tests.flows.test_journey_incident import live, prove
from tests.servers import wait_until


def test_a_url_is_checked_before_applying(journey_site, chrome):
    passer = Person(chrome, journey_site, name="通りすがり", email="nobody@example.jp")
    with journey("J2 check a URL before applying", passer) as walk:
        walk.open("/")
        walk.fill(".checker-form #id_url", "https://incomplete.example.jp/jpki/return?v=1")
        walk.click(".checker-form button[type=submit]")
        passer.page.locator("#check-progress").wait_for()
        chromium.shoot(passer.page, "j2-1-looking")
        passer.page.locator("#check-progress:not([data-live])").wait_for(timeout=50_000)
        chromium.shoot(passer.page, "j2-2-findings")
        walk.click(passer.page.locator("a[href*='recipes/tls.incomplete_chain']"))
        passer.page.locator("pre").first.wait_for()
    assert "server_name incomplete.example.jp;" in passer.page.content()
    chromium.shoot(passer.page, "j2-3-recipe")
    assert walk.seconds < 60
    assert (walk.fields, walk.clicks) == (1, 2)

    body = {"url": "https://incomplete.example.jp/jpki/return?v=1"}
    answer = passer.page.request.post(
        f"{journey_site.site_url}/api/v1/return-servers/check",
        data=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    codes = {f["code"] for f in answer.json()["report"]["findings"] if f["severity"] == "block"}
    assert codes >= {"url.query", "tls.incomplete_chain"}


def test_a_rule_is_changed_by_two(journey_site, arrive):
    owner = arrive(name="規則 花子", email="hanako@rules.example.jp")
    live(journey_site, owner, number="2000012010019", host="rules.example.jp:8443", name="規則省")
    reiko = arrive(name="審査 玲子", email="reiko-r10@j-lis.example.jp", role="reviewer")
    renji = arrive(name="審査 蓮司", email="renji-r10@j-lis.example.jp", role="reviewer")

    with journey("R10 change a rule: dry run and proposal", reiko) as walk:
        walk.open("/review/rules/")
        chromium.shoot(reiko.page, "r10-1-versions")
        walk.click("main a.button[data-kind=main]")
        walk.choose("select[name='production:url.port']", "block")
        walk.click("button[value=try]")
        reiko.page.locator("#trial").wait_for()
        assert "rules.example.jp:8443" in reiko.page.locator("#trial").inner_text()
        chromium.shoot(reiko.page, "r10-2-dry-run")
        walk.fill("#id_note", "443番以外のポートは、届かないネットワークが多いためです。")
        walk.click("button[value=propose]")
        reiko.page.wait_for_url("**/review/rules/*/")
        address = reiko.page.url.removeprefix(journey_site.site_url)
    chromium.shoot(reiko.page, "r10-3-proposed")
    assert walk.seconds < 450
    assert walk.fields <= 4

    with journey("R10 change a rule: second person", renji) as walk:
        walk.open(address)
        walk.click("main form[action$='/confirm/'] button")
        prove(walk, renji)
        renji.page.wait_for_url(f"**{address}")
    chromium.shoot(renji.page, "r10-4-confirmed")
    assert walk.seconds < 450
    mails = "SELECT COUNT(*) FROM mailbox_message WHERE body LIKE '%rules.example.jp:8443%' AND body LIKE '%url.port%'"
    wait_until(lambda: journey_site.query(mails)[0][0] >= 1, 60, "no mail to the provider")
