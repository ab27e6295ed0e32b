"""OCSP responses and responder certificates, asked and judged by OpenSSL and asn1crypto."""

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import ocsp as judge
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given, settings
from hypothesis import strategies as st

from testenv.ca import ocsp_building
from testenv.ca.issuance_rules import Validity
from testenv.ca.ocsp_building import Found, MalformedQuestion, Question, Responder, answer, read_question
from testenv.ca.responder_certificate import issue_responder
from testenv.ca.revocation import GOOD, Standing, Status
from tests.pure.ca.made import AT, SERIAL, a_certificate, an_authority, key, openssl, pem
from verifier.pki.profiles import Medium, MediumGroup, Purpose
from verifier.pki.reasons import RevocationReason as Reason

NEXT = AT + timedelta(minutes=15)
HELD = Standing(Status.ON_HOLD, Reason.CERTIFICATE_HOLD, AT - timedelta(hours=2))
MOVED = Standing(Status.REVOKED, Reason.AFFILIATION_CHANGED, AT - timedelta(hours=3))
PLAIN = Standing(Status.REVOKED, Reason.UNSPECIFIED, AT - timedelta(hours=4))
GROUPS: list[MediumGroup] = ["card", "phone"]


@cache
def responder_key(algorithm: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    return key("responder") if algorithm == "rsa" else ec.generate_private_key(ec.SECP256R1())


@cache
def a_responder(group: MediumGroup, algorithm: str = "ec", purpose: Purpose = Purpose.SIGNATURE) -> Responder:
    private_key = responder_key(algorithm)
    der = issue_responder(
        private_key.public_key(),
        group,
        serial=0x01000777,
        validity=Validity(AT - timedelta(hours=1), AT + timedelta(hours=22)),
        signer=an_authority(purpose),
    )
    return Responder(an_authority(purpose).certificate, group, x509.load_der_x509_certificate(der), private_key)


def a_request(
    medium: Medium = Medium.CARD,
    *,
    nonce: bytes | None = None,
    algorithm: hashes.SHA1 | hashes.SHA256 | hashes.SHA512 | None = None,
    issuer: x509.Certificate | None = None,
) -> bytes:
    certificate = x509.load_der_x509_certificate(a_certificate(Purpose.SIGNATURE, medium))
    issuer = issuer or an_authority(Purpose.SIGNATURE).certificate
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, algorithm or hashes.SHA1())
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def respond(question: Question, found: Found | None, responder: Responder, produced_at: datetime = AT) -> bytes:
    return answer(question, found, responder=responder, produced_at=produced_at, this_update=AT, next_update=NEXT)


def status_of(der: bytes) -> str:
    status: str = judge.OCSPResponse.load(der, strict=True)["response_status"].native
    return status


@pytest.mark.parametrize("algorithm", ["ec", "rsa"])
@pytest.mark.parametrize("hash_option", ["-sha1", "-sha256"])
@pytest.mark.parametrize("nonce_option", ["-nonce", "-no_nonce"])
@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (GOOD, ": good"),
        (HELD, ": revoked\n.*Reason: certificateHold\n.*Revocation Time: Mar 31 22:30:00 2026"),
        (MOVED, ": revoked\n.*Reason: affiliationChanged"),
        (PLAIN, ": revoked\n.*Revocation Time"),
        (None, ": unknown"),
    ],
)
def test_openssl_asks_and_believes_the_answer(
    algorithm: str, hash_option: str, nonce_option: str, standing: Standing | None, expected: str, tmp_path: Path
) -> None:
    ca = pem(an_authority(Purpose.SIGNATURE).certificate, tmp_path / "ca.pem")
    leaf = pem(x509.load_der_x509_certificate(a_certificate(Purpose.SIGNATURE, Medium.CARD)), tmp_path / "leaf.pem")
    request, response = str(tmp_path / "request.der"), str(tmp_path / "response.der")
    about = (hash_option, "-issuer", ca, "-cert", leaf)
    openssl("ocsp", nonce_option, *about, "-reqout", request)
    question = read_question(Path(request).read_bytes())
    assert (question.nonce is None) is (nonce_option == "-no_nonce")
    assert question.serial == SERIAL
    found = None if standing is None else Found("card", standing)
    Path(response).write_bytes(respond(question, found, a_responder("card", algorithm)))
    # -no_nonce: add none to the request read from the file, whose own nonce is still compared.
    # The window of the status is a quarter of an hour in the tests' own time; the chain is judged at that time.
    told = openssl(
        *("ocsp", "-no_nonce", *about, "-reqin", request, "-respin", response, "-CAfile", ca, "-verify_other", ca),
        *("-attime", str(int(AT.timestamp())), "-validity_period", "2000000000"),
    )
    assert "Response verify OK" in told
    assert "WARNING" not in told
    assert re.search(expected, told, re.S)


