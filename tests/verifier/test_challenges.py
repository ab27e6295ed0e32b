"""Challenges are used up once, before anything is judged; those an SP makes are not taken twice within a window."""

import base64
import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.pure.pki.forge import sign
from tests.verifier.bench import Bench, a_bench, a_provider
from tests.verifier.test_verification_api import held_to_document
from verifier import challenges
from verifier.models import Challenge, SeenChallenge, Verification

pytestmark = pytest.mark.django_db


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def issued(bench: Bench, purpose: str = "user_authentication") -> dict[str, Any]:
    response = bench.post("challenges", {"purpose": purpose})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return response.json()  # type: ignore[no-any-return]


def body(bench: Bench, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in bench.body(**changes).items() if name != "message"}


def answered(bench: Bench, challenge: dict[str, Any], **changes: Any) -> dict[str, Any]:
    signature = b64(sign("holder", base64.b64decode(challenge["challenge"])))
    return body(bench, challenge_id=challenge["challenge_id"], **{"signature": signature, **changes})


def test_a_challenge_is_random_bound_and_short_lived() -> None:
    bench = a_bench()
    first, second = issued(bench), issued(bench)
    held_to_document(first, "Challenge")
    assert len(base64.b64decode(first["challenge"])) == 32
    assert first["challenge"] != second["challenge"]
    row = Challenge.objects.get(public_id=first["challenge_id"])
    assert row.expires_at - row.issued_at == timedelta(minutes=5)


def test_answered_once_it_is_valid_and_then_used() -> None:
    bench = a_bench()
    sent = answered(bench, issued(bench))
    first, again = bench.post(body=sent).json(), bench.post(body=sent).json()

    held_to_document(first, "Verification")
    assert (first["verdict"], first["steps"][0]["id"], first["steps"][0]["result"]) == ("valid", "challenge", "passed")
    assert (again["verdict"], again["code"], again["retryable"]) == ("invalid", "challenge.used", False)
    assert [step["result"] for step in again["steps"]] == ["failed"] + ["not_run"] * 8
    assert again["certificate"] is None
    held_to_document(again, "Verification")
    assert Verification.objects.count() == 2


def test_a_bad_signature_uses_it_up_all_the_same() -> None:
    bench = a_bench()
    challenge = issued(bench)
    assert bench.post(body=answered(bench, challenge, signature=b64(sign("holder")))).json()["code"] == "sig.mismatch"
    assert bench.post(body=answered(bench, challenge)).json()["code"] == "challenge.used"


def test_a_judgement_that_breaks_uses_it_up_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from verifier import services

    bench = a_bench()
    challenge = issued(bench)
    with monkeypatch.context() as broken:
        broken.setattr(services.signature, "verify", None)
        bench.client.raise_request_exception = False
        assert bench.post(body=answered(bench, challenge)).status_code == 500
    assert bench.post(body=answered(bench, challenge)).json()["code"] == "challenge.used"


def test_a_wrong_field_uses_nothing_up() -> None:
    bench = a_bench()
    challenge = issued(bench)
    assert bench.post(body=answered(bench, challenge, medium="watch")).status_code == 422
    assert bench.post(body=answered(bench, challenge)).json()["code"] == "ok"


def test_another_organisation_and_another_environment_do_not_know_it_and_do_not_use_it_up() -> None:
    bench, jiro = a_bench(), a_bench(a_provider("Jiro's shop", "2000012010019"))
    challenge = issued(bench)
    foreign = jiro.post(body=answered(jiro, challenge)).json()
    assert (foreign["code"], foreign["steps"][0]["looked_at"]) == (
        "challenge.unknown",
        {"challenge_id": challenge["challenge_id"]},
    )
    assert bench.post(body=answered(bench, challenge)).json()["code"] == "ok"


def test_for_the_other_purpose_it_is_refused_and_used_up() -> None:
    bench = a_bench()
    challenge = issued(bench, "signature")
    assert bench.post(body=answered(bench, challenge)).json()["code"] == "challenge.wrong_purpose"
    assert bench.post(body=answered(bench, challenge, purpose="signature")).json()["code"] == "challenge.used"


def test_it_ends_in_real_time_whatever_the_clock_of_the_environment() -> None:
    bench = a_bench()
    late, moved = issued(bench), issued(bench)
    Challenge.objects.filter(public_id=late["challenge_id"]).update(expires_at=timezone.now())
    assert bench.post(body=answered(bench, late)).json()["code"] == "challenge.expired"
    type(bench.environment).objects.filter(pk=bench.environment.pk).update(clock_offset=7 * 24 * 3600)
    answer = bench.post(body=answered(bench, moved)).json()
    assert answer["steps"][0]["result"] == "passed"


def test_one_made_by_the_sp_is_taken_once_within_the_window(settings: Any) -> None:
    bench, jiro = a_bench(), a_bench(a_provider("Jiro's shop", "2000012010019"))
    own = secrets.token_bytes(16)
    sent = {"signature": b64(sign("holder", own)), "challenge": b64(own)}
    assert bench.post(body=body(bench, **sent)).json()["code"] == "ok"
    again = bench.post(body=body(bench, **sent)).json()
    assert (again["code"], again["steps"][0]["looked_at"]["window_seconds"]) == ("challenge.replayed", 86400)
    # The same bytes of another organisation are another challenge; what is kept is a digest.
    assert jiro.post(body=body(jiro, **sent)).json()["code"] == "ok"
    assert all(own not in bytes(row.digest) for row in SeenChallenge.objects.all())
    # Once the window is over it is new again, swept or not.
    SeenChallenge.objects.update(seen_at=timezone.now() - timedelta(seconds=settings.VERIFIER_REPLAY_SECONDS))
    assert bench.post(body=body(bench, **sent)).json()["code"] == "ok"


def test_what_is_over_is_swept() -> None:
    bench = a_bench()
    fresh, old = issued(bench), issued(bench)
    now = timezone.now()
    Challenge.objects.filter(public_id=old["challenge_id"]).update(expires_at=now - timedelta(days=2))
    SeenChallenge.objects.create(digest=b"\x01" * 32, seen_at=now - timedelta(days=2))
    SeenChallenge.objects.create(digest=b"\x02" * 32, seen_at=now)
    assert challenges.sweep() == 2
    assert Challenge.objects.get().public_id == fresh["challenge_id"]
    assert bytes(SeenChallenge.objects.get().digest) == b"\x02" * 32


def test_an_environment_in_the_making_issues_none() -> None:
    bench = a_bench()
    type(bench.environment).objects.filter(pk=bench.environment.pk).update(state="requested")
    response = bench.post("challenges", {"purpose": "signature"})
    assert (response.status_code, response.json()["code"]) == (409, "env.not_ready")
    assert bench.post("challenges", {}).json()["errors"][0]["pointer"] == "/purpose"
