"""What the signed attributes of a CMS signer have to say about the content and the certificate.

Without signed attributes the signature would be over the bare content, and one made for something else could be passed
off as a document's (RFC 5652 section 11, draft-ietf-lamps-cms-euf-cma-signeddata); they are mandatory here.
"""

import hashlib
from collections.abc import Callable

from verifier.pki import cms, der, oids
from verifier.pki.certificate import Certificate
from verifier.pki.cms import Attribute, Signer
from verifier.validation.cms_algorithms import digest_of
from verifier.validation.signature_value import Content


def first_violation(signer: Signer, content: Content, content_type: str, holder: Certificate) -> tuple[str, str] | None:
    """(code, name of the rule) of the first rule that the attributes break, or None.  Raises ``RefusedAlgorithm`` for a
    hash that is not taken."""
    if not signer.signed_attributes:
        return "cms.no_signed_attributes", "signed_attributes_present"
    attributes = {attribute.oid: attribute for attribute in signer.signed_attributes}
    rules: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("cms.content_type", lambda: _names_type(attributes.get(oids.ATTRIBUTE_CONTENT_TYPE), content_type)),
        ("cms.message_digest", lambda: _holds_digest(attributes.get(oids.ATTRIBUTE_MESSAGE_DIGEST), signer, content)),
        ("cms.signing_certificate", lambda: _names(attributes.get(oids.ATTRIBUTE_SIGNING_CERTIFICATE_V2), holder)),
        ("cms.algorithm", lambda: _protects(attributes.get(oids.ATTRIBUTE_ALGORITHM_PROTECTION), signer)),
    )
    for code, holds in rules:
        if not holds():
            return code, code.removeprefix("cms.")
    return None


def names_its_certificate(signer: Signer) -> bool:
    """Whether signing-certificate-v2 is there at all: CAdES and PAdES demand it, plain CMS does not."""
    found = signer.signed_attributes or ()
    return any(attribute.oid == oids.ATTRIBUTE_SIGNING_CERTIFICATE_V2 for attribute in found)


def _names_type(attribute: Attribute | None, content_type: str) -> bool:
    """RFC 5652 section 11.1: one value, the type of the content; a document's is id-data."""
    value = _only(attribute)
    if value is None or content_type != oids.CMS_DATA:
        return False
    try:
        start, stop = der.read(value, 0, len(value), der.OBJECT_IDENTIFIER)
        return der.dotted(value[start:stop]) == content_type
    except der.DerError:
        return False


def _holds_digest(attribute: Attribute | None, signer: Signer, content: Content) -> bool:
    """RFC 5652 section 11.2: one value, the hash of the content."""
    digest = content.hashed(digest_of(signer.digest_algorithm))
    return _only(attribute) == der.encode(der.OCTET_STRING, digest)


def _names(attribute: Attribute | None, holder: Certificate) -> bool:
    """RFC 5035 section 3: the first certificate named is the signer's, by its hash and, where given, its serial."""
    if attribute is None:
        return True
    value = _only(attribute)
    if value is None:
        return False
    try:
        return _is_named_first(value, holder)
    except der.DerError:
        return False


def _is_named_first(data: bytes, holder: Certificate) -> bool:
    pos, end = der.read(data, 0, len(data), der.SEQUENCE)
    pos, end = der.read(data, pos, end, der.SEQUENCE)
    pos, end = der.read(data, pos, end, der.SEQUENCE)
    digest = "sha256"  # the DEFAULT of hashAlgorithm
    if pos < end and data[pos] == der.SEQUENCE:
        stated, pos = cms.algorithm(data, pos, end)
        digest = digest_of(stated)
    start, stop = der.read(data, pos, end, der.OCTET_STRING)
    if data[start:stop] != hashlib.new(digest, holder.der).digest():
        return False
    return stop == end or _serial(data, stop, end) == holder.serial


def _serial(data: bytes, pos: int, end: int) -> int:
    """The serial of an IssuerSerial.  Its issuer is that of a certificate whose hash has just been compared."""
    pos, end = der.read(data, pos, end, der.SEQUENCE)
    _, pos = der.read(data, pos, end, der.SEQUENCE)
    start, stop = der.read(data, pos, end, der.INTEGER)
    return int.from_bytes(data[start:stop], "big", signed=True)


def _protects(attribute: Attribute | None, signer: Signer) -> bool:
    """RFC 6211: where the signer signed its algorithms too, they are the ones stated outside."""
    if attribute is None:
        return True
    value = _only(attribute)
    if value is None:
        return False
    try:
        pos, end = der.read(value, 0, len(value), der.SEQUENCE)
        digest, pos = cms.algorithm(value, pos, end)
        _, stop = der.read(value, pos, end, 0xA1)
        # [1] IMPLICIT: the SEQUENCE's own tag is replaced, and put back to be read.
        signed = b"\x30" + value[pos + 1 : stop]
        signature, _ = cms.algorithm(signed, 0, len(signed))
    except der.DerError:
        return False
    return digest == signer.digest_algorithm and signature == signer.signature_algorithm


def _only(attribute: Attribute | None) -> bytes | None:
    return attribute.values[0] if attribute is not None and len(attribute.values) == 1 else None