@pytest.mark.parametrize("nonce", [b"\x01", b"n" * 16, b"n" * 32, b"\x00" * 128])
def test_the_nonce_comes_back(nonce: bytes) -> None:
    der = respond(read_question(a_request(nonce=nonce)), Found("card", GOOD), a_responder("card"))
    basic = judge.OCSPResponse.load(der, strict=True)["response_bytes"]["response"].parsed
    assert judge.OCSPResponse.load(der).nonce_value.native == nonce
    assert len(basic["tbs_response_data"]["response_extensions"]) == 1


def test_no_nonce_asked_none_answered() -> None:
    der = respond(read_question(a_request()), Found("card", GOOD), a_responder("card"))
    assert judge.OCSPResponse.load(der, strict=True).nonce_value is None


@pytest.mark.parametrize("length", [0, 129])
def test_a_nonce_outside_1_to_128_octets_is_malformed(length: int) -> None:
    with pytest.raises(MalformedQuestion):
        read_question(a_request(nonce=b"n" * length))
    assert status_of(ocsp_building.malformed_request()) == "malformed_request"


@pytest.mark.parametrize("standing", [GOOD, HELD, MOVED])
@pytest.mark.parametrize(
    ("asked", "group", "medium_of_serial"),
    [("card", "phone", Medium.CARD), ("phone", "card", Medium.PHONE_ANDROID), ("phone", "card", Medium.PHONE_IPHONE)],
)
def test_a_responder_does_not_speak_for_the_other_medium(
    asked: MediumGroup, group: MediumGroup, medium_of_serial: Medium, standing: Standing
) -> None:
    question = read_question(a_request(medium_of_serial))
    assert status_of(respond(question, Found(asked, standing), a_responder(group))) == "unauthorized"
    assert status_of(respond(question, Found(asked, standing), a_responder(asked))) == "successful"


def test_a_responder_does_not_speak_for_another_ca_nor_another_generation() -> None:
    for issuer in (an_authority(Purpose.USER_AUTHENTICATION), an_authority(Purpose.SIGNATURE, 2)):
        question = read_question(a_request(issuer=issuer.certificate))
        assert status_of(respond(question, Found("card", GOOD), a_responder("card"))) == "unauthorized"
        assert status_of(respond(question, None, a_responder("card"))) == "unauthorized"


def test_the_response_is_dated_as_told_and_names_the_responder_by_key() -> None:
    produced = AT + timedelta(minutes=5)
    der = respond(read_question(a_request()), Found("card", GOOD), a_responder("card"), produced)
    basic = judge.OCSPResponse.load(der, strict=True).basic_ocsp_response
    data = basic["tbs_response_data"]
    assert data["produced_at"].native == produced
    (single,) = data["responses"]
    assert (single["this_update"].native, single["next_update"].native) == (AT, NEXT)
    assert data["responder_id"].name == "by_key"
    own = a_responder("card").certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    assert data["responder_id"].native == own.digest
    assert [c.dump() for c in basic["certs"]] == [a_responder("card").certificate.public_bytes(Encoding.DER)]


@pytest.mark.parametrize("algorithm", [hashes.SHA1(), hashes.SHA256()])
def test_the_certificate_id_is_given_back_as_asked(algorithm: hashes.SHA1 | hashes.SHA256) -> None:
    request = a_request(algorithm=algorithm)
    der = respond(read_question(request), Found("card", GOOD), a_responder("card"))
    asked = judge.OCSPRequest.load(request)["tbs_request"]["request_list"][0]["req_cert"]
    (single,) = judge.OCSPResponse.load(der, strict=True).response_data["responses"]
    assert single["cert_id"].dump() == asked.dump()


