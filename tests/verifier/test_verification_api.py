"""A signature is judged over the API: the answer's shape, what it rests on, and that nothing protected is kept."""

import base64
import json
from typing import Any

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.api.document import document
from tests.pure.pki.forge import MESSAGE, sign
from tests.verifier.bench import HELD, HOUR, LIFE, NOW, a_bench, a_provider, authority, crl
from verifier.models import Verification
from verifier.pki.profiles import Medium, Purpose, World

pytestmark = pytest.mark.django_db


def held_to_document(value: Any, name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document("en")["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


def test_a_good_signature_is_valid_and_every_step_is_told() -> None:
    bench = a_bench()
    response = bench.post(body=bench.body(request_id="login-0001", medium="phone_android"))
    answer = response.json()

    assert response.status_code == 200
    held_to_document(answer, "Verification")
    assert (answer["verdict"], answer["code"], answer["retryable"]) == ("valid", "ok", False)
    assert answer["request_id"] == "login-0001"
    assert answer["environment"] == {"id": bench.environment.public_id, "kind": "sandbox"}
    assert [step["result"] for step in answer["steps"]] == ["passed"] * 8
    assert answer["certificate"]["medium"] == "phone_android"
    assert answer["certificate"]["basis"] == "assumed"
    assert (answer["revocation"]["status"], answer["revocation"]["number"]) == ("good", 7)
    assert answer["revocation"]["age_seconds"] >= 3600
    assert "virtual_time" not in answer
    assert response["X-Request-Id"]
    assert response["RateLimit"].startswith('"key";r=')
    assert response["Cache-Control"] == "no-store"


def test_a_later_look_gives_the_same_answer() -> None:
    bench = a_bench()
    first = bench.post().json()
    assert bench.get(f"verifications/{first['id']}").json() == first


def test_another_provider_and_another_environment_do_not_see_it() -> None:
    bench = a_bench()
    mine = bench.post().json()["id"]
    jiro = a_bench(a_provider("Jiro's shop", "2000012010019"))

    for public_id in (mine, "ver_unknown", "ver_" + "0" * 20):
        answer = jiro.get(f"verifications/{public_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "verification.not_found")
    assert jiro.get("verifications/ver_%00").status_code == 404


def test_the_record_holds_no_certificate_signature_message_or_serial() -> None:
    bench = a_bench()
    body = bench.body(der=bench.ca.issue(Medium.PHONE_ANDROID, serial=0x1234567890ABCDEF, **LIFE))
    bench.post(body=body)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM verifier_verification")
        row = json.dumps(cursor.fetchone(), default=lambda v: bytes(v).hex() if isinstance(v, bytes) else str(v))

    for secret in (body["certificate"][:60], body["signature"][:60], body["message"], "1234567890abcdef"):
        assert secret not in row
    assert str(0x1234567890ABCDEF) not in row
    assert MESSAGE.hex() not in row
    assert len(bytes(Verification.objects.get().serial_hmac or b"")) == 32


def test_one_certificate_has_one_keyed_digest_and_another_has_another() -> None:
    bench = a_bench()
    for serial in (2001, 2001, 2002):
        bench.post(body=bench.body(der=bench.ca.issue(Medium.PHONE_ANDROID, serial=serial, **LIFE)))
    digests = [bytes(d) for d in Verification.objects.order_by("id").values_list("serial_hmac", flat=True) if d]
    assert digests[0] == digests[1] != digests[2]


def test_a_warm_verification_costs_one_insert(settings: Any) -> None:
    bench = a_bench()
    settings.VERIFIER_EVIDENCE_SECONDS = 60
    bench.post()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert bench.post().json()["verdict"] == "valid"
    assert [query["sql"].split()[0] for query in queries] == ["INSERT"]


def test_a_hold_is_seen_once_its_list_is_in_and_gone_when_released() -> None:
    bench = a_bench()
    assert bench.post().json()["code"] == "ok"
    bench.take_in(crl(bench.ca, (1001, HELD), number=8))
    held = bench.post().json()
    assert (held["verdict"], held["code"], held["revocation"]["reason"]) == (
        "invalid",
        "cert.on_hold",
        "certificate_hold",
    )
    assert held["steps"][-1]["result"] == "failed"
    bench.take_in(crl(bench.ca, number=9))
    assert bench.post().json()["code"] == "ok"


def test_without_a_list_nothing_is_decided_and_the_worker_is_asked() -> None:
    bench = a_bench(with_list=False)
    response = bench.post()
    answer = response.json()

    held_to_document(answer, "Verification")
    assert (response.status_code, response["Retry-After"]) == (200, "5")
    assert (answer["verdict"], answer["code"]) == ("indeterminate", "revocation.source_missing")
    assert answer["retryable"] is True


def test_a_stale_list_decides_nothing() -> None:
    bench = a_bench(with_list=False)
    bench.take_in(crl(bench.ca, this_update=NOW - HOUR, next_update=NOW + HOUR))
    type(bench.environment).objects.filter(pk=bench.environment.pk).update(clock_offset=7200)
    answer = bench.post().json()

    assert (answer["verdict"], answer["code"]) == ("indeterminate", "revocation.source_stale")
    assert answer["virtual_time"] == {"offset_seconds": 7200}
    held_to_document(answer, "Verification")


def test_the_other_purpose_and_a_contradicting_medium_are_refused() -> None:
    bench = a_bench()
    other = authority(Purpose.SIGNATURE).issue(Medium.PHONE_ANDROID, **LIFE)
    assert bench.post(body=bench.body(der=other)).json()["code"] == "cert.wrong_kind"
    assert bench.post(body=bench.body(medium="card")).json()["code"] == "cert.medium_contradiction"


def test_a_changed_message_is_a_mismatch() -> None:
    bench = a_bench()
    body = bench.body(message=base64.b64encode(b"another message").decode())
    answer = bench.post(body=body).json()
    assert (answer["code"], answer["revocation"]) == ("sig.mismatch", None)
    assert answer["steps"][-1] == {"id": "revocation", "result": "not_run", "code": "", "looked_at": {}}
    held_to_document(answer, "Verification")


def test_a_foreign_sandbox_and_the_other_world_are_told_apart() -> None:
    bench = a_bench()
    from tests.pure.pki.forge import an_authority

    stranger = an_authority("bench-stranger", Purpose.USER_AUTHENTICATION, not_before=NOW - HOUR)
    real = authority(world=World.PRODUCTION).issue(Medium.CARD, **LIFE)
    assert bench.post(body=bench.body(der=stranger.issue(Medium.PHONE_ANDROID, **LIFE))).json()["code"] == (
        "cert.issuer_unknown"
    )
    assert bench.post(body=bench.body(der=real)).json()["code"] == "env.production_certificate"


def test_inspection_judges_without_a_signature_and_keeps_nothing() -> None:
    bench = a_bench()
    body = {"certificate": bench.body()["certificate"]}
    answer = bench.post("certificates/inspect", body).json()

    held_to_document(answer, "Inspection")
    assert (answer["verdict"], answer["certificate"]["purpose"]) == ("valid", "user_authentication")
    assert "signature_value" not in [step["id"] for step in answer["steps"]]
    assert not Verification.objects.exists()


def test_a_caller_who_believes_to_be_elsewhere_is_stopped() -> None:
    bench = a_bench()
    response = bench.post(body=bench.body(environment="production"))
    assert (response.status_code, response.json()["code"]) == (409, "env.mismatch")
    assert bench.post(body=bench.body(environment="sandbox")).json()["code"] == "ok"
    assert bench.post(body=bench.body(environment=bench.environment.public_id)).json()["code"] == "ok"


def test_an_environment_in_the_making_judges_nothing() -> None:
    bench = a_bench()
    type(bench.environment).objects.filter(pk=bench.environment.pk).update(state="requested")
    response = bench.post()
    assert (response.status_code, response.json()["code"]) == (409, "env.not_ready")


def test_the_sentence_follows_the_callers_language_and_the_code_does_not() -> None:
    bench = a_bench()
    body = bench.body(signature=base64.b64encode(sign("somebody else")).decode())
    japanese, english = bench.post(body=body), bench.post(body=body, **{"Accept-Language": "en-GB"})

    assert japanese.json()["code"] == english.json()["code"] == "sig.mismatch"
    assert (japanese["Content-Language"], english["Content-Language"]) == ("ja", "en")
    assert english.json()["title"] == "The signature does not match the message."
