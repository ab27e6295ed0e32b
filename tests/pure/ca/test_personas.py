"""The sandbox's people: permanent ids, plainly synthetic, and a story that agrees with itself."""

import pytest

from testenv.ca.issuance_rules import card_validity, signature_refusal
from testenv.personas import PERSONAS, Persona, Phone, Provisioning
from testenv.tsm.eligibility import LOWEST_OS_VERSION
from testenv.tsm.pin import format_refusal
from tests.pure.ca.made import AT
from verifier.pki import subject
from verifier.pki.profiles import Purpose

EVERY = pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS.keys())


def test_ids_are_permanent() -> None:
    """Adding is fine, renaming and dropping is not: service providers' tests name them."""
    assert set(PERSONAS) >= {"P01", "P02", "P03", "P06", "P12", "P14", "P21"}
    assert all(key == persona.id for key, persona in PERSONAS.items())


@EVERY
def test_pins_keep_their_formats(persona: Persona) -> None:
    for purpose in Purpose:
        assert format_refusal(purpose, persona.pins.of(purpose)) is None


@EVERY
def test_attributes_can_be_certified_and_read_back(persona: Persona) -> None:
    attributes = persona.attributes
    assert subject.decode(subject.encode(attributes)) == attributes
    assert attributes.name.count("　") == 1
    assert [c == "〓" for c in attributes.name] == [mark == "1" for mark in attributes.name_substitutes]


@EVERY
def test_everybody_may_have_a_signature_certificate_on_a_conforming_phone(persona: Persona) -> None:
    assert signature_refusal(persona.birth_date, AT) is None
    assert card_validity(persona.birth_date, AT).not_after > AT
    assert persona.os_version >= LOWEST_OS_VERSION[persona.medium]


@EVERY
def test_nobody_can_be_taken_for_a_real_person(persona: Persona) -> None:
    assert persona.address.startswith("見本県")
    assert persona.municipality.code.startswith("99")
    assert persona.address_romanised.endswith("Mihon-ken")


STEPS = Provisioning


@EVERY
def test_steps_phone_and_outcome_tell_the_same_story(persona: Persona) -> None:
    steps = persona.steps
    assert steps[0] is STEPS.ISSUE_CARD
    assert len(set(steps)) == len(steps)
    expected = Phone.NONE
    if STEPS.ISSUE_PHONE in steps:
        assert steps[1] is STEPS.ISSUE_PHONE
        expected = Phone.ISSUED
    expected = Phone.HELD if STEPS.HOLD_PHONE in steps else expected
    expected = Phone.REVOKED if STEPS.REVOKE_PHONE in steps else expected
    assert persona.phone is expected


@EVERY
def test_the_outcome_follows_from_the_steps(persona: Persona) -> None:
    authentication = signature = "ok" if persona.phone is not Phone.NONE else "phone.no_certificate"
    if STEPS.HOLD_PHONE in persona.steps:
        authentication = signature = "cert.on_hold"
    if STEPS.REVOKE_PHONE in persona.steps:
        authentication = signature = "cert.revoked"
    if {STEPS.MOVE_HOUSE, STEPS.RUN_LINKED_REVOCATION} <= set(persona.steps):
        signature = "cert.revoked"
    if STEPS.LOCK_USER_AUTHENTICATION_PIN in persona.steps:
        authentication = "pin.locked"
    assert persona.foreseen.of(Purpose.USER_AUTHENTICATION) == authentication
    assert persona.foreseen.of(Purpose.SIGNATURE) == signature


def test_no_two_share_name_or_pins() -> None:
    everybody = list(PERSONAS.values())
    for seen in ({p.name for p in everybody}, {p.pins for p in everybody}, {p.address for p in everybody}):
        assert len(seen) == len(everybody)
