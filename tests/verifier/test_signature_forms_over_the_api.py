"""POST verifications: schemes, digests and CMS, and a clear word for every wrong combination."""

import base64
import hashlib
from typing import Any

import pytest
from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.pure.pki.forge import MESSAGE, rsa_key, sign
from tests.verifier.bench import Bench, a_bench
from tests.verifier.test_verification_api import held_to_document
from verifier.models import Verification

pytestmark = pytest.mark.django_db


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def cms_of(bench: Bench, *, detached: bool = False) -> bytes:
    certificate = x509.load_der_x509_certificate(base64.b64decode(bench.body()["certificate"]))
    builder = (
        pkcs7.PKCS7SignatureBuilder().set_data(MESSAGE).add_signer(certificate, rsa_key("holder"), hashes.SHA256())
    )
    options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoCapabilities]
    return builder.sign(Encoding.DER, [*options, pkcs7.PKCS7Options.DetachedSignature] if detached else options)


def raw(bench: Bench, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in bench.body(**changes).items() if value is not None}


def errors(response: Any) -> dict[str, str]:
    assert response.status_code == 422, response.content
    return {error["pointer"]: error["code"] for error in response.json()["errors"]}


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_a_digest_in_place_of_the_message(digest: str) -> None:
    bench = a_bench()
    made = rsa_key("holder").sign(MESSAGE, padding.PKCS1v15(), getattr(hashes, digest.upper())())
    body = raw(
        bench, message=None, digest=b64(hashlib.new(digest, MESSAGE).digest()), signature=b64(made), format="raw"
    )
    answer = bench.post(body={**body, "scheme": f"rsa_pkcs1_{digest}"}).json()
    assert (answer["verdict"], answer["code"]) == ("valid", "ok")
    held_to_document(answer, "Verification")
    (step,) = [step for step in answer["steps"] if step["id"] == "signature_value"]
    assert (step["looked_at"]["scheme"], step["looked_at"]["signed"]) == (f"rsa_pkcs1_{digest}", "digest")


def test_the_scheme_is_what_the_caller_says_and_is_not_guessed() -> None:
    bench = a_bench()
    pss = rsa_key("holder").sign(MESSAGE, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    body = raw(bench, signature=b64(pss))
    assert bench.post(body=body).json()["code"] == "sig.other_scheme"
    assert bench.post(body={**body, "scheme": "rsa_pss_rsae_sha256"}).json()["code"] == "ok"
    assert bench.post(body={**body, "scheme": "ecdsa_secp256r1_sha256"}).json()["code"] in (
        "sig.other_key",
        "sig.scheme_not_allowed",
    )


def test_a_hash_sent_as_the_message_is_named() -> None:
    bench = a_bench()
    digest = hashlib.sha256(MESSAGE).digest()
    assert bench.post(body=raw(bench, message=b64(digest))).json()["code"] == "sig.message_is_digest"
    assert bench.post(body=raw(bench, signature=b64(sign("holder", digest)))).json()["code"] == "sig.hashed_twice"


def test_cms_attached_and_detached() -> None:
    bench = a_bench()
    attached, detached = b64(cms_of(bench)), b64(cms_of(bench, detached=True))
    asked = {"purpose": "user_authentication", "format": "cms"}
    for body in (
        {"cms": attached},
        {"cms": attached, "message": b64(MESSAGE)},
        {"cms": detached, "message": b64(MESSAGE)},
        {"cms": detached, "digest": b64(hashlib.sha256(MESSAGE).digest())},
        {"cms": detached, "message": b64(MESSAGE), "certificate": bench.body()["certificate"]},
    ):
        answer = bench.post(body=asked | body).json()
        assert (answer["verdict"], answer["code"]) == ("valid", "ok"), body
        assert answer["steps"][0]["id"] == "container"
        held_to_document(answer, "Verification")
        assert bench.get(f"verifications/{answer['id']}").json() == answer
    assert bench.post(body=asked | {"cms": detached}).json()["code"] == "cms.content_missing"
    assert bench.post(body=asked | {"cms": detached, "message": b64(b"x")}).json()["code"] == "cms.message_digest"


def test_cms_that_cannot_be_opened_is_a_verdict_with_a_record() -> None:
    bench = a_bench()
    for data in (b"rubbish", cms_of(bench)[:-1], b"\x30\x80\x06\x09", b""):
        answer = bench.post(body={"purpose": "signature", "format": "cms", "cms": b64(data)}).json()
        assert (answer["verdict"], answer["certificate"], answer["retryable"]) == ("invalid", None, False)
        assert answer["code"] in ("cms.malformed", "cms.not_der")
        held_to_document(answer, "Verification")
    assert Verification.objects.count() == 4


def test_the_certificate_in_a_container_is_judged_like_any_other() -> None:
    bench = a_bench()
    bench.environment.trust_anchors.update(distrusted_at=bench.environment.created_at)
    from verifier import evidence

    evidence.touch(bench.environment.pk)
    answer = bench.post(body={"purpose": "user_authentication", "format": "cms", "cms": b64(cms_of(bench))}).json()
    assert answer["code"] == "cert.issuer_unknown"


def test_without_signed_attributes_nothing_is_taken() -> None:
    bench = a_bench()
    whole = asn1_cms.ContentInfo.load(cms_of(bench))
    signer = whole["content"]["signer_infos"][0]
    del signer["signed_attrs"]
    signer["signature"] = sign("holder", MESSAGE)
    body = {"purpose": "user_authentication", "format": "cms", "cms": b64(whole.dump(force=True))}
    assert bench.post(body=body).json()["code"] == "cms.no_signed_attributes"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"message": None}, {"/message": "field.one_of"}),
        ({"digest": b64(b"\x00" * 32)}, {"/digest": "field.one_of"}),
        ({"challenge_id": "chg_00000000000000000000"}, {"/challenge_id": "field.one_of"}),
        ({"message": None, "digest": b64(b"\x00" * 20)}, {"/digest": "field.digest_length"}),
        ({"message": None, "challenge": b64(b"short")}, {"/challenge": "field.too_short"}),
        ({"scheme": "rsa_pkcs1_sha1"}, {"/scheme": "field.sha1"}),
        ({"scheme": "none"}, {"/scheme": "field.choice"}),
        ({"scheme": 5}, {"/scheme": "field.type"}),
        ({"format": "jws"}, {"/format": "field.choice"}),
        ({"cms": "AAAA"}, {"/cms": "field.not_with_format"}),
        (
            {"format": "cms", "cms": "AAAA"},
            {"/signature": "field.not_with_format"},
        ),
        (
            {"format": "cms", "signature": None},
            {"/cms": "field.required"},
        ),
        (
            {"format": "cms", "signature": None, "cms": "AAAA", "digest": "AAAA"},
            {"/digest": "field.digest_length"} | {"/digest": "field.at_most_one_of"},
        ),
        (
            {"format": "cms", "signature": None, "cms": "AAAA", "message": None, "digest": "AAAA"},
            {"/digest": "field.digest_length"},
        ),
        (
            {"format": "cms", "signature": None, "cms": "A" * 240_000},
            {"/cms": "field.too_long"},
        ),
    ],
)
def test_every_wrong_field_is_named(changes: dict[str, Any], expected: dict[str, str]) -> None:
    bench = a_bench()
    assert errors(bench.post(body=raw(bench, **changes))) == expected
    assert not Verification.objects.exists()
