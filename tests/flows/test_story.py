"""The main job, end to end, in a real browser from an empty database; every screen of it is kept as a picture."""

import base64
import json
import re
import secrets
import sys
import urllib.request
from types import SimpleNamespace
from urllib.parse import urlsplit

import jwt
import pytest

from tests.flows import applying
from tests.flows import browser as chromium
from tests.flows.people import Person
from tests.flows.scenes import scene
from tests.servers import ROOT, Processes, answers, wait_until

PRODUCTION_URL = "https://apply.bank.example.jp/jpki/return"


@pytest.fixture(params=["embedded", "postgresql+redis"])
def site(request, tmp_path):
    """The whole site by its one command, on SQLite without a broker, and on PostgreSQL with Redis."""
    environment = {}
    if request.param != "embedded":
        environment["DATABASE_URL"] = request.getfixturevalue("postgresql_url")
        environment["REDIS_URL"] = request.getfixturevalue("redis_url")
    processes = Processes(tmp_path, **environment)
    try:
        processes.up(seconds=180)  # migrating takes its time on a busy machine
        yield processes
    finally:
        processes.stop()


def test_story(site):
    with chromium.chromium() as browser:
        story = SimpleNamespace(
            site=site,
            hanako=Person(browser, site, name="申請 花子", email="hanako@bank.example.jp"),
            taro=Person(browser, site, name="連携 太郎", email="taro@bank.example.jp"),
            reiko=reviewer(browser, site, "審査 玲子", "reiko@j-lis.example.jp"),
            renji=reviewer(browser, site, "審査 蓮司", "renji@j-lis.example.jp"),
        )
        a_verdict_before_any_log_in(story)
        sign_up_and_organisation(story)
        environment_and_key(story)
        return_url(story)
        phone_certificates(story)
        log_in_and_sign_with_the_phone(story)
        lost_phone(story)
        unlisted_return_url(story)
        second_owner(story)
        domain_proof(story)
        application(story)
        first_approval(story)
        second_approval(story)
        lookup(story)
        for person in (story.hanako, story.taro, story.reiko, story.renji):
            assert person.complaints == []


def reviewer(browser, site, name, email):
    """Staff already; how they come to it is the story of test_journey_staff."""
    person = Person(browser, site, name=name, email=email)
    person.secret = scene(site, "people:person", email=email, name=name, role="reviewer")["secret"]
    return person


def a_verdict_before_any_log_in(story):
    page = story.hanako.page
    wait_until(lambda: answers(story.site.site_url + "/try/request.json"), 60, "no public demonstration")
    story.hanako.open("/")
    chromium.shoot(page, "01-landing")
    page.locator("#try button[data-kind=main]").click()
    assert "有効" in page.inner_text("#verdict")
    chromium.shoot(page, "02-first-verdict")
    key = re.search(r"Bearer (spk_test_\w+)", page.inner_text("#try-curl"))[1]
    with urllib.request.urlopen(story.site.site_url + "/try/request.json") as request:
        assert story.hanako.api("/api/v1/verifications", key, json.load(request))["verdict"] == "valid"


def sign_up_and_organisation(story):
    hanako = story.hanako
    hanako.sign_up()
    hanako.open("/organisation/register/")
    page = hanako.page
    page.locator("#id_name").fill("株式会社サンプル銀行")
    page.locator("#id_corporate_number").fill("8234567890123")
    page.locator("input[name=legal_basis][value=administrative_body]").check()
    hanako.send()
    assert page.locator("#id_corporate_number[aria-invalid=true]").count() == 1, "a wrong check digit was taken"
    chromium.shoot(page, "03-wrong-corporate-number")
    page.locator("#id_corporate_number").fill("9234567890123")
    page.locator("#id_test_environment").uncheck()
    hanako.send()
    hanako.open("/home/")
    chromium.shoot(page, "04-home")


