"""An API key speaks only in the Authorization header and only under /api/; a cookie speaks only on pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.providers import services as providers
from portal.providers.models import ApiClient, Membership
from tests.verifier.bench import a_bench
from tests.verifier.conftest import forgetful_process  # noqa: F401  the same clean process

pytestmark = pytest.mark.django_db


def refused(client: Client, **headers: str) -> tuple[int, str, str]:
    response = client.get("/api/v1/verifications/ver_x", headers=headers)
    return response.status_code, response.json()["code"], response["WWW-Authenticate"]


def test_without_a_key() -> None:
    assert refused(Client()) == (401, "api_key.missing", 'Bearer realm="api"')
    assert refused(Client(), Authorization="Basic YTpi")[1] == "api_key.missing"


def test_a_key_that_is_none_and_one_nobody_issued() -> None:
    key = a_bench().key
    other = key[:-7] + ("a" if key[-7] != "a" else "b") + key[-6:]
    for wrong in ("x", "spk_test_", other, key + "0", "spk_test_\udcff", "é" * 50):
        status, code, challenge = refused(Client(), Authorization=f"Bearer {wrong}")
        assert (status, code) == (401, "api_key.malformed")
        assert 'error="invalid_token"' in challenge
    unknown = providers._with_check_sum(key[:-6][:-1] + ("A" if key[-7] != "A" else "B"))
    assert refused(Client(), Authorization=f"Bearer {unknown}")[1] == "api_key.unknown"


def test_a_revoked_and_an_expired_key() -> None:
    bench = a_bench()
    hanako = User.objects.create_user(email="hanako@example.test", password="x")
    assert bench.post().status_code == 200
    providers.revoke_client(ApiClient.objects.get(), by=hanako)
    assert refused(bench.client, Authorization=f"Bearer {bench.key}")[1] == "api_key.revoked"
    ApiClient.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(bench.client, Authorization=f"Bearer {bench.key}")[1] == "api_key.expired"


def test_the_api_takes_no_cookie() -> None:
    bench = a_bench()
    hanako = User.objects.create_user(email="hanako@example.test", password="x")
    Membership.objects.create(provider=ApiClient.objects.get().provider, user=hanako, role="owner")
    bench.client.force_login(hanako)
    assert refused(bench.client)[:2] == (401, "api_key.missing")


def test_pages_take_no_key(client: Client) -> None:
    bench = a_bench()
    for page in ("/verifications/", "/home/", "/organisation/"):
        response = client.get(page, headers={"Authorization": f"Bearer {bench.key}"})
        assert (response.status_code, response.headers.get("Location", "").split("?")[0]) in {
            (302, "/accounts/login/"),
            (404, ""),
        }


def test_a_key_has_so_many_requests_a_minute(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    bench = a_bench()
    first, second, third = (bench.get("verifications/ver_x") for _ in range(3))

    assert (first.status_code, second.status_code, third.status_code) == (404, 404, 429)
    assert third.json()["code"] == "request.too_many"
    assert 0 < int(third["Retry-After"]) <= 60
    assert [answer["RateLimit"].split(";")[1] for answer in (first, second, third)] == ["r=1", "r=0", "r=0"]
    assert third["RateLimit-Policy"] == '"key";q=2;w=60'
    another = a_bench_key(bench)
    assert (
        bench.client.get("/api/v1/verifications/ver_x", headers={"Authorization": f"Bearer {another}"}).status_code
        == 404
    )


def a_bench_key(bench: Any) -> str:
    provider = ApiClient.objects.get().provider
    return providers.issue_client(provider, environment=bench.environment, name="second", by="test")[1]


def test_an_absurd_request_id_is_replaced_by_ours() -> None:
    response = Client().get("/api/v1/nothing", headers={"X-Request-Id": "a\tb" + "c" * 200})
    assert response["X-Request-Id"].startswith("req_")
