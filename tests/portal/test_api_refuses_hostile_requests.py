"""Bad input gets one named problem in the caller's language; nothing is judged and no row is written."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from tests.verifier.bench import Bench, a_bench
from tests.verifier.conftest import forgetful_process  # noqa: F401  the same clean process
from verifier.models import Verification

pytestmark = pytest.mark.django_db

NESTED = b'{"purpose":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
NOT_JSON = {
    "white space": (b" \n", 400, "request.empty_body"),
    "no JSON": (b"purpose=signature", 400, "request.not_json"),
    "cut off": (b'{"purpose": "sig', 400, "request.not_json"),
    "two objects": (b"{}{}", 400, "request.not_json"),
    "not UTF-8": (b'{"purpose": "\xff"}', 400, "request.not_json"),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400, "request.not_json"),
    "UTF-16": ('{"purpose": "signature"}'.encode("utf-16"), 400, "request.not_json"),
    "a repeated name": (b'{"purpose": "signature", "purpose": "signature"}', 400, "request.not_json"),
    "NaN": (b'{"purpose": NaN}', 400, "request.not_json"),
    "a number of 10^5 digits": (b'{"purpose": ' + b"9" * 100_000 + b"}", 400, "request.not_json"),
    "nested 10^5 deep": (NESTED, 400, "request.not_json"),
    "a list": (b"[]", 422, "request.invalid"),
    "a text": (b'"signature"', 422, "request.invalid"),
    "null": (b"null", 422, "request.invalid"),
}


def send(bench: Bench, body: bytes, content_type: str = "application/json", **headers: str) -> Any:
    return bench.client.post(
        "/api/v1/verifications",
        body,
        content_type=content_type,
        headers={"Authorization": f"Bearer {bench.key}", **headers},
    )


def is_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["request_id"] == response["X-Request-Id"]
    assert problem["type"].endswith(f"/docs/api/#{code}")
    assert problem["title"]
    assert problem["detail"]
    assert not Verification.objects.exists()
    return problem


@pytest.mark.parametrize("name", NOT_JSON)
def test_a_body_that_is_no_json_object(name: str) -> None:
    body, status, code = NOT_JSON[name]
    is_problem(send(a_bench(), body), status, code)


FIELDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "base64 with a line break": ({"signature": "AAAA\n"}, "/signature", "field.base64"),
    "base64 with a blank": ({"signature": "AA AA"}, "/signature", "field.base64"),
    "base64url": ({"signature": "-_-_"}, "/signature", "field.base64"),
    "base64 without padding": ({"signature": "AA"}, "/signature", "field.base64"),
    "base64 with left-over bits": ({"signature": "AB=="}, "/signature", "field.base64"),
    "base64 with something behind": ({"signature": "AA==AA=="}, "/signature", "field.base64"),
    "base64 in full-width letters": ({"signature": "ＡＡＡＡ"}, "/signature", "field.base64"),
    "PEM": ({"certificate": "-----BEGIN CERTIFICATE-----"}, "/certificate", "field.base64"),
    "NUL": ({"message": "AAAA\0"}, "/message", "field.characters"),
    "half a surrogate pair": ({"message": "\ud800"}, "/message", "field.characters"),
    "a certificate of 17 KiB": ({"certificate": "A" * 4 * 5800}, "/certificate", "field.too_long"),
    "a number for a text": ({"purpose": 1}, "/purpose", "field.type"),
    "null for a text": ({"medium": None}, "/medium", "field.type"),
    "an unknown purpose": ({"purpose": "Signature"}, "/purpose", "field.choice"),
    "an unknown medium": ({"medium": "phone"}, "/medium", "field.choice"),
    "an absurd request id": ({"request_id": "a b c d e"}, "/request_id", "field.identifier"),
    "a short request id": ({"request_id": "1234567"}, "/request_id", "field.identifier"),
    "a member nobody knows": ({"mediun": "card"}, "/mediun", "field.unknown"),
    "a name with pointer signs": ({"a/b~c": "card"}, "/a~1b~0c", "field.unknown"),
    "a name with half a surrogate pair": ({"\udfff": "card"}, "/?", "field.unknown"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_wrong_field_is_named_by_pointer_and_code(name: str) -> None:
    changes, pointer, code = FIELDS[name]
    bench = a_bench()
    problem = is_problem(send(bench, json.dumps(bench.body(**changes)).encode()), 422, "request.invalid")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert problem["errors"][0]["detail"]


def test_all_wrong_fields_are_named_at_once() -> None:
    problem = is_problem(send(a_bench(), b"{}"), 422, "request.invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/purpose", "/certificate", "/signature", "/message"]
    assert [error["code"] for error in problem["errors"]] == ["field.required"] * 3 + ["field.one_of"]


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=shift_jis",
        "",
    ],
)
def test_another_content_type(content_type: str) -> None:
    is_problem(send(a_bench(), b"{}", content_type), 415, "request.media_type")


def test_a_compressed_body() -> None:
    is_problem(send(a_bench(), b"{}", **{"Content-Encoding": "gzip"}), 415, "request.media_type")


def test_a_charset_that_says_what_json_is_anyway() -> None:
    bench = a_bench()
    body = json.dumps(bench.body()).encode()
    assert send(bench, body, "application/json; charset=UTF-8").json()["verdict"] == "valid"


def test_a_body_of_ten_megabytes() -> None:
    is_problem(send(a_bench(), b"[" + b" " * 10_000_000 + b"]"), 413, "request.too_large")


def test_a_body_without_stated_length() -> None:
    bench = a_bench()
    response = bench.client.generic(
        "POST",
        "/api/v1/verifications",
        b"{}",
        content_type="application/json",
        CONTENT_LENGTH="",
        headers={"Authorization": f"Bearer {bench.key}"},
    )
    is_problem(response, 411, "request.length_required")


def test_certificates_that_are_none_get_a_verdict() -> None:
    bench = a_bench()
    good = base64.b64decode(bench.body()["certificate"])
    for der in (b"", b"\x00", b"not DER", good[:-1], good[:100], good + b"\0", b"\x30\x84\xff\xff\xff\xff"):
        answer = bench.post(body=bench.body(certificate=base64.b64encode(der).decode()))
        assert (answer.status_code, answer.json()["code"]) == (200, "cert.malformed")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/verifications", 405, "method_not_allowed"),
        ("put", "/api/v1/verifications", 405, "method_not_allowed"),
        ("delete", "/api/v1/verifications/ver_x", 405, "method_not_allowed"),
        ("post", "/api/v1/verifications/ver_x", 405, "method_not_allowed"),
        ("options", "/api/v1/verifications", 405, "method_not_allowed"),
        ("trace", "/api/v1/verifications", 405, "method_not_allowed"),
        ("get", "/api/v1/", 404, "not_found"),
        ("get", "/api/v1/nothing", 404, "not_found"),
        ("post", "/api/v2/verifications", 404, "not_found"),
        ("get", "/api/", 404, "not_found"),
        ("get", "/api/v1/challenges", 405, "method_not_allowed"),
        ("post", "/api/v1/certificates/status", 404, "not_yet_offered"),
    ],
)
def test_what_is_not_there_is_told_as_a_problem(method: str, path: str, status: int, code: str) -> None:
    response = getattr(Client(), method)(path, content_type="application/json", headers={"X-Request-Id": "mine-0001"})
    problem = is_problem(response, status, code)
    assert problem["request_id"] == "mine-0001"
    assert (response.get("Allow") is not None) == (status == 405)


def test_our_own_failure_is_a_problem_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = a_bench()
    bench.client.raise_request_exception = False
    monkeypatch.setattr("verifier.services.evidence.for_environment", lambda pk: 1 / 0)
    response = bench.post()
    problem = is_problem(response, 500, "internal_error")
    assert b"division" not in response.content
    assert problem["errors"] == []


def test_a_problem_is_worded_in_the_callers_language() -> None:
    japanese = Client().post("/api/v1/verifications", headers={"Accept-Language": "fr;q=0.9, *"})
    english = Client().post("/api/v1/verifications", headers={"Accept-Language": "fr, en;q=0.1, ja;q=0"})
    assert (japanese["Content-Language"], english["Content-Language"]) == ("ja", "en")
    assert english.json()["title"] == "No API key was sent."
    assert japanese.json()["code"] == english.json()["code"]