def test_another_hash_is_malformed() -> None:
    with pytest.raises(MalformedQuestion, match="hash"):
        read_question(a_request(algorithm=hashes.SHA512()))


def test_several_questions_in_one_request_are_malformed() -> None:
    request = judge.OCSPRequest.load(a_request())
    questions = request["tbs_request"]["request_list"]
    questions.append(questions[0].copy())
    with pytest.raises(MalformedQuestion):
        read_question(request.dump(force=True))


def test_a_long_request_is_not_even_parsed() -> None:
    with pytest.raises(MalformedQuestion, match="too long"):
        read_question(b"\x30" * 4097)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_damaged_requests_are_malformed_or_read_never_worse(data: st.DataObject) -> None:
    request = bytearray(a_request(nonce=b"n" * 32))
    for _ in range(data.draw(st.integers(1, 3))):
        request[data.draw(st.integers(0, len(request) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(request[: data.draw(st.integers(0, len(request)))])
    try:
        question = read_question(damaged)
    except MalformedQuestion:
        return
    assert status_of(respond(question, None, a_responder("card"))) in {"successful", "unauthorized"}


@pytest.mark.parametrize("serial", [0, 1, 127, 128, 255, 256, 2**31 - 1, 2**159 - 1, -1, -128, -129])
def test_any_serial_is_given_back_in_minimal_form(serial: int) -> None:
    template = read_question(a_request())
    question = Question(serial, template.hash_name, template.issuer_name_hash, template.issuer_key_hash)
    (single,) = judge.OCSPResponse.load(respond(question, None, a_responder("card")), strict=True).response_data[
        "responses"
    ]
    number = single["cert_id"]["serial_number"]
    assert number.native == serial
    assert len(number.contents) == (1 if serial in (0, -1) else len(number.contents))
    assert number.contents == type(number)(serial).contents


def test_unsigned_answers() -> None:
    assert status_of(ocsp_building.try_later()) == "try_later"
    assert status_of(ocsp_building.unauthorized()) == "unauthorized"


def test_naive_times_are_our_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        respond(read_question(a_request()), None, a_responder("card"), AT.replace(tzinfo=None))


# --- the responder's own certificate ---


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("algorithm", ["ec", "rsa"])
def test_a_responder_certificate_is_delegated_and_short_lived(
    group: MediumGroup, algorithm: str, tmp_path: Path
) -> None:
    certificate = a_responder(group, algorithm).certificate
    ca = pem(an_authority(Purpose.SIGNATURE).certificate, tmp_path / "ca.pem")
    path = pem(certificate, tmp_path / "responder.pem")
    when = ("-attime", str(int(AT.timestamp())))
    assert "OK" in openssl("verify", "-x509_strict", "-purpose", "ocsphelper", *when, "-CAfile", ca, path)
    text = openssl("x509", "-noout", "-text", "-in", path)
    assert "X509v3 Key Usage: critical\n                Digital Signature\n" in text
    assert "X509v3 Extended Key Usage: \n                OCSP Signing\n" in text
    assert "OCSP No Check" in text
    assert f"OCSP responder ({group})" in text
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(hours=24)


def test_a_responder_certificate_that_lives_longer_than_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="a day at most"):
        issue_responder(
            responder_key("ec").public_key(),
            "card",
            serial=1,
            validity=Validity(AT, AT + timedelta(hours=24, seconds=1)),
            signer=an_authority(Purpose.SIGNATURE),
        )


def test_a_responder_certificate_that_outlives_the_ca_is_refused() -> None:
    end = an_authority(Purpose.SIGNATURE).certificate.not_valid_after_utc
    with pytest.raises(ValueError, match="outlive"):
        issue_responder(
            responder_key("ec").public_key(),
            "card",
            serial=1,
            validity=Validity(end - timedelta(hours=1), end + timedelta(seconds=1)),
            signer=an_authority(Purpose.SIGNATURE),
        )


def test_key_and_certificate_of_a_responder_must_belong_together() -> None:
    good = a_responder("card", "ec")
    with pytest.raises(ValueError, match="do not match"):
        Responder(good.issuer, "card", good.certificate, responder_key("rsa"))