def environment_and_key(story):
    hanako, page = story.hanako, story.hanako.page
    hanako.open("/test-environment/")
    chromium.shoot(page, "05-no-environment-yet")
    hanako.send()
    wait_until(lambda: ready(hanako), 60, "the test environment was not made")
    chromium.shoot(page, "06-test-environment")
    assert page.locator("a[href*='/personas/P']").count() >= 6
    story.environment = re.search(r"env_[0-9A-Z]{10}", page.inner_text("main"))[0]
    hanako.open("/organisation/keys/issue/")
    page.locator("#id_name").fill("見本サービス")
    hanako.send()
    story.key = page.locator("#issued-key").inner_text().strip()
    assert story.key.startswith("spk_test_")
    chromium.shoot(page, "07-key-shown-once")
    page.reload()
    assert story.key not in page.content()


def ready(person):
    person.open("/test-environment/")
    return "spk_" in person.page.content() or person.page.locator("a[href*='/personas/P']").count() >= 6


def return_url(story):
    hanako, page = story.hanako, story.hanako.page
    port = story.site.ports["sample"]
    script = str(ROOT / "examples" / "sample_sp" / "server.py")
    command = [sys.executable, script, "--portal", story.site.site_url, "--port", str(port)]
    story.site.start(*command, "--environment", story.environment, "--key", story.key)
    story.sample = f"http://localhost:{port}"
    wait_until(lambda: answers(story.sample), 15, "the sample SP did not start")
    hanako.open("/whitelist/add/")
    page.locator("#id_url").fill(f"http://user@localhost:{port}/return#top")
    page.get_by_text("url.userinfo").wait_for()
    chromium.shoot(page, "08-findings-beside-the-field")
    page.locator("#id_url").fill(f"{story.sample}/return")
    for box in page.locator("input[name=purposes], input[name=ways_in]").all():
        box.check()
    hanako.send()
    assert f"{story.sample}/return" in page.inner_text("main")
    chromium.shoot(page, "09-entry-live-at-once")


def phone_certificates(story):
    hanako, page = story.hanako, story.hanako.page
    hanako.open("/test-environment/personas/P21/")
    page.locator("main a[href$='/apply/']").first.click()
    chromium.shoot(page, "10-apply-for-phone-certificates")
    hanako.send()
    page.wait_for_url(re.compile("/orders/"))
    wait_until(lambda: page.locator("#order[data-live]").count() == 0, 30, "the order did not come to its end")
    assert page.locator("#order .hop[data-state=done]").count() == page.locator("#order .hop").count() >= 6
    chromium.shoot(page, "11-phone-certificates-stored")


def log_in_and_sign_with_the_phone(story):
    verdict = journey(story, "user_authentication", "1121", "12-consent-and-pin")
    assert verdict == "valid"
    chromium.shoot(story.hanako.page, "13-sample-sp-logged-in")
    assert journey(story, "signature", "MIHON21", "14-signature-password") == "valid"
    chromium.shoot(story.hanako.page, "15-sample-sp-application")
    story.hanako.open("/verifications/")
    chromium.shoot(story.hanako.page, "16-verification-log")


def journey(story, purpose, pin, picture):
    """From the sample SP to the virtual phone and back; returns the verdict the sample SP shows."""
    page = story.hanako.page
    page.goto(f"{story.sample}/")
    page.locator(f"a[href*='purpose={purpose}']").click()
    page.wait_for_url(re.compile("/test-environment/app/"))
    choose(page, "P21")
    chromium.shoot(page, picture)
    page.locator("#pin").fill(pin)
    page.locator("form.phone-ask button[data-kind=main]").click()
    page.wait_for_url(re.compile("/result/"), timeout=20_000)
    return page.locator("section.verdict").get_attribute("class").split()[-1]


def choose(page, persona):
    """Take another persona for the journey."""
    value = page.locator("#persona option", has_text=persona).first.get_attribute("value")
    page.locator("#persona").select_option(value)
    with page.expect_navigation():
        page.locator("form:has(#persona) button[type=submit]").click()


