"""The first verdict in an organisation's own sandbox: P01's phone signs a challenge, the verification API judges it.

What it leaves out is the return server: that is the next step, with the sample service or one's own.
"""

import base64
import secrets
from typing import Any

from django.db import transaction

from portal import identifiers
from portal.environments.models import Environment
from portal.providers import services as providers
from portal.providers.services import ApiPrincipal
from testenv.models import Device, Persona
from testenv.personas import PERSONAS
from testenv.services import Refused
from testenv.tsm.applet import AppletRefusal
from testenv.tsm.secure_element import SecureElement
from verifier import services as verifier
from verifier.pki.profiles import Purpose

PERSONA = "P01"
PURPOSE = Purpose.USER_AUTHENTICATION
KEY_NAME = "first key"


def run(environment: Environment, *, by: Any) -> tuple[Any, str | None]:
    """The verification and, if the sandbox had no API key yet, the text of its first one, to be shown once.

    Raises Refused `phone.no_certificate` when P01's phone has been emptied, locked or put on hold by its testers.
    """
    principal, key = _principal(environment, by=by)
    question = verifier.question_from_json(_answer_of_the_phone(environment))
    return verifier.verify(principal, question, request_id=identifiers.new("first")), key


def _principal(environment: Environment, *, by: Any) -> tuple[ApiPrincipal, str | None]:
    """Who asks: the sandbox's newest key, made now if there is none."""
    assert environment.provider is not None
    client, key = providers.live_clients(environment.provider).filter(environment=environment).first(), None
    if client is None:
        client, key = providers.issue_client(environment.provider, environment=environment, name=KEY_NAME, by=by)
    return ApiPrincipal(client.pk, client.prefix, client.provider_id, client.environment_id, client.expires_at), key


@transaction.atomic
def _answer_of_the_phone(environment: Environment) -> dict[str, str]:
    """The body of a request about a fresh challenge, signed with the persona's PIN; the phone keeps its counters."""
    persona = Persona.objects.get(environment=environment, persona_id=PERSONA)
    device = Device.objects.select_for_update().filter(persona=persona).order_by("-id").first()
    if device is None:
        raise Refused("phone.no_certificate")
    message = secrets.token_bytes(32)
    try:
        pin = PERSONAS[PERSONA].pins.of(PURPOSE)
        outcome, element = SecureElement.from_state(bytes(device.state)).verify_pin(PURPOSE, pin)
        if not outcome.is_accepted:
            raise Refused("phone.no_certificate")
        certificate, signature = element.read_certificate(PURPOSE), element.sign(PURPOSE, message)
    except AppletRefusal:
        raise Refused("phone.no_certificate") from None
    device.state = element.to_state()
    device.save(update_fields=["state"])
    parts = {"certificate": certificate, "signature": signature, "message": message}
    body = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    return {**body, "purpose": PURPOSE.value, "medium": device.medium}
