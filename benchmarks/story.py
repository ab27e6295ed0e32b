"""Sets a site up as its users do and writes what the load needs: a sandbox, a key, a return URL, signed answers.

A child process of the benchmarks, run in the role of a command while a worker and the responders of the site run beside
it: `python -m benchmarks.story ANSWERS` prints one line of JSON.
"""

import base64
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.utils import timezone

from portal.accounts import services as accounts
from portal.environments.models import Environment
from portal.providers import services as providers
from portal.signing import services as signing
from testenv import services as testenv
from testenv.personas import PERSONAS
from testenv.tsm.secure_element import SecureElement
from verifier.models import CrlSnapshot, DistributionPoint
from verifier.pki.profiles import Purpose
from whitelist import services as whitelist

RETURN_URL = "https://login.bank.example.jp/jpki/return"
PATIENCE_SECONDS = 120
# Personas whose phones hold a good certificate and an unlocked PIN.
_GOOD = ("P01", "P06", "P12", "P19")
_MESSAGE_BYTES = 1024


class StoryStuck(Exception):
    """A worker did not do its part in time."""


def tell(answers: int) -> dict[str, Any]:
    owner = accounts.create_person(email="owner@bank.example.jp", name="Owner", password=None, by="benchmark")
    provider = providers.register(
        name="Sample Bank", corporate_number="9234567890123", legal_basis="administrative_body", by=owner
    )
    environment = testenv.request_environment(provider, by=owner)
    _wait_for(lambda: _is_ready(environment), "the test environment")
    _wait_for(lambda: _lists_are_in(environment), "the verifier's revocation lists")
    _wait_for(_lookups_can_be_signed, "the key that signs look-up answers")
    whitelist.enter_in_sandbox(
        environment, url=RETURN_URL, purposes=["user_authentication"], ways_in=["app_link", "qr"], by=owner
    )
    _, key = providers.issue_client(provider, environment=environment, name="benchmark", by=owner)
    questions = _ask(environment, answers)
    return {"key": key, "return_url": RETURN_URL, "environment": environment.public_id, "questions": questions}


def _ask(environment: Environment, count: int) -> list[dict[str, Any]]:
    """Bodies of POST /api/v1/verifications: every one another message, signed by the phones in turn."""
    phones = [_opened(persona) for persona in testenv.persona_list(environment) if persona.persona_id in _GOOD]
    bodies = []
    for number in range(count):
        element, medium = phones[number % len(phones)]
        message = number.to_bytes(4, "big") + os.urandom(_MESSAGE_BYTES - 4)
        bodies.append(
            {
                "purpose": Purpose.USER_AUTHENTICATION.value,
                "certificate": _text(element.read_certificate(Purpose.USER_AUTHENTICATION)),
                "signature": _text(element.sign(Purpose.USER_AUTHENTICATION, message)),
                "message": _text(message),
                "medium": medium,
                "request_id": f"benchmark-{number:06}",
            }
        )
    return bodies


def _opened(persona: Any) -> tuple[SecureElement, str]:
    """The persona's phone with its PIN shown."""
    device = testenv.current_device(persona)
    assert device is not None
    pin = PERSONAS[persona.persona_id].pins.of(Purpose.USER_AUTHENTICATION)
    outcome, element = SecureElement.from_state(bytes(device.state)).verify_pin(Purpose.USER_AUTHENTICATION, pin)
    assert outcome.is_accepted
    return element, device.medium


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _is_ready(environment: Environment) -> bool:
    environment.refresh_from_db(fields=["state"])
    if environment.state == Environment.State.FAILED:
        raise StoryStuck("the test environment could not be made")
    return bool(environment.state == Environment.State.READY)


def _lists_are_in(environment: Environment) -> bool:
    """Every distribution point has a list that is still good."""
    points = DistributionPoint.objects.filter(anchor__environment=environment)
    stored = CrlSnapshot.objects.filter(point__in=points, is_current=True, next_update__gt=timezone.now())
    return points.exists() and stored.count() == points.count()


def _lookups_can_be_signed() -> bool:
    try:
        signing.web_signer("lookup")
    except signing.NoSigningKey:
        return False
    return True


def _wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise StoryStuck(f"{what} is not there after {PATIENCE_SECONDS} s")
        time.sleep(0.2)


if __name__ == "__main__":
    print(json.dumps(tell(int(sys.argv[1]))))
