"""R9: an auditor is asked for the records of one organisation and hands out a file that an outsider can check."""

import subprocess
import sys
import urllib.request

import pytest

from tests.flows import browser
from tests.flows.journey import journey
from tests.flows.scenes import scene
from tests.servers import ROOT, wait_until

MANY, NAME = 2400, "記録される省"


@pytest.fixture
def bank(journey_site, arrive):
    """An organisation with a long trail, confirmed by a reviewer; everything is sealed and signed."""
    hanako = arrive(name="記録 花子", email="hanako@trail.example.jp")
    if not journey_site.query("SELECT 1 FROM providers_serviceprovider WHERE corporate_number = '2000012020001'"):
        made = scene(journey_site, "people:organisation", owner=hanako.email, number="2000012020001", name=NAME)
        scene(journey_site, "people:person", email="reiko@trail.example.jp", name="審査 記録子", role="reviewer")
        scene(journey_site, "trail:confirmed", provider=made["provider"], reviewer="reiko@trail.example.jp")
        scene(journey_site, "trail:busy", provider=made["provider"], by=hanako.email, events=MANY)
    wait_until(lambda: scene(journey_site, "trail:signed"), 120, "not everything was signed", pause=2)
    return hanako


def save(journey_site, path, to):
    with urllib.request.urlopen(journey_site.site_url + path, timeout=10) as answer:
        to.write_bytes(answer.read())


def verify(folder):
    command = [sys.executable, ROOT / "examples" / "verify_audit.py", folder / "export.jsonl"]
    options = ["--keys", folder / "keys.json", "--checkpoint", folder / "kept.json"]
    return subprocess.run([*command, *options], capture_output=True, text=True)


def test_an_auditor_hands_out_the_records_of_one_organisation(journey_site, arrive, bank, tmp_path):
    aoi = arrive(name="監査 葵", email="aoi@trail.example.jp", role="auditor")
    save(journey_site, "/audit/checkpoints/latest/", tmp_path / "kept.json")
    with journey("R9 signed export of one organisation", aoi) as walk:
        walk.open("/audit/")
        walk.fill("#filter-provider", NAME)
        walk.click(".filter-bar button[type=submit]")
        with aoi.page.expect_download() as download:
            walk.click("button[value=jsonl]")
        download.value.save_as(tmp_path / "export.jsonl")
    assert (walk.pages, walk.fields, walk.clicks) == (2, 1, 2)
    assert walk.seconds < 60
    assert "完了しました" in aoi.page.inner_text("[data-export-progress]")
    browser.shoot(aoi.page, "audit-explorer-ja")

    save(journey_site, "/.well-known/jwks.json", tmp_path / "keys.json")
    done = verify(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[1]) > MANY
    changed = (tmp_path / "export.jsonl").read_bytes().replace(b'"n":1000}', b'"n":1001}', 1)
    (tmp_path / "export.jsonl").write_bytes(changed)
    assert "was changed" in verify(tmp_path).stdout

    aoi.page.locator("main table tbody a").first.click()
    assert "封印と一致しています" in aoi.page.inner_text("main")
    browser.shoot(aoi.page, "audit-event-ja")
    assert aoi.complaints == []


def test_an_organisation_reads_its_own_record(journey_site, bank):
    with journey("R9b own record of operations", bank) as walk:
        walk.open("/organisation/")
        walk.click("a[href='/audit/']")
        walk.choose("#filter-action", "provider.")
        walk.click(".filter-bar button[type=submit]")
        bank.page.wait_for_url("**action=provider.**")
    assert "審査 記録子" not in bank.page.inner_text("main")
    bank.open("/audit/?action=provider.basis_confirmed")
    assert "J-LIS 審査担当者" in bank.page.inner_text("main")
    bank.page.set_viewport_size(browser.NARROW)
    assert not browser.scrolls_sideways(bank.page)
    browser.shoot(bank.page, "audit-own-narrow-ja")
