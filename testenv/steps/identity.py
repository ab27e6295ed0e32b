"""Who applies? The card signs, and the site's own verifier says what the signature is worth, as for any customer."""

from dataclasses import dataclass
from datetime import datetime

from portal.environments.models import Environment
from testenv.models import IssuanceOrder
from testenv.personas import PERSONAS
from testenv.tsm.secure_element import TestCard
from verifier import services as verifier
from verifier.pki.profiles import Purpose


@dataclass(frozen=True)
class Proof:
    """What the card answered: certificate (DER) and signature over `message`, and the card's state afterwards."""

    message: bytes
    certificate: bytes
    signature: bytes
    card_state: bytes


class PinRefused(Exception):
    """The card did not accept the signature password."""


def prove(order: IssuanceOrder) -> Proof:
    """Sign the application with the card's signature certificate. Raises PinRefused, AppletRefusal."""
    persona = order.persona
    card = TestCard.from_state(bytes(persona.card.state))
    outcome, card = card.verify_pin(Purpose.SIGNATURE, PERSONAS[persona.persona_id].pins.signature)
    if not outcome.is_accepted:
        raise PinRefused
    message = application_text(order)
    return Proof(
        message, card.read_certificate(Purpose.SIGNATURE), card.sign(Purpose.SIGNATURE, message), card.to_state()
    )


def application_text(order: IssuanceOrder) -> bytes:
    """What the holder signs: which order, for which certificates, on which phone (sandbox emulation)."""
    purposes = ",".join(sorted(order.purposes))
    return f"sandbox application {order.public_id} {order.device.public_id} {purposes}".encode()


def judge(environment: Environment, proof: Proof, at: datetime) -> tuple[str, str]:
    """The verifier's verdict (valid, invalid, indeterminate) and its code for `proof` at `at` (sandbox time)."""
    question = verifier.question(
        Purpose.SIGNATURE, certificate=proof.certificate, signature=proof.signature, message=proof.message
    )
    verdict = verifier.judge(environment, question, at=at)
    return verdict.status.value, verdict.code
