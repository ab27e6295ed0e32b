"""The verification log: an SP's people see their own verifications, find the cause, and nobody else sees them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from portal.environments.models import Environment
from tests import cast
from tests.organisations import SECOND_NUMBER, provider_of, seat
from tests.pure.pki.forge import rsa_key
from tests.verifier.bench import HELD, HOUR, LIFE, NOW, Bench, a_bench, crl
from verifier.milestones import first_valid
from verifier.models import Verification
from verifier.pki.profiles import Medium
from verifier.rule_words import RULES

pytestmark = pytest.mark.django_db
LIST = "/verifications/"


@pytest.fixture
def bench() -> Bench:
    return a_bench(provider_of(cast.hanako()))


def page(client: Client, path: str = LIST) -> str:
    response = client.get(path)
    assert response.status_code == 200
    html: str = response.content.decode()
    assert "style=" not in html
    assert html.count("<h1") == 1
    return html


def a_verification(bench: Bench, **changes: Any) -> Verification:
    return Verification.objects.get(public_id=bench.post(body=bench.body(**changes)).json()["id"])


def steps_in(html: str) -> list[str]:
    tree = html.split('class="step-tree"')[1].split("</ol>")[0]
    return re.findall(r'class="status" data-meaning="([a-z_]+)"', tree)


def test_before_the_first_call_stands_the_call_to_make(bench: Bench) -> None:
    html = page(cast.browser_of(cast.hanako()))
    assert "curl -sS" in html
    assert "Bearer $SPK_TEST_KEY" in html
    assert reverse("landing-request") in html


def test_a_person_without_an_organisation_is_sent_to_enter_it() -> None:
    response = cast.browser_of(cast.jiro()).get(LIST)
    assert response["Location"] == reverse("providers:provider-register")


def test_the_list_links_each_verification_to_its_record(bench: Bench) -> None:
    record = a_verification(bench, request_id="login-0001")
    browser = cast.browser_of(cast.hanako())
    address = reverse("verifier:verification-detail", args=[record.public_id])
    assert address in page(browser)
    html = page(browser, address)
    assert "login-0001" in html
    assert 'aria-current="true"' in html
    assert steps_in(html)[:8] == ["ok"] * 8


def test_the_step_that_decided_is_open_and_the_later_ones_say_why_they_were_not_run(bench: Bench) -> None:
    record = a_verification(bench, message="AAAA")
    html = page(cast.browser_of(cast.hanako()), f"{LIST}{record.public_id}/")
    assert steps_in(html) == ["ok"] * 6 + ["error", "not_run"]
    assert 'data-deciding data-meaning="error"' in html
    assert "other_message" in html


def test_the_rule_that_was_broken_stands_in_words_beside_its_name(bench: Bench) -> None:
    der = bench.ca.issue(Medium.PHONE_ANDROID, signer=rsa_key("impostor"), **LIFE)
    record = a_verification(bench, der=der)
    browser = cast.browser_of(cast.hanako())
    for language in ("ja", "en"):
        browser.cookies["django_language"] = language
        html = page(browser, reverse("verifier:verification-detail", args=[record.public_id]))
        with translation.override(language):
            assert f'{escape(RULES["issuer_key_made_the_signature"])} <code class="small">' in html
    assert '<code class="small">issuer_key_made_the_signature</code>' in html


def test_a_hold_shows_the_window_of_the_list_it_rests_on(bench: Bench) -> None:
    bench.take_in(crl(bench.ca, (1001, HELD), number=8))
    record = a_verification(bench)
    html = page(cast.browser_of(cast.hanako()), f"{LIST}{record.public_id}/")
    deciding = html.split("data-deciding")[1].split("</li>")[0]
    assert 'class="meter freshness"' in deciding
    assert "certificate_hold" in deciding


def test_an_indeterminate_verdict_is_not_painted_as_a_refusal(bench: Bench) -> None:
    bench.take_in(crl(bench.ca, this_update=NOW - HOUR / 2, next_update=NOW + HOUR, number=8))
    Environment.objects.filter(pk=bench.environment.pk).update(clock_offset=7200)
    record = a_verification(bench)
    html = page(cast.browser_of(cast.hanako()), f"{LIST}{record.public_id}/")
    assert 'data-deciding data-meaning="unknown"' in html
    assert "retryable: true" in html


def test_colleagues_see_it_and_others_do_not(bench: Bench) -> None:
    record = a_verification(bench)
    seat(cast.taro(), record.provider)
    provider_of(cast.jiro(), number=SECOND_NUMBER, name="次郎商店")
    address = f"{LIST}{record.public_id}/"

    assert cast.browser_of(cast.taro()).get(address).status_code == 200
    assert cast.browser_of(cast.jiro()).get(address).status_code == 404
    assert record.public_id not in page(cast.browser_of(cast.jiro()))
    assert cast.browser_of(None).get(address).status_code == 302
    for unknown in ("ver_x", "ver_" + "0" * 20, "ver_%00"):
        assert cast.browser_of(cast.hanako()).get(f"{LIST}{unknown}/").status_code == 404


def test_filters_narrow_the_list_and_absurd_ones_are_ignored(bench: Bench) -> None:
    good = a_verification(bench, request_id="login-good")
    bad = a_verification(bench, message="AAAA", request_id="login-bad-1")
    browser = cast.browser_of(cast.hanako())

    def shown(query: str) -> set[str]:
        html = page(browser, f"{LIST}?{query}")
        return {record.public_id for record in (good, bad) if record.public_id in html}

    both = {good.public_id, bad.public_id}
    assert shown("") == both
    assert shown("verdict=valid") == {good.public_id}
    assert shown("verdict=invalid&medium=phone_android") == {bad.public_id}
    assert shown("medium=card") == set()
    assert shown("search=login-bad-1") == {bad.public_id}
    assert shown(f"search={good.public_id}") == {good.public_id}
    assert shown(f"search={(good.certificate or {})['fingerprint_sha256'][:16]}") == both
    assert shown(f"key={good.client.prefix}") == both
    assert shown("period=today") == both
    assert shown("environment=production") == set()
    assert shown("verdict=x&medium=%00&key=%00&period=x&before=x&environment=x&search=%00") == both
    assert shown(f"before={bad.pk}") == {good.public_id}
    assert shown("before=99999999999999999999999") == both


def test_the_list_goes_on_below_twenty(bench: Bench) -> None:
    for _ in range(21):
        bench.post()
    browser = cast.browser_of(cast.hanako())
    first = page(browser)
    following = re.search(r'href="(/verifications/\?before=\d+)"', first)
    assert first.count("<li>\n            <a href") or first.count('class="when"') == 20
    assert following is not None
    assert page(browser, following.group(1)).count('class="when"') == 1


def test_a_source_that_cannot_be_had_says_so(bench: Bench) -> None:
    from verifier import sources

    sources.record_failure(bench.point, code="fetch.timeout", detail="")
    html = page(cast.browser_of(cast.hanako()))
    assert "fetch.timeout" in html


def test_the_number_of_queries_does_not_grow_with_the_list(bench: Bench, django_assert_num_queries: Any) -> None:
    bench.post()
    browser = cast.browser_of(cast.hanako())
    page(browser)
    with CaptureQueriesContext(connection) as of_one:
        page(browser)
    count = len(of_one)
    for _ in range(15):
        bench.post()
    with django_assert_num_queries(count):
        page(browser)


def test_the_first_valid_verdict_is_a_milestone(bench: Bench) -> None:
    provider = bench.environment.provider
    bench.take_in(crl(bench.ca))
    a_verification(bench, message="AAAA")
    assert not first_valid(provider).done
    a_verification(bench)
    assert first_valid(provider).done