def lost_phone(story):
    hanako, page = story.hanako, story.hanako.page
    hanako.open("/test-environment/personas/P21/")
    page.locator("main a[href*='/phones/']").first.click()
    page.locator("main a[href$='/hold/']").first.click()
    chromium.shoot(page, "17-report-lost")
    page.locator("main button[data-kind=danger]").click()
    code = wait_until(lambda: held(story), 60, "the hold did not reach the verifier")
    assert code == "cert.on_hold"
    chromium.shoot(page, "18-on-hold-refused")
    hanako.open("/verifications/")
    page.locator("main a[href*='/verifications/ver_']").first.click()
    assert "cert.on_hold" in page.inner_text("main")
    chromium.shoot(page, "18b-on-hold-in-the-log")


def held(story):
    """The same log-in again, until the verifier's worker has fetched the new list."""
    verdict = journey(story, "user_authentication", "1121", "17b-consent-again")
    return story.hanako.page.locator("section.verdict code").first.inner_text() if verdict == "invalid" else None


def unlisted_return_url(story):
    page = story.hanako.page
    address = f"{story.sample}/start?purpose=user_authentication&return_url={story.sample}/Return"
    page.goto(address)
    assert page.url.startswith(story.site.site_url), "the browser was sent somewhere else"
    text = page.inner_text("main")
    position = len(f"{story.sample}/") + 1
    assert str(position) in text
    assert "0x52" in text
    assert "0x72" in text
    chromium.shoot(page, "19-not-listed-nothing-sent")


def second_owner(story):
    hanako, taro = story.hanako, story.taro
    hanako.open("/organisation/members/invite/")
    hanako.page.locator("#id_email").fill(taro.email)
    owner = hanako.page.locator("input[name=role][value=owner]")
    owner.check() if owner.count() else hanako.page.locator("#id_role").select_option("owner")
    hanako.send()
    taro.sign_up()
    link = re.search(r"http\S+/organisation/invitations/accept/\S+", invitation_mail(taro))[0]
    taro.page.goto(link)
    chromium.shoot(taro.page, "20-invitation")
    taro.send()
    taro.open("/organisation/members/")
    chromium.shoot(taro.page, "20-two-owners")


def invitation_mail(person):
    tab = person.context.new_page()
    tab.goto(person.site.site_url + "/mailbox/")
    mails = tab.locator("main a[href^='/mailbox/']").all()
    for address in [mail.get_attribute("href") for mail in mails]:
        tab.goto(person.site.site_url + address)
        text = tab.inner_text("main")
        if "/organisation/invitations/accept/" in text and person.email in text:
            return text
    pytest.fail("no invitation in the mailbox")


def domain_proof(story):
    """Hanako copies the value to where her DNS is kept, the console of the stand-in internet, and presses check."""
    hanako, page = story.hanako, story.hanako.page
    host = urlsplit(PRODUCTION_URL).hostname
    hanako.open("/whitelist/domains/")
    page.locator("#id_domain").fill(host)
    hanako.send()
    page.locator("#record-value").wait_for()
    into_the_dns(hanako, page.inner_text("#record-name"), page.inner_text("#record-value"))
    page.locator("#check-now").click()
    page.locator("#progress .chip[data-meaning='ok']").wait_for(timeout=90_000)
    assert "5か所中 5か所で一致" in page.inner_text("#progress")
    chromium.shoot(page, "20b-domain-proven")
    hanako.open("/whitelist/domains/")
    assert host in page.inner_text("main")
    chromium.shoot(page, "20c-domains")


def into_the_dns(person, name, value):
    tab = person.context.new_page()
    tab.goto(person.site.site_url + "/internet/")
    form = tab.locator("form:has(button[value='record'])")
    form.locator("#id_record_name").fill(name)
    form.locator("#id_record_value").fill(value)
    form.locator("button[value='record']").click()
    tab.get_by_text(value).first.wait_for()
    tab.close()


def application(story):
    hanako, page = story.hanako, story.hanako.page
    story.number = applying.fill_in(
        hanako,
        PRODUCTION_URL,
        purpose="インターネットバンキングのログインと、口座開設の申込みに使います。",
        look=lambda step: chromium.shoot(page, f"21-application-{step}"),
    )
    applying.contacts_answer(hanako)
    page.reload()
    chromium.shoot(page, "22-evidence-pack")
    hanako.send()
    page.wait_for_url(re.compile(f"/applications/{story.number}/$"))
    chromium.shoot(page, "23-sent")


