"""J3, prove the domain: one value copied, the rest in the background; the page says what every server answers."""

import re

import pytest

from testenv.internet import zone
from tests.flows import browser
from tests.flows.journey import journey
from tests.flows.scenes import scene
from tests.servers import wait_until

DOMAIN = "apply.domain-journey.example.jp"
NAME = f"_jpki-sp.{DOMAIN}"


@pytest.fixture(scope="module")
def zone_file(journey_site):
    return zone.folder(journey_site.folder) / "zone.json"


@pytest.fixture
def hanako(journey_site, arrive):
    person = arrive(name="証明 花子", email="hanako@domain-journey.example.jp")
    number = "3000012110008"
    scene(journey_site, "domains:organisation_once", owner=person.email, number=number, name="証明試験機構")
    return person


def rows(page):
    """Server -> what its line of the table says."""
    lines = [line.inner_text() for line in page.locator("#progress tbody tr").all()]
    return {re.search(r"(ns\d|127\.0\.53\.\d+)", line)[1]: line for line in lines}


def test_the_proof_comes_while_nobody_looks(hanako, zone_file):
    page = hanako.page
    with journey("J3 prove the domain (DNS)", hanako) as walk:
        walk.open("/whitelist/domains/")
        walk.fill("#id_domain", DOMAIN)
        walk.send()
        page.locator("#progress tbody tr").nth(4).wait_for(timeout=30_000)
        assert page.inner_text("#record-name") == NAME
        value = page.inner_text("#record-value")
        walk.click("[data-copy='#record-value']")

        with walk.aside():  # at the DNS service: two name servers have it, one still has an old value
            zone.add_record(zone_file, NAME, "TXT", value, only_at=("ns1", "ns2", "resolver-a"))
            zone.add_record(zone_file, NAME, "TXT", "jpki-sp=v1;Zp04aQ11aa", only_at=("ns3",))
        walk.click("#check-now")
        wait_until(lambda: "3か所で一致" in page.inner_text("#progress"), 30, "the old value was not seen")
        assert "古い値" in rows(page)["ns3"]
        assert "覚えています" in rows(page)["127.0.53.12"]
        assert "240秒" in rows(page)["127.0.53.12"]
        with walk.aside():
            browser.shoot(page, "j3-domain-waiting-1280")
            page.set_viewport_size(browser.NARROW)
            assert not browser.scrolls_sideways(page)
            browser.shoot(page, "j3-domain-waiting-390")
            page.set_viewport_size(browser.WIDE)
            everywhere(zone_file, value)
            # Nobody presses anything: the background asks again, and the page says so by itself.
            page.locator("#progress .chip[data-meaning='ok']").wait_for(timeout=90_000)
    assert "5か所中 5か所で一致" in page.inner_text("#progress")
    browser.shoot(page, "j3-domain-proven-1280")
    mail = wait_until(lambda: latest(hanako, "証明されました"), 20, "no mail came")
    assert DOMAIN in mail
    assert "Your domain is proven" in mail
    assert (walk.pages, walk.fields) <= (3, 1)
    assert walk.clicks <= 3
    assert walk.seconds < 120
    assert hanako.complaints == []


def everywhere(zone_file, value):
    with zone.editing(zone_file) as data:
        data["records"] = [record for record in data["records"] if record["name"] != NAME]
    zone.add_record(zone_file, NAME, "TXT", value)


def latest(person, words):
    text = person.latest_mail()
    return text if words in text else None


def test_the_file_for_whoever_cannot_change_the_dns(hanako, zone_file):
    page = hanako.page
    domain = "file.domain-journey.example.jp"
    with journey("J3 prove the domain (file)", hanako) as walk:
        walk.open("/whitelist/domains/")
        walk.fill("#id_domain", domain)
        walk.send()
        walk.click("button[value='file']")
        address, value = page.inner_text("#file-url"), page.inner_text("#file-value")
        with walk.aside():  # at the web server, here by the console of the stand-in internet
            tab = hanako.context.new_page()
            tab.goto(hanako.site.site_url + "/internet/")
            browser.shoot(tab, "internet-console-1280")
            tab.locator("#id_file_host").fill(domain)
            tab.locator("#id_file_path").fill(address.removeprefix(f"https://{domain}"))
            tab.locator("#id_file_body").fill(value)
            tab.locator("button[value='file']").click()
            tab.wait_for_load_state()
            assert address in tab.inner_text("main")
            tab.close()
        walk.click("#check-now")
        page.locator("#progress .chip[data-meaning='ok']").wait_for(timeout=60_000)
    browser.shoot(page, "j3-domain-file-1280")
    assert walk.fields == 1
    assert walk.clicks <= 3
    hanako.open("/whitelist/domains/")
    browser.shoot(page, "j3-domains-1280")
    assert hanako.complaints == []


def test_by_keyboard_and_in_english(hanako):
    page = hanako.page
    hanako.open("/whitelist/domains/")
    page.locator("#id_domain").focus()
    page.keyboard.type("co.jp")
    page.keyboard.press("Enter")
    page.locator(".error-summary, [role=alert]").first.wait_for()
    assert page.locator("#id_domain").input_value() == "co.jp"
    browser.shoot(page, "j3-domain-refused-1280")
    hanako.open("/whitelist/probes/")
    browser.shoot(page, "probes-about-1280")
