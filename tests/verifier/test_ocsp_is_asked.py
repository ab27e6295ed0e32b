"""The caller chooses where the revocation status comes from; a responder is asked, believed or not, and never waited
for in vain."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509 import OCSPNonce
from cryptography.x509 import ocsp as x509_ocsp

from portal import http
from tests.pure.validation import ocsp_forge
from tests.verifier.bench import HOUR, NOW, Bench, a_bench, crl
from verifier import ocsp_client, ocsp_responders
from verifier.models import OcspAnswer
from verifier.ocsp_responders import OcspProfile
from verifier.pki.ocsp import CertId

pytestmark = pytest.mark.django_db
DAY = 24 * HOUR
REVOKED = (NOW - HOUR, "key_compromise")
HELD = (NOW - HOUR, "certificate_hold")


@pytest.fixture(autouse=True)
def forgetful_client() -> Iterator[None]:
    ocsp_client.waiting_room.forget()
    yield
    ocsp_client.waiting_room.forget()


def a_responder(bench: Bench, group: Any = "phone", **profile: Any) -> None:
    ocsp_responders.set_responder(
        bench.environment,
        anchor=bench.point.anchor,
        group=group,
        url="http://localhost:1/ocsp",
        by="test",
        profile=OcspProfile(**profile),
    )


def answering(bench: Bench, status: Any) -> Callable[..., http.Answer]:
    """Stands for portal.http.post: a responder that says `status` about whatever is asked."""
    certificate = ocsp_forge.delegate(issuer=bench.ca, not_before=NOW - HOUR, not_after=NOW + HOUR)

    def post(url: str, body: bytes, **_: Any) -> http.Answer:
        asked = x509_ocsp.load_der_ocsp_request(body)
        nonce = asked.extensions.get_extension_for_class(OCSPNonce).value.nonce
        which = CertId("sha1", asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number)
        times = {"this_update": NOW, "produced_at": NOW, "next_update": NOW + HOUR}
        der = ocsp_forge.response(status, which=which, nonce=nonce, certificates=(certificate,), **times)
        return http.Answer(200, {}, der)

    return post


def unreachable(*_: Any, **__: Any) -> http.Answer:
    raise http.FetchFailed("fetch.timeout")


def told(bench: Bench, source: str) -> tuple[str, str]:
    answer = bench.post(body=bench.body(revocation=source)).json()
    return answer["verdict"], answer["code"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("good", ("valid", "ok")),
        (HELD, ("invalid", "cert.on_hold")),
        (REVOKED, ("invalid", "cert.revoked")),
        ("unknown", ("indeterminate", "revocation.unknown")),
    ],
)
def test_four_outcomes(monkeypatch: pytest.MonkeyPatch, status: Any, expected: tuple[str, str]) -> None:
    bench = a_bench()
    a_responder(bench)
    monkeypatch.setattr(http, "post", answering(bench, status))
    answer = bench.post(body=bench.body(revocation="ocsp")).json()
    assert (answer["verdict"], answer["code"]) == expected
    facts = answer["revocation"]
    assert (facts["source"], facts["nonce_matched"], facts["cached"]) == ("ocsp", True, False)
    assert facts["produced_at"] == facts["this_update"]
    assert ("to_the_holder" in answer) is (answer["verdict"] == "invalid")
    assert bench.get(f"verifications/{answer['id']}").json() == answer


@pytest.mark.parametrize(("status", "source"), [(HELD, "ocsp"), ("good", "crl")])
def test_a_hold_that_list_and_responder_tell_of_is_told_by_the_responder(
    monkeypatch: pytest.MonkeyPatch, status: Any, source: str
) -> None:
    """Of the very same second; a "good" of that second lifts no hold of the list."""
    bench = a_bench(with_list=False)
    a_responder(bench)
    bench.take_in(crl(bench.ca, (1001, x509.ReasonFlags.certificate_hold), this_update=NOW))
    monkeypatch.setattr(http, "post", answering(bench, status))
    answer = bench.post(body=bench.body(revocation="ocsp")).json()
    assert (answer["code"], answer["revocation"]["source"]) == ("cert.on_hold", source)


def test_automatic_asks_only_without_a_fresh_list(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = a_bench(with_list=False)
    a_responder(bench)
    monkeypatch.setattr(http, "post", answering(bench, "good"))
    assert told(bench, "automatic") == ("valid", "ok")
    assert told(bench, "crl") == ("indeterminate", "revocation.source_missing")
    monkeypatch.setattr(http, "post", unreachable)
    assert told(bench, "automatic") == ("indeterminate", "revocation.source_missing")
    bench.take_in(crl(bench.ca))
    assert told(bench, "automatic") == ("valid", "ok")


def test_a_revocation_learned_once_stands_against_everything_later(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = a_bench()
    a_responder(bench)
    monkeypatch.setattr(http, "post", answering(bench, REVOKED))
    assert told(bench, "ocsp") == ("invalid", "cert.revoked")
    for later in (answering(bench, "unknown"), answering(bench, "good"), unreachable):
        monkeypatch.setattr(http, "post", later)
        for source in ("ocsp", "automatic", "crl"):
            assert told(bench, source) == ("invalid", "cert.revoked")
    assert OcspAnswer.objects.get().status == "revoked"


def test_answers_are_used_again_only_where_the_profile_permits(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = a_bench()
    a_responder(bench)
    monkeypatch.setattr(http, "post", answering(bench, "good"))
    assert told(bench, "ocsp") == ("valid", "ok")
    assert not OcspAnswer.objects.exists()
    a_responder(bench, keeps_answers=True)
    assert told(bench, "ocsp") == ("valid", "ok")
    monkeypatch.setattr(http, "post", unreachable)
    assert bench.post(body=bench.body(revocation="ocsp")).json()["revocation"]["cached"] is True
    OcspAnswer.objects.update(this_update=NOW - HOUR, next_update=NOW - HOUR / 2)
    assert told(bench, "ocsp") == ("indeterminate", "revocation.source_unavailable")


def test_a_responder_of_the_other_medium_is_never_asked_and_silence_opens_the_breaker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = a_bench()
    a_responder(bench, "card")
    assert told(bench, "ocsp") == ("indeterminate", "revocation.source_missing")
    a_responder(bench)
    monkeypatch.setattr(http, "post", unreachable)
    details = [bench.post(body=bench.body(revocation="ocsp")).json()["revocation"]["detail"] for _ in range(4)]
    assert details == ["fetch.timeout"] * 3 + ["ocsp.paused"]
    assert told(bench, "automatic") == ("valid", "ok")