def first_approval(story):
    reiko = story.reiko
    enter(reiko)
    confirm_legal_basis(story)
    take_up(story, reiko)
    chromium.shoot(reiko.page, "25-evidence")
    approve(story, reiko)
    chromium.shoot(reiko.page, "26-first-approval")
    reiko.open(f"/review/{story.number}/")
    assert reiko.page.locator("#decision").count() == 0, "the same person is offered the second approval"


def enter(person):
    person.log_in()


def confirm_legal_basis(story):
    reiko = story.reiko
    reiko.open("/organisation/directory/")
    page = reiko.page
    page.get_by_role("link", name="株式会社サンプル銀行").first.click()
    page.locator("main a[href*='/standing/']").first.click()
    page.locator("input[name=decision][value=confirm]").check()
    chromium.shoot(page, "23b-standing")
    reiko.send()
    page.wait_for_url(re.compile(r"/organisation/directory/\w+/$"))
    assert page.locator("main a[href*='/standing/']").count() == 0, "the question is still open"


def take_up(story, person):
    person.open("/review/")
    chromium.shoot(person.page, "24-queue")
    person.page.locator(f"form[action='/review/{story.number}/claim/'] button").click()
    person.open(f"/review/{story.number}/")


def approve(story, person):
    page = person.page
    if page.locator("#second-look").count():
        chromium.shoot(page, "27-blind-second-look")
        page.locator("#provisional-approve").check()
        page.locator("#second-look button[type=submit]").click()
    page.locator("#decision-approve").wait_for()
    for box in page.locator("input[name=criteria], input[name=findings_seen], #no-conflict").all():
        box.check()
    page.locator("#decision-approve").check()
    page.locator("#decision button[type=submit]").click()
    person.prove_again()
    page.wait_for_url(re.compile(r"/review/(WL-[\d-]+/)?$"))


def second_approval(story):
    renji, hanako = story.renji, story.hanako
    enter(renji)
    take_up(story, renji)
    approve(story, renji)
    chromium.shoot(renji.page, "27-second-approval")
    wait_until(lambda: published(hanako, story.number), 30, "the entry was not published")
    chromium.shoot(hanako.page, "28-published")
    hanako.open("/whitelist/list/")
    chromium.shoot(hanako.page, "29-list")
    hanako.open("/whitelist/list/1/")
    chromium.shoot(hanako.page, "30-list-version")
    assert PRODUCTION_URL in hanako.latest_mail()


def published(person, number):
    person.open(f"/whitelist/applications/{number}/")
    return "E-" in person.page.inner_text("main")


def lookup(story):
    """The lookup API answers "listed" for exactly those bytes, signed, verifiable with the published keys."""
    hanako = story.hanako
    hanako.open("/organisation/keys/issue/")
    page = hanako.page
    page.locator("#id_name").fill("本番")
    page.locator("input[name=environment][value=env_production]").check()
    hanako.send()
    key = page.locator("#issued-key").inner_text().strip()
    assert key.startswith("spk_live_")
    nonce = secrets.token_urlsafe(16)
    answer = hanako.api("/api/v1/whitelist/lookup", key, {"url": PRODUCTION_URL, "nonce": nonce})
    assert answer["listed"] is True
    with urllib.request.urlopen(story.site.site_url + "/.well-known/jwks.json") as published_keys:
        keys = {k["kid"]: k for k in json.load(published_keys)["keys"]}
    statement = answer["statement"]
    signer = jwt.PyJWK(keys[jwt.get_unverified_header(statement)["kid"]])
    claims = jwt.decode(statement, signer.key, algorithms=["ES256"], options={"verify_aud": False})
    assert base64.urlsafe_b64decode(claims["asked"] + "==") == PRODUCTION_URL.encode()
    assert claims["nonce"] == nonce
    assert claims["exp"] - claims["iat"] <= 60
    other = hanako.api("/api/v1/whitelist/lookup", key, {"url": PRODUCTION_URL + "/", "nonce": nonce})
    assert other["listed"] is False
