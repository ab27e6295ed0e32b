"""What holders of the public sandbox do with their phones."""

import base64

from portal.environments import services as environments
from testenv import services
from testenv.personas import PERSONAS
from testenv.tsm.secure_element import SecureElement
from verifier.pki.profiles import Purpose

MESSAGE = b"challenge of a service"


def signed(*, persona: str) -> dict:
    """A log-in signed on the phone, as the API takes it, and the public sandbox's key."""
    purpose = Purpose.USER_AUTHENTICATION
    element = SecureElement.from_state(bytes(_phone(persona).state))
    _, element = element.verify_pin(purpose, PERSONAS[persona].pins.of(purpose))
    parts = (element.read_certificate(purpose), element.sign(purpose, MESSAGE), MESSAGE)
    certificate, signature, message = (base64.b64encode(part).decode() for part in parts)
    body = {"purpose": purpose.value, "certificate": certificate, "signature": signature, "message": message}
    return {"key": services.demonstration_key(), "body": body}


def lose(*, persona: str) -> None:
    services.hold(_phone(persona), by="journey")


def find_again(*, persona: str) -> None:
    services.release(_phone(persona), by="journey")


def _phone(persona: str):
    found = services.persona_list(environments.public_sandbox())
    device = services.current_device(next(row for row in found if row.persona_id == persona))
    assert device is not None
    return device
