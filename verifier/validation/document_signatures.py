"""From a signature found in a document to the question whether it is the holder's: the step ``document``.

What is signed has to be the document, all of it: a signature over a part says nothing about what a reader sees.
"""

from collections.abc import Sequence

from verifier.pki import der
from verifier.pki.profiles import Purpose
from verifier.pki.signature_schemes import SCHEMES
from verifier.validation import cms_attributes
from verifier.validation.cms_signature import CmsSignature
from verifier.validation.document_findings import Document, Found, PdfSignature, XmlSignature
from verifier.validation.envelope import Envelope, Unread, open_cms
from verifier.validation.message_signature import MessageSignature
from verifier.validation.outcome import Outcome
from verifier.validation.question import Question
from verifier.validation.signature_value import Content
from verifier.validation.verdict import JsonValue, Step

PADES = "ETSI.CAdES.detached"
_PDF_FORMS = (PADES, "adbe.pkcs7.detached")
# What may stand behind a signature without touching what was signed: time-stamps and evidence, other signatures.
_HARMLESS = ("archival", "signatures")

_RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-"
_PSS = "http://www.w3.org/2007/05/xmldsig-more#"
_ECDSA = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-"
# RFC 9231 section 2.3; ECDSA with the curve that goes with the hash (as in RFC 8446).
XML_SCHEMES = {
    **{f"{_RSA}{digest}": SCHEMES[f"rsa_pkcs1_{digest}"] for digest in ("sha256", "sha384", "sha512")},
    **{f"{_PSS}{digest}-rsa-MGF1": SCHEMES[f"rsa_pss_rsae_{digest}"] for digest in ("sha256", "sha384", "sha512")},
    f"{_ECDSA}sha256": SCHEMES["ecdsa_secp256r1_sha256"],
    f"{_ECDSA}sha384": SCHEMES["ecdsa_secp384r1_sha384"],
}


def question(document: Document, found: Found | Envelope, *, number: int, of: int) -> Question:
    """Whether the holder of a certificate for signatures signed the document by this signature, the ``number``-th of
    ``of``."""
    looked_at: dict[str, JsonValue] = {
        "document": document.format.upper(),
        "document_sha256": document.sha256,
        "signature_number": f"{number}/{of}",
    }
    if isinstance(found, Envelope):
        return _of_cms(found, looked_at)
    if isinstance(found, PdfSignature):
        return _of_pdf(document.octets, found, looked_at)
    if isinstance(found, XmlSignature):
        return _of_xml(document.octets, found, looked_at)
    return _refused(document.octets, found.code, looked_at | ({"detail": found.detail} if found.detail else {}))


def questions(document: Document, found: Sequence[Found | Envelope]) -> list[Question]:
    """One question for each signature found in the document, in their order."""
    return [question(document, each, number=number, of=len(found)) for number, each in enumerate(found, 1)]


def _of_cms(envelope: Envelope, looked_at: dict[str, JsonValue]) -> Question:
    step = Outcome("ok", looked_at | {"form": "CMS", "covers": "document"}).as_step("document")
    before = (step, envelope.opened.as_step("container"))
    return Question(Purpose.SIGNATURE, envelope.certificate_der, envelope.signed, None, before)


def _of_pdf(octets: bytes, found: PdfSignature, looked_at: dict[str, JsonValue]) -> Question:
    looked_at |= {"form": _name(found.form), "covers": found.covers, "changes": found.changes}
    code = _first_fault(octets, found)
    if code != "ok":
        return _refused(octets, code, looked_at)
    envelope = open_cms(_without_padding(found.contents), content=Content(_signed_bytes(octets, found.byte_range)))
    if found.form == PADES and not _names_its_certificate(envelope):
        return _refused(octets, "document.properties", looked_at)
    step, opened = Outcome("ok", looked_at).as_step("document"), envelope.opened.as_step("container")
    return Question(Purpose.SIGNATURE, envelope.certificate_der, envelope.signed, None, (step, opened))


def _name(form: str) -> str | None:
    """A SubFilter comes from the document: only known ones are repeated."""
    return form if form in _PDF_FORMS else None


def _first_fault(octets: bytes, found: PdfSignature) -> str:
    if found.form not in _PDF_FORMS:
        return "document.form"
    if not _stands_in_its_gap(octets, found):
        return "document.partly_signed"
    to_the_end = sum(found.byte_range[2:]) == len(octets)
    if to_the_end and found.covers == "file":
        return "ok"
    # Bytes behind the signature that change nothing belong to no revision: nobody knows what reads them.
    if to_the_end or found.covers != "revision" or found.changes == "none":
        return "document.partly_signed"
    return "ok" if found.changes in _HARMLESS else "document.changed"


def _stands_in_its_gap(octets: bytes, found: PdfSignature) -> bool:
    """The bytes signed begin with the file, and the one gap in them is this very signature in hexadecimal digits."""
    if len(found.byte_range) != 4:
        return False
    start, length, behind, rest = found.byte_range
    if start != 0 or min(length, rest) <= 0 or not length < behind or behind + rest > len(octets):
        return False
    return octets[length:behind].lower() == b"<" + found.contents.hex().encode() + b">"


def _signed_bytes(octets: bytes, byte_range: tuple[int, ...]) -> bytes:
    _, length, behind, rest = byte_range
    return octets[:length] + octets[behind : behind + rest]


def _without_padding(contents: bytes) -> bytes:
    """The room kept for a signature is filled up with zeros; anything else stays, to be refused."""
    try:
        signed_data, end = der.element(contents, 0, len(contents))
    except der.DerError:
        return contents
    return contents if contents[end:].strip(b"\0") else signed_data


def _names_its_certificate(envelope: Envelope) -> bool:
    """ETSI EN 319 142-1 clause 6.3: signing-certificate-v2 is mandatory.  A container that could not be opened has its
    own code."""
    signed = envelope.signed
    return not isinstance(signed, CmsSignature) or cms_attributes.names_its_certificate(signed.signer)


def _of_xml(octets: bytes, found: XmlSignature, looked_at: dict[str, JsonValue]) -> Question:
    looked_at |= {"form": found.form, "covers": found.covers, "comments": found.comments}
    scheme = XML_SCHEMES.get(found.method)
    if scheme is None:
        return _refused(octets, "document.algorithm", looked_at)
    if found.covers != "document":
        return _refused(octets, "document.partly_signed", looked_at)
    signed = MessageSignature(found.signature, found.signed_info, scheme, source="signed_info")
    step = Outcome("ok", looked_at).as_step("document")
    return Question(Purpose.SIGNATURE, found.certificate_der, signed, None, (step,))


def _refused(octets: bytes, code: str, looked_at: dict[str, JsonValue]) -> Question:
    step: Step = Outcome(code, looked_at).as_step("document")
    return Question(Purpose.SIGNATURE, b"", Unread(octets), None, (step,))
