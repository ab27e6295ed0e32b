"""One button: authorities, personas with cards, phones by the very orders a tester places, lists the verifier has."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from django.db import IntegrityError, transaction

from portal.environments.models import Environment
from portal.jobs.models import Job
from testenv import personas, services
from testenv.models import CaKey, CertificateAuthority, IssuanceOrder, IssuedCertificate, PublishedCrl
from testenv.steps import identity, provisioning
from testenv.tsm.secure_element import SecureElement, TestCard
from tests import cast
from tests.testenv.conftest import persona, phone
from verifier import services as verifier
from verifier.pki.profiles import Purpose

Commit = Callable[[], Any]
pytestmark = pytest.mark.django_db


def test_everything_is_there(sandbox: Environment) -> None:
    assert CertificateAuthority.objects.filter(environment=sandbox).count() == 2
    assert CaKey.objects.count() == 2
    assert [p.persona_id for p in services.persona_list(sandbox)] == ["P01", "P21"]
    assert set(services.current_certificates(phone(sandbox))) == set(Purpose)
    assert all(state.published for state in services.list_states(sandbox))
    assert not Job.objects.filter(name__startswith="testenv.").exclude(state="done").exists()


def test_pressing_twice_makes_one(sandbox: Environment, bank: Any, commit: Commit) -> None:
    with commit():
        again = services.request_environment(bank, by=cast.taro())
    assert again == sandbox
    assert Environment.objects.filter(provider=bank).count() == 1
    assert IssuanceOrder.objects.count() == 1


def test_each_persona_ends_as_its_id_says(bank: Any, commit: Commit) -> None:
    with commit():
        environment = services.request_environment(bank, by=cast.hanako())
    environment.refresh_from_db()
    assert environment.state == Environment.State.READY
    for row in services.persona_list(environment):
        data = personas.PERSONAS[row.persona_id]
        for purpose in Purpose:
            assert outcome(environment, row, data, purpose) == data.foreseen.of(purpose), (row.persona_id, purpose)


def outcome(environment: Environment, row: Any, data: Any, purpose: Purpose) -> str:
    """What a log-in or a signature by the persona's phone comes to."""
    device = services.current_device(row)
    if device is None:
        return "phone.no_certificate"
    pin, element = SecureElement.from_state(bytes(device.state)).verify_pin(purpose, data.pins.of(purpose))
    if not pin.is_accepted:
        return f"pin.{pin.result.value}"
    certificate, signature = element.read_certificate(purpose), element.sign(purpose, b"challenge")
    question = verifier.question(purpose, certificate=certificate, signature=signature, message=b"challenge")
    return verifier.judge(environment, question, at=provisioning.environments.now(environment)).code


def test_phone_certificate_ends_with_the_card(sandbox: Environment) -> None:
    card = services.card_certificates(persona(sandbox))[Purpose.SIGNATURE]
    for certificate in services.current_certificates(phone(sandbox)).values():
        assert certificate.not_after == card.not_after
        assert certificate.linked_card_certificate == card
        assert x509.load_der_x509_certificate(bytes(certificate.der)).serial_number == certificate.serial


def test_serials_are_unique_per_authority(sandbox: Environment) -> None:
    certificate = IssuedCertificate.objects.first()
    assert certificate is not None
    certificate.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save(force_insert=True)


def test_a_stopped_making_says_so_and_goes_on(
    few_personas: None, bank: Any, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(data: personas.Persona) -> TestCard:
        raise RuntimeError("no entropy")

    with monkeypatch.context() as patch, commit():
        patch.setattr(provisioning, "_card_with_keys", broken)
        environment = services.request_environment(bank, by=cast.hanako())
    environment.refresh_from_db()
    assert environment.state == Environment.State.FAILED
    page = cast.browser_of(cast.hanako()).get("/test-environment/")
    assert "もう一度" in page.content.decode() or "Try again" in page.content.decode()
    kept = {row.pk for row in CertificateAuthority.objects.filter(environment=environment)}
    with commit():
        cast.browser_of(cast.hanako()).post("/test-environment/request/")
    environment.refresh_from_db()
    assert environment.state == Environment.State.READY
    assert {row.pk for row in CertificateAuthority.objects.filter(environment=environment)} == kept


def test_identity_is_judged_not_assumed(sandbox: Environment) -> None:
    """A card that signed something else does not get certificates."""
    order = IssuanceOrder.objects.select_related("persona__card", "persona__environment", "device").get()
    proof = identity.prove(order)
    forged = identity.Proof(b"another application", proof.certificate, proof.signature, proof.card_state)
    at = provisioning.environments.now(sandbox)
    assert identity.judge(sandbox, proof, at) == ("valid", "ok")
    assert identity.judge(sandbox, forged, at)[0] == "invalid"


def test_lists_are_numbered_upwards(sandbox: Environment) -> None:
    for authority in services.authorities(sandbox):
        numbers = list(PublishedCrl.objects.filter(authority=authority).order_by("id").values_list("number", flat=True))
        assert numbers == sorted(set(numbers))
