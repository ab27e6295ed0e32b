"""What holders of the public sandbox do with their phones."""

import base64
import io
from typing import Any

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.environments import services as environments
from testenv import services
from testenv.personas import PERSONAS
from testenv.tsm.secure_element import SecureElement
from verifier.pki.profiles import Purpose

MESSAGE = b"challenge of a service"


def signed(*, persona: str) -> dict:
    """A log-in signed on the phone, as the API takes it, and the public sandbox's key."""
    purpose = Purpose.USER_AUTHENTICATION
    element = _unlocked(persona, purpose)
    parts = (element.read_certificate(purpose), element.sign(purpose, MESSAGE), MESSAGE)
    certificate, signature, message = (base64.b64encode(part).decode() for part in parts)
    body = {"purpose": purpose.value, "certificate": certificate, "signature": signature, "message": message}
    return {"key": services.demonstration_key(), "body": body}


class Phone(signers.Signer):
    """Signs a PDF as an SP has it signed: what goes to the phone is the attributes, and the phone hashes them."""

    def __init__(self, persona: str) -> None:
        self._element = _unlocked(persona, Purpose.SIGNATURE)
        held = asn1_x509.Certificate.load(self._element.read_certificate(Purpose.SIGNATURE))
        super().__init__(signing_cert=held, cert_registry=SimpleCertificateStore())

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        assert digest_algorithm == "sha256"
        return bytes(256) if dry_run else self._element.sign(Purpose.SIGNATURE, data)


def signed_pdf(*, persona: str, pdf: str) -> dict:
    """The PDF (base64) signed on the phone, PAdES baseline B, and the public sandbox's key."""
    told: dict[str, Any] = {"md_algorithm": "sha256", "subfilter": SigSeedSubFilter.PADES}
    out = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(base64.b64decode(pdf))),
        signers.PdfSignatureMetadata(field_name="Applicant", **told),
        signer=Phone(persona),
        output=out,
    )
    return {"key": services.demonstration_key(), "pdf": base64.b64encode(out.getvalue()).decode()}


def _unlocked(persona: str, purpose: Purpose) -> SecureElement:
    element = SecureElement.from_state(bytes(_phone(persona).state))
    _, element = element.verify_pin(purpose, PERSONAS[persona].pins.of(purpose))
    return element


def lose(*, persona: str) -> None:
    services.hold(_phone(persona), by="journey")


def find_again(*, persona: str) -> None:
    services.release(_phone(persona), by="journey")


def _phone(persona: str):
    found = services.persona_list(environments.public_sandbox())
    device = services.current_device(next(row for row in found if row.persona_id == persona))
    assert device is not None
    return device
