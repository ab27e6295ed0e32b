"""Anybody may check a return server: harmless, counted, followed, and the same as in an application."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from openapi_schema_validator import OAS31Validator

from portal.api.document import document
from portal.jobs.models import Job
from tests.pure.whitelist_policy import return_servers
from whitelist import checks, probing, reporting
from whitelist.models import Probe, PublicCheck
from whitelist.policy.finding import Severity

URL = return_servers.URL
CHECK = "/api/v1/return-servers/check"

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(settings):
    settings.CHECKS_PER_ADDRESS_AND_HOUR = 3
    settings.CHECKS_PER_HOST_AND_HOUR = 2
    return Client()


def ask(now, url=URL, address="192.0.2.1", world="production"):
    return checks.ask(url, world=world, address=address, at=now).check


def look(check, **changes):
    """What the prober would have seen."""
    facts = return_servers.facts({name.replace("__", "."): value for name, value in changes.items()})
    probing.record(check.probe_id, facts)
    check.probe.refresh_from_db()


def post(client, **body):
    return client.post(CHECK, json.dumps(body), content_type="application/json")


def codes(report, severity):
    return {finding.code for finding in report.of(severity)}


def test_the_server_is_looked_at_and_judged(now):
    check = ask(now)
    before = checks.report_of(check, at=now)
    assert "tls.chain" in before.waiting
    assert not checks.is_done(check)

    look(check, tls__trust="incomplete_chain", tls__issuer="CN=Example CA")
    after = checks.report_of(checks.by_id(check.public_id), at=now)
    assert not after.waiting
    assert codes(after, Severity.BLOCK) == {"tls.incomplete_chain"}


def test_only_harmless_questions_are_asked(now):
    ask(now)
    probe = Probe.objects.get()
    assert (probe.reason, probe.extras) == ("public", {})
    assert Job.objects.filter(name="whitelist.probe_return_url", lane="probe").count() == 1


def test_it_is_the_report_of_an_application_less_what_is_the_applicants(cast, now):
    look(ask(now))
    anybodys = checks.report_of(PublicCheck.objects.get(), at=now)
    applicants = reporting.report_for(URL, provider=cast.bank, world="production", at=now, contacts={})
    of_applicant = {"dom.duplicate", "list.contact", "dns.txt_proof"}
    left = [finding.as_json() for finding in applicants.findings if finding.code not in of_applicant]
    assert [finding.as_json() for finding in anybodys.findings] == left


@pytest.mark.parametrize(
    "url", ["", "nonsense", "http://localhost:8000/r", "https://127.0.0.1/", "https://[::1]/", "http://a.example.jp/"]
)
def test_where_there_is_no_server_nobody_is_asked(now, url):
    assert ask(now, url) is None
    assert not Probe.objects.exists()


def test_a_fresh_look_is_shown_again_and_a_waiting_one_is_shared(now):
    first = ask(now)
    assert ask(now, address="192.0.2.2").probe == first.probe
    look(first)
    Probe.objects.update(looked_at=now)
    assert ask(now + timedelta(minutes=1), address="192.0.2.3").probe == first.probe
    assert ask(now + timedelta(minutes=3), address="192.0.2.4").probe != first.probe


def test_one_address_has_to_come_back_later(street, now):
    for number in range(3):
        ask(now + timedelta(minutes=number), f"https://a{number}.example.jp/")
    with pytest.raises(checks.TooMany) as refused:
        ask(now + timedelta(minutes=3), "https://a3.example.jp/")
    assert refused.value.code == "check.too_many_from_address"
    assert refused.value.again_at == now + timedelta(hours=1)
    assert ask(now + timedelta(hours=1), "https://a3.example.jp/")
    assert ask(now, "https://a3.example.jp/", address="192.0.2.9")


def test_one_host_is_left_alone(street, now):
    for number in range(2):
        ask(now, f"https://bank.example.jp/{number}", address=f"192.0.2.{number}")
    with pytest.raises(checks.TooMany, match=r"check\.too_many_for_host"):
        ask(now, "https://bank.example.jp/2", address="192.0.2.7")


def test_addresses_are_not_kept(now):
    check = ask(now, address="192.0.2.77")
    assert "192.0.2" not in str(vars(check))


def test_it_is_forgotten_after_a_day(now):
    check = ask(now)
    assert checks.forget(now + timedelta(hours=23)) == 0
    assert checks.forget(now + timedelta(hours=25)) == 1
    assert checks.by_id(check.public_id) is None


# Pages


def test_the_page_is_followed_until_the_look_is_done(client, now):
    answer = client.post("/whitelist/check/", {"url": URL, "world": "production"})
    check = PublicCheck.objects.get()
    assert answer["Location"] == f"/whitelist/check/{check.public_id}/"
    page = client.get(answer["Location"]).content.decode()
    assert 'data-live="' in page
    assert f'href="{answer["Location"]}"' in page  # without script: load again

    look(check, web__hsts=None)
    done = client.get(f"/whitelist/check/{check.public_id}/progress/").content.decode()
    assert "data-live" not in done
    assert "http.hsts" in done
    assert "/whitelist/recipes/http.hsts/?host=bank.example.jp" in done


def test_unreachable_is_open_and_says_who_called(client, now, settings):
    settings.PROBE_ADDRESSES = ["198.51.100.7"]
    check = ask(now)
    look(check, tls={"outcome": "timeout"}, web=None)
    page = client.get(f"/whitelist/check/{check.public_id}/").content.decode()
    assert "198.51.100.7" in page
    assert settings.PROBE_USER_AGENT in page
    assert 'data-meaning="unknown"' in page
    assert 'class="finding" data-meaning="error"' not in page


def test_too_many_says_when_to_come_back(street, client):
    for number in range(3):
        client.post("/whitelist/check/", {"url": f"https://a{number}.example.jp/"})
    answer = client.post("/whitelist/check/", {"url": "https://a3.example.jp/?x=1"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "check.too_many_from_address" in page
    assert "url.query" in page  # the form of the URL is checked all the same
    assert 'value="https://a3.example.jp/?x=1"' in page


@pytest.mark.parametrize("url", ["", "nonsense", "https://a.example.jp/\x00", "x" * 9000, "https://\ufffd.jp"])
def test_absurd_texts_are_answered(client, url):
    assert client.post("/whitelist/check/", {"url": url}).status_code in (200, 302)


# API


def test_the_api_gives_the_same_json(client, now):
    asked = post(client, url=URL).json()
    assert (asked["status"], asked["looked_at"]) == ("looking", None)
    check = PublicCheck.objects.get()
    look(check, tls__trust="self_signed")
    result = client.get(f"/api/v1/return-servers/checks/{check.public_id}", headers={"Accept-Language": "ja"})
    data = result.json()
    assert data["status"] == "done"
    bare = [{k: v for k, v in f.items() if k in finding_keys()} for f in data["report"]["findings"]]
    report = checks.report_of(check, at=now)
    assert {**data["report"], "findings": bare} == report.as_json()
    (chain,) = (f for f in data["report"]["findings"] if f["code"] == "tls.chain")
    assert chain["title"] == "証明書が自己署名です"
    assert result["Content-Language"] == "ja"


def finding_keys():
    return {"code", "variant", "severity", "observed", "expected_args", "span", "mend"}


def test_answers_have_the_documented_shape(client):
    schemas = document("en")["components"]["schemas"]
    whole = {**schemas["ReturnServerCheck"], "components": {"schemas": schemas}}
    validator = OAS31Validator(json.loads(json.dumps(whole)))
    for url in (URL, "nonsense"):
        validator.validate(post(client, url=url, world="sandbox").json())


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({}, "/url"), ({"url": 1}, "/url"), ({"url": URL, "world": "moon"}, "/world"), ({"url": URL, "more": 1}, "/more")],
)
def test_wrong_requests_are_named(client, body, pointer):
    answer = post(client, **body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_api_is_limited_too(street):
    for number in range(3):
        post(street, url=f"https://a{number}.example.jp/")
    answer = post(street, url="https://a3.example.jp/")
    assert (answer.status_code, answer.json()["code"]) == (429, "check.too_many_from_address")
    assert 0 < int(answer["Retry-After"]) <= 3600


def test_an_unknown_check_is_not_found(client):
    assert client.get("/api/v1/return-servers/checks/chk_nothing").json()["code"] == "not_found"
    assert client.get("/whitelist/check/chk_nothing/").status_code == 404
