"""What a caller asks, read from the JSON body of POST /api/v1/verifications.

Two forms: `raw`, a certificate and a signature value with what it is over; `cms`, a SignedData that may hold both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from portal import identifiers
from portal.api.decoding import Fields
from verifier.challenges import MAX_OWN_BYTES, MIN_OWN_BYTES, Used
from verifier.pki import certificate as certificate_format
from verifier.pki.profiles import Medium, Purpose
from verifier.pki.signature_schemes import DIGEST_BYTES, RSA_PKCS1_SHA256, SCHEMES, SignatureScheme
from verifier.validation.envelope import Unread, open_cms
from verifier.validation.message_signature import MessageSignature
from verifier.validation.question import Question
from verifier.validation.signature_value import Content
from verifier.validation.verdict import RevocationSource, Step, StepResult

MAX_MESSAGE_BYTES = 160 * 1024
MAX_SIGNATURE_BYTES = 1024
FORMATS = ("raw", "cms")
_PURPOSES, _MEDIA = tuple(each.value for each in Purpose), tuple(each.value for each in Medium)
_SOURCES = tuple(each.value for each in RevocationSource)
# The one thing that was signed comes in one of these.
CONTENTS = ("message", "digest", "challenge", "challenge_id")


@dataclass(frozen=True)
class Signed:
    """What the body says was signed: octets, by the name of their member; of a challenge of ours only the ID."""

    source: str
    octets: bytes = field(repr=False)
    challenge_id: str = ""


_Form = Callable[["Signed | None", tuple[Step, ...]], Question]


@dataclass(frozen=True)
class Asked:
    """A decoded request: its form, what was signed, the caller's correlation id, and the environment it believes to
    speak to."""

    purpose: Purpose
    signed: Signed | None
    request_id: str
    environment: str | None
    _form: _Form = field(repr=False)
    source: RevocationSource = RevocationSource.AUTOMATIC

    def question(self, used: Used | None = None) -> Question:
        """The question to be judged; ``used`` is what became of the challenge, where one is named."""
        signed = self.signed
        if used is not None and signed is not None:
            signed = Signed(signed.source, used.value, signed.challenge_id)
        return self._form(signed, (used.step,) if used is not None else ())


def decode(body: Mapping[str, Any]) -> Asked:
    """Everything in the body of POST /api/v1/verifications; raises portal.problems.Problem naming every wrong field."""
    fields = Fields(body)
    purpose = Purpose(fields.choice("purpose", _PURPOSES))
    form_name = fields.choice("format", FORMATS, required=False) or "raw"
    medium = fields.choice("medium", _MEDIA, required=False)
    request_id = fields.identifier("request_id")
    environment = fields.text("environment", max_length=30)
    source = revocation_source(fields)
    read = _cms if form_name == "cms" else _raw
    form, signed = read(fields, purpose, Medium(medium) if medium else None)
    fields.finish()
    return Asked(purpose, signed, request_id or identifiers.new("req"), environment, form, source)


def revocation_source(fields: Fields) -> RevocationSource:
    """The field `revocation` of a request: where the caller wants the status from."""
    chosen = fields.choice("revocation", _SOURCES, required=False)
    return RevocationSource(chosen or RevocationSource.AUTOMATIC)


def _raw(fields: Fields, purpose: Purpose, medium: Medium | None) -> tuple[_Form, Signed | None]:
    certificate = fields.base64("certificate", max_bytes=certificate_format.MAX_CERTIFICATE_BYTES)
    value = fields.base64("signature", max_bytes=MAX_SIGNATURE_BYTES)
    scheme = _scheme(fields)
    _not_here(fields, "cms")
    signed = _signed(fields, required=True)
    if signed and signed.source == "digest" and len(signed.octets) != scheme.digest_bytes:
        fields.wrong("digest", "field.digest_length")

    def form(content: Signed | None, before: tuple[Step, ...]) -> Question:
        assert content is not None
        is_digest = content.source == "digest"
        source = "challenge" if content.challenge_id else content.source
        given = MessageSignature(value, content.octets, scheme, is_digest, source)
        return Question(purpose, certificate, given, medium, before)

    return form, signed


def _cms(fields: Fields, purpose: Purpose, medium: Medium | None) -> tuple[_Form, Signed | None]:
    data = fields.base64("cms", max_bytes=settings.VERIFIER_CMS_MAX_BYTES)
    limit = certificate_format.MAX_CERTIFICATE_BYTES
    given = fields.base64("certificate", max_bytes=limit, required=False) if fields.has("certificate") else None
    _not_here(fields, "signature", "scheme")
    signed = _signed(fields, required=False)
    if signed and signed.source == "digest" and len(signed.octets) not in DIGEST_BYTES.values():
        fields.wrong("digest", "field.digest_length")

    def form(content: Signed | None, before: tuple[Step, ...]) -> Question:
        if any(step.result is not StepResult.PASSED for step in before):
            return Question(purpose, b"", Unread(data), medium, before)
        said = Content(content.octets, content.source == "digest") if content else None
        envelope = open_cms(data, content=said, certificate_der=given)
        opened = envelope.opened.as_step("container")
        return Question(purpose, envelope.certificate_der, envelope.signed, medium, (*before, opened))

    return form, signed


def _signed(fields: Fields, *, required: bool) -> Signed | None:
    """The one member that says what was signed."""
    present = [name for name in CONTENTS if fields.has(name)]
    found = [_content(fields, name) for name in present]
    if len(present) > 1:
        for name in present[1:]:
            fields.wrong(name, "field.one_of" if required else "field.at_most_one_of")
    elif required and not present:
        fields.wrong("message", "field.one_of")
    return found[0] if found else None


def _content(fields: Fields, name: str) -> Signed:
    if name == "challenge_id":
        return Signed(name, b"", fields.identifier(name) or "")
    limits = {"message": MAX_MESSAGE_BYTES, "digest": max(DIGEST_BYTES.values()), "challenge": MAX_OWN_BYTES}
    octets = fields.base64(name, max_bytes=limits[name])
    if name == "challenge" and len(octets) < MIN_OWN_BYTES:
        fields.wrong(name, "field.too_short")
    return Signed(name, octets)


def _scheme(fields: Fields) -> SignatureScheme:
    """The scheme the caller names; RSASSA-PKCS1-v1_5 with SHA-256, which cards and phones make, unless it does."""
    name = fields.text("scheme", max_length=40)
    if name is None:
        return RSA_PKCS1_SHA256
    if name not in SCHEMES:
        fields.wrong("scheme", "field.sha1" if name.endswith("sha1") else "field.choice")
    return SCHEMES.get(name, RSA_PKCS1_SHA256)


def _not_here(fields: Fields, *names: str) -> None:
    for name in names:
        if fields.has(name):
            fields.text(name, max_length=1 << 20)
            fields.wrong(name, "field.not_with_format")
