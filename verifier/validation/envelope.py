"""A container of signatures is opened: which certificate signed, and what.  Nothing is proven here.

The certificate found is then judged by the same steps as one that came alone; lists, answers and unsigned attributes
that the container brings along are not read, because who made the container chose them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from verifier.pki import certificate as certificate_format
from verifier.pki import cms
from verifier.pki.certificate import Certificate
from verifier.pki.cms import SignedData, Signer
from verifier.pki.errors import MalformedInput
from verifier.validation.cms_signature import CmsSignature
from verifier.validation.outcome import Outcome
from verifier.validation.question import SignedContent
from verifier.validation.signature_value import Content
from verifier.validation.verdict import JsonValue


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands in a question's place for content where the container could not be opened: it is never judged."""

    data: bytes = field(repr=False)

    @property
    def parts(self) -> tuple[bytes, ...]:
        """The container as received."""
        return (self.data,)

    def check(self, holder: Certificate, allowed: object = None) -> Outcome:
        """Never reached: the step before it has failed."""
        return Outcome("sig.mismatch", {})


@dataclass(frozen=True, slots=True)
class Envelope:
    """``opened`` is the outcome of the step ``container``; where it is not ``ok``, the rest is empty."""

    opened: Outcome
    certificate_der: bytes = field(repr=False)
    signed: SignedContent = field(repr=False)


class _Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def open_cms(data: bytes, *, content: Content | None = None, certificate_der: bytes | None = None) -> Envelope:
    """Open a CMS SignedData of one signer.

    ``content`` is what was signed, where it is detached; with attached content both have to be the same.
    ``certificate_der`` is the signer's certificate where it is not embedded; among several signers it chooses one.
    """
    looked_at: dict[str, JsonValue] = {"container": "CMS SignedData", "bytes": len(data)}
    try:
        signed_data = cms.parse(data)
        looked_at |= _facts(signed_data)
        signer, holder = _signer(signed_data, certificate_der)
        signed = _content(signed_data, content)
    except (MalformedInput, _Refused) as error:
        return _unopened(data, error, looked_at)
    form = CmsSignature(data, signer, signed, signed_data.content_type)
    return Envelope(Outcome("ok", looked_at), holder, form)


def open_each(data: bytes) -> tuple[Envelope, ...]:
    """Open a CMS SignedData with its content attached for each of its signers, in their order; one refused envelope
    where it cannot be opened at all."""
    looked_at: dict[str, JsonValue] = {"container": "CMS SignedData", "bytes": len(data)}
    try:
        signed_data = cms.parse(data)
        looked_at |= _facts(signed_data)
        content = _content(signed_data, None)
        if not signed_data.signers:
            raise _Refused("cms.no_signer")
    except (MalformedInput, _Refused) as error:
        return (_unopened(data, error, looked_at),)
    return tuple(_of_signer(data, signed_data, signer, content, looked_at) for signer in signed_data.signers)


def _of_signer(
    data: bytes, signed_data: SignedData, signer: Signer, content: Content, looked_at: dict[str, JsonValue]
) -> Envelope:
    try:
        holder = _certificate_of(signer, signed_data.certificates, "cms.certificate_missing")
    except _Refused as refused:
        return _unopened(data, refused, looked_at)
    return Envelope(Outcome("ok", looked_at), holder, CmsSignature(data, signer, content, signed_data.content_type))


def _unopened(data: bytes, error: MalformedInput | _Refused, looked_at: dict[str, JsonValue]) -> Envelope:
    detail = {"detail": error.detail or None} if isinstance(error, MalformedInput) else {}
    return Envelope(Outcome(error.code, looked_at | detail), b"", Unread(data))


def _facts(signed_data: SignedData) -> dict[str, JsonValue]:
    return {
        "content": "detached" if signed_data.content is None else "attached",
        "signers": len(signed_data.signers),
        "certificates": len(signed_data.certificates),
        "embedded_revocation": "ignored" if signed_data.has_revocation else None,
    }


def _signer(signed_data: SignedData, given: bytes | None) -> tuple[Signer, bytes]:
    """The one signer and its certificate."""
    if not signed_data.signers:
        raise _Refused("cms.no_signer")
    if given is None:
        if len(signed_data.signers) > 1:
            raise _Refused("cms.several_signers")
        (signer,) = signed_data.signers
        return signer, _certificate_of(signer, signed_data.certificates, "cms.certificate_missing")
    for signer in signed_data.signers:
        if _is_meant(signer, given):
            return signer, given
    raise _Refused("cms.other_certificate")


def _certificate_of(signer: Signer, certificates: Iterable[bytes], code: str) -> bytes:
    for found in certificates:
        if _is_meant(signer, found):
            return found
    raise _Refused(code)


def _is_meant(signer: Signer, certificate_der: bytes) -> bool:
    """RFC 5652 section 5.3: by issuer and serial, or by key identifier."""
    try:
        found = certificate_format.parse(certificate_der)
    except MalformedInput:
        return False
    if signer.key_id is not None:
        return signer.key_id == (found.subject_key_id or found.key_id)
    return (signer.serial, signer.issuer) == (found.serial, found.issuer.public_bytes())


def _content(signed_data: SignedData, given: Content | None) -> Content:
    attached = None if signed_data.content is None else Content(signed_data.content)
    if attached is None and given is None:
        raise _Refused("cms.content_missing")
    if attached is None:
        assert given is not None
        return given
    if given is not None and given != attached and not _is_digest_of(given, attached):
        raise _Refused("cms.content_differs")
    return attached


def _is_digest_of(given: Content, attached: Content) -> bool:
    names = {32: "sha256", 48: "sha384", 64: "sha512"}
    name = names.get(len(given.octets))
    return given.is_digest and name is not None and given.octets == attached.hashed(name)
