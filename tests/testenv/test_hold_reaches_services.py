"""Lost, held, published, fetched, refused; found, released, issued anew."""

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from portal.environments import services as environments
from portal.environments.models import Environment
from testenv import services, simulator
from testenv.models import IssuanceOrder
from testenv.personas import PERSONAS
from testenv.services import Refused
from testenv.simulator import Asked
from tests import cast
from tests.testenv.conftest import RETURN_URL, ask_responders, persona, phone
from verifier import services as verifier
from verifier.pki.profiles import Purpose

pytestmark = pytest.mark.django_db


def verdict(environment: Environment, purpose: Purpose, request_id: str) -> str:
    """What the verifier says of an answer the phone gives now."""
    row = simulator.receive(environment, Asked(request_id, purpose, b"challenge", RETURN_URL.encode(), "app_link"))
    simulator.enter_pin(row, PERSONAS["P01"].pins.of(purpose))
    row.refresh_from_db()
    question = verifier.question(
        purpose, certificate=bytes(row.certificate), signature=bytes(row.signature), message=b"challenge"
    )
    return verifier.judge(environment, question, at=environments.now(environment)).code


def crl(environment: Environment, which: str) -> x509.CertificateRevocationList:
    response = ask_responders(f"/crl/{environment.public_id}/{which}.crl")
    assert response["Content-Type"] == "application/pkix-crl"
    return x509.load_der_x509_crl(response.content)


def test_a_lost_phone_is_refused(sandbox: Environment, commit: Any) -> None:
    assert verdict(sandbox, Purpose.USER_AUTHENTICATION, "before-hold") == "ok"
    with commit():
        cast.browser_of(cast.hanako()).post(f"/test-environment/phones/{phone(sandbox).public_id}/hold/")
    certificate = services.current_certificates(phone(sandbox))[Purpose.USER_AUTHENTICATION]
    entry = crl(sandbox, "user_authentication-phone").get_revoked_certificate_by_serial_number(certificate.serial)
    assert entry is not None
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.certificate_hold
    assert not list(crl(sandbox, "user_authentication-card"))
    assert verdict(sandbox, Purpose.USER_AUTHENTICATION, "after-hold") == "cert.on_hold"
    with pytest.raises(Refused, match="already_on_hold"):
        services.hold(phone(sandbox), by=cast.hanako())


def test_a_found_phone_gets_a_new_signature_certificate(sandbox: Environment, commit: Any) -> None:
    before = services.current_certificates(phone(sandbox))
    with commit():
        services.hold(phone(sandbox), by=cast.hanako())
    with commit():
        order = services.release(phone(sandbox), by=cast.hanako())
    assert order is not None
    assert IssuanceOrder.objects.get(pk=order.pk).state == "stored"
    after = services.current_certificates(phone(sandbox))
    assert after[Purpose.USER_AUTHENTICATION] == before[Purpose.USER_AUTHENTICATION]
    assert after[Purpose.USER_AUTHENTICATION].status == "good"
    before[Purpose.SIGNATURE].refresh_from_db()
    assert before[Purpose.SIGNATURE].status == "revoked"
    assert after[Purpose.SIGNATURE].serial > before[Purpose.SIGNATURE].serial
    assert verdict(sandbox, Purpose.USER_AUTHENTICATION, "after-release") == "ok"
    assert verdict(sandbox, Purpose.SIGNATURE, "after-release-sign") == "ok"


def test_a_new_phone_replaces_the_old_one(sandbox: Environment, commit: Any) -> None:
    old = phone(sandbox)
    with commit():
        refused = services.open_order(persona(sandbox), purposes=tuple(Purpose), by=cast.hanako())
    refused.refresh_from_db()
    assert (refused.state, refused.refusals) == ("refused", ["eligibility.on_another_device"])
    with commit():
        order = services.open_order(persona(sandbox), purposes=tuple(Purpose), agrees_to_replace=True, by=cast.hanako())
    order.refresh_from_db()
    assert order.state == "stored"
    assert {c.status for c in services.current_certificates(old).values()} == {"revoked"}
    old.refresh_from_db()
    assert b'"applet": null' in bytes(old.state)
    assert any(command["verb"] == "erase_applet" for line in order.log for command in line["tsm"])


def test_lists_can_be_asked_for_conditionally(sandbox: Environment, commit: Any) -> None:
    path = f"/crl/{sandbox.public_id}/signature-card.crl"
    first = ask_responders(path)
    assert ask_responders(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    with commit():
        services.request_publication(sandbox)
    assert ask_responders(path, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_ocsp_answers_for_its_own_medium(sandbox: Environment) -> None:
    certificate = x509.load_der_x509_certificate(
        bytes(services.current_certificates(phone(sandbox))[Purpose.SIGNATURE].der)
    )
    pem = ask_responders(f"/ca/{sandbox.public_id}/signature.pem").content
    issuer = x509.load_pem_x509_certificate(pem)
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
    body = request.public_bytes(serialization.Encoding.DER)
    post = {"method": "post", "data": body, "content_type": "application/ocsp-request"}
    own = ask_responders(f"/ocsp/{sandbox.public_id}/signature-phone", **post)
    assert ocsp.load_der_ocsp_response(own.content).certificate_status is ocsp.OCSPCertStatus.GOOD
    other = ask_responders(f"/ocsp/{sandbox.public_id}/signature-card", **post)
    assert ocsp.load_der_ocsp_response(other.content).response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED
    junk = ask_responders(f"/ocsp/{sandbox.public_id}/signature-card/AAAA%21")
    assert ocsp.load_der_ocsp_response(junk.content).response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
