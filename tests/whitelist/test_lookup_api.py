"""The look-up over HTTP: exact bytes, signed, for the key's own environment."""

import base64
from datetime import timedelta

import jwt
import pytest
from django.test import Client

from portal.environments import services as environments
from portal.providers import services as providers
from portal.signing import services as site_keys
from tests.whitelist.conftest import URL
from whitelist import services, snapshot

LOOKUP, LIST = "/api/v1/whitelist/lookup", "/api/v1/whitelist/list"


def encoded(asked):
    return base64.urlsafe_b64encode(asked).rstrip(b"=").decode()


@pytest.fixture
def live(cast, published):
    providers.confirm_basis(cast.bank, by=cast.reiko)
    return caller(cast, environments.production())


@pytest.fixture
def test_key(cast, sandbox, keys):
    services.enter_in_sandbox(
        sandbox, url="http://localhost:8002/r", purposes=["signature"], ways_in=["qr"], by=cast.hanako
    )
    return caller(cast, sandbox)


def caller(cast, environment):
    snapshot._kept.clear()
    _, key = providers.issue_client(cast.bank, environment=environment, name="server", by=cast.hanako)
    return Client(headers={"Authorization": f"Bearer {key}", "Accept-Language": "en"})


def ask(client, **body):
    return client.post(LOOKUP, body, content_type="application/json")


def verified(answer):
    jws = answer.json()["statement"]
    header = jwt.get_unverified_header(jws)
    assert header["typ"] == "jpki-whitelist-lookup+jwt"
    published = Client().get("/.well-known/jwks.json").json()["keys"]
    key = next(key for key in published if key["kid"] == header["kid"])
    return jwt.decode(jws, jwt.PyJWK(key), algorithms=["ES256"])


def test_a_published_url_is_listed_and_the_statement_verifies(live):
    answer = ask(live, url=URL, nonce="n-0S6_WzA2Mj")
    claims = verified(answer)
    assert answer.json()["listed"] is True
    assert answer.json()["environment"] == {"id": "env_production", "kind": "production"}
    assert claims == {
        "iss": "http://localhost:8000",
        "iat": claims["iat"],
        "exp": claims["iat"] + 60,
        "environment": "env_production",
        "list_version": 1,
        "asked": encoded(URL.encode()),
        "listed": True,
        "purposes": ["signature", "user_authentication"],
        "entry": answer.json()["entry"],
        "nonce": "n-0S6_WzA2Mj",
    }


@pytest.mark.parametrize(
    "asked",
    [URL + "/", URL.upper(), URL.replace("https", "http"), URL + "?", URL.replace("jp/", "jp:443/"), " " + URL, "é"],
)
def test_other_bytes_are_not_listed_and_that_is_signed_too(live, asked):
    answer = ask(live, url=asked)
    claims = verified(answer)
    assert (answer.json()["listed"], answer.json()["entry"], claims["listed"]) == (False, None, False)
    assert "entry" not in claims
    assert claims["asked"] == encoded(asked.encode())


def test_bytes_may_be_asked_as_they_are(live):
    assert ask(live, asked=encoded(URL.encode())).json()["listed"] is True
    answer = ask(live, asked=encoded(b"\xff\x00"))
    assert (answer.status_code, verified(answer)["asked"]) == (200, encoded(b"\xff\x00"))


def test_the_query_form_keeps_bytes_too(live):
    assert live.get(LOOKUP, {"url": URL}).json()["listed"] is True
    answer = live.get(f"{LOOKUP}?url=%ff%00")
    assert answer.status_code == 200, answer.json()
    assert verified(answer)["asked"] == encoded(b"\xff\x00")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "field.required"),
        ({"url": URL, "asked": "aHR0cHM"}, "field.one_of_two"),
        ({"asked": "a+b="}, "field.base64url"),
        ({"asked": "aR"}, "field.base64url"),
        ({"url": URL, "nonce": "short"}, "field.nonce"),
        ({"url": URL, "more": "1"}, "field.unknown"),
        ({"url": 5}, "field.type"),
        ({"url": "a" * 9000}, "field.too_long"),
        ({"url": "a\x00"}, "field.characters"),
    ],
)
def test_wrong_questions_are_named(live, body, code):
    answer = ask(live, **body)
    assert answer.status_code == 422
    assert code in {error["code"] for error in answer.json()["errors"]}
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["url=a&url=b", "url=a&asked=YQ", "x=1", "a=1&b=2&c=3&d=4"])
def test_wrong_queries_are_named(live, query):
    assert live.get(f"{LOOKUP}?{query}").status_code in (400, 422)


def test_each_key_sees_its_own_environment_only(cast, published, test_key):
    assert ask(test_key, url=URL).json()["listed"] is False
    assert ask(test_key, url="http://localhost:8002/r").json()["listed"] is True
    providers.confirm_basis(cast.bank, by=cast.reiko)
    live = caller(cast, environments.production())
    assert ask(live, url="http://localhost:8002/r").json()["listed"] is False


def test_without_a_key_there_is_no_answer(published):
    assert Client().get(LOOKUP, {"url": URL}).status_code == 401


def test_without_a_signing_key_there_is_no_unsigned_answer(cast, sandbox):
    site_keys._signers.clear()
    answer = ask(caller(cast, sandbox), url=URL)
    assert (answer.status_code, answer.json()["code"]) == (503, "lookup.no_key")


def test_a_warm_lookup_asks_the_database_nothing(live, django_assert_num_queries):
    ask(live, url=URL)
    with django_assert_num_queries(0):
        ask(live, url=URL)


def test_a_positive_answer_is_signed_once_and_given_again(live):
    first = ask(live, url=URL).json()["statement"]
    assert ask(live, url=URL).json()["statement"] == first
    assert ask(live, url=URL, nonce="n-0S6_WzA2Mj").json()["statement"] != first
    other = [ask(live, url=URL + "/").json()["statement"] for _ in range(2)]
    assert other[0] != other[1]  # ES256 is not deterministic here: each was signed anew


def test_an_answer_given_again_has_half_its_life_left(live, published, now):
    production = environments.production().pk

    def answered(seconds):
        at = now + timedelta(seconds=seconds)
        return services.answer_lookup(production, URL.encode(), nonce=None, at=at)

    first = answered(0)
    assert answered(29) is first
    assert answered(30) is not first
    assert answered(30).claims["exp"] == int(now.timestamp()) + 90


def test_an_answer_is_not_given_again_after_the_list_has_changed(test_key, sandbox, cast, now):
    url = "http://localhost:8002/r"
    assert ask(test_key, url=url).json()["listed"] is True
    services.remove_from_sandbox(
        services.entry_of(sandbox, ask(test_key, url=url).json()["entry"]), by=cast.hanako, at=now
    )
    kept = services.answer_lookup(sandbox.pk, url.encode(), nonce=None, at=now, seconds=0)
    assert kept.entry is None


def test_the_list_comes_signed_and_with_a_tag(live):
    answer = live.get(LIST)
    body = answer.json()
    claims = jwt.decode(body["statement"], options={"verify_signature": False})
    assert (body["version"], body["entry_count"], claims["version"]) == (1, 1, 1)
    assert live.get(LIST, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert live.get(LIST, headers={"If-None-Match": '"other"'}).status_code == 200


def test_before_the_first_version_there_is_no_list(test_key):
    assert test_key.get(LIST).json()["code"] == "list.not_published"
