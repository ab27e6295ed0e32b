"""CMS SignedData (RFC 5652 section 5) as a frozen value.  ``parse`` is the only door; it checks form, never truth.

Strict DER throughout.  BER with indefinite lengths, which RFC 5652 allows around the signed parts, is refused by its
name: what is signed has then one reading only, and every library that writes BER writes DER as well (decision 0017).
"""

from dataclasses import dataclass, field

from verifier.pki import der, oids
from verifier.pki.errors import MalformedInput

MAX_CERTIFICATES = 20
MAX_SIGNERS = 10
MAX_ATTRIBUTES = 40

_CONTEXT_0, _CONTEXT_1, _KEY_IDENTIFIER = 0xA0, 0xA1, 0x80


class MalformedCms(MalformedInput):
    """Bytes that are not one SignedData in DER, or are outside the limits set here."""

    def __init__(self, detail: str, code: str = "cms.malformed") -> None:
        super().__init__(code, detail)


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An AlgorithmIdentifier: dotted OID and the raw parameters, None without them."""

    oid: str
    parameters: bytes | None


@dataclass(frozen=True, slots=True)
class Attribute:
    """``encoded`` is the whole attribute as received, ``values`` the raw values of its SET."""

    oid: str
    values: tuple[bytes, ...] = field(repr=False)
    encoded: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signer:
    """One SignerInfo.  Its certificate is named by ``issuer`` (raw DER name) and ``serial``, or by ``key_id``.

    ``signed_attributes`` is None without the field, which is not the same as an empty one.
    """

    issuer: bytes | None = field(repr=False)
    serial: int | None = field(repr=False)
    key_id: bytes | None
    digest_algorithm: Algorithm
    signed_attributes: tuple[Attribute, ...] | None = field(repr=False)
    signature_algorithm: Algorithm
    signature: bytes = field(repr=False)
    unsigned_attributes: int


@dataclass(frozen=True, slots=True)
class SignedData:
    """``content`` is None where it is detached.  ``has_revocation`` says whether lists or answers are embedded, which
    nobody reads."""

    content_type: str
    content: bytes | None = field(repr=False)
    certificates: tuple[bytes, ...] = field(repr=False)
    signers: tuple[Signer, ...]
    has_revocation: bool


def parse(data: bytes) -> SignedData:
    """Parse one ContentInfo that holds a SignedData.  Raises ``MalformedCms`` and nothing else; its code is
    ``cms.not_der`` for BER, ``cms.malformed`` for the rest."""
    try:
        return _parse(data)
    except der.DerError as error:
        if _is_indefinite(data):
            raise MalformedCms("indefinite_length", "cms.not_der") from error
        raise MalformedCms(str(error).replace(" ", "_")) from error


def set_of(attributes: tuple[Attribute, ...]) -> bytes:
    """The signed attributes as they are signed: not with the tag they are sent with but as an explicit SET OF in DER
    (RFC 5652 section 5.4, X.690 section 11.6)."""
    return der.encode(der.SET, b"".join(sorted(attribute.encoded for attribute in attributes)))


def algorithm(data: bytes, pos: int, end: int) -> tuple[Algorithm, int]:
    """One AlgorithmIdentifier at ``pos`` and the position behind it."""
    start, stop = der.read(data, pos, end, der.SEQUENCE)
    oid, start = _oid(data, start, stop)
    parameters = None
    if start < stop:
        parameters, start = der.element(data, start, stop)
    _finished(start, stop)
    return Algorithm(oid, parameters), stop


def _parse(data: bytes) -> SignedData:
    pos, end = der.read(data, 0, len(data), der.SEQUENCE)
    _finished(end, len(data))
    oid, pos = _oid(data, pos, end)
    if oid != oids.CMS_SIGNED_DATA:
        raise MalformedCms("content_type")
    pos, stop = der.read(data, pos, end, _CONTEXT_0)
    _finished(stop, end)
    start, end = der.read(data, pos, stop, der.SEQUENCE)
    _finished(end, stop)
    return _signed_data(data, start, end)


def _signed_data(data: bytes, pos: int, end: int) -> SignedData:
    version, pos = _number(data, pos, end)
    if version not in (1, 3, 4, 5):
        raise MalformedCms("version")
    digests, pos = _digest_algorithms(data, pos, end)
    content_type, content, pos = _encapsulated(data, pos, end)
    certificates: tuple[bytes, ...] = ()
    if _is_next(data, pos, end, _CONTEXT_0):
        start, stop = der.read(data, pos, end)
        certificates, pos = _elements(data, start, stop, MAX_CERTIFICATES, "certificates"), stop
    has_revocation = _is_next(data, pos, end, _CONTEXT_1)
    if has_revocation:
        _, pos = der.read(data, pos, end)
    start, stop = der.read(data, pos, end, der.SET)
    _finished(stop, end)
    signers = tuple(_signer(item) for item in _elements(data, start, stop, MAX_SIGNERS, "signers"))
    if not {signer.digest_algorithm.oid for signer in signers} <= digests:
        raise MalformedCms("digest_algorithms")
    return SignedData(content_type, content, certificates, signers, has_revocation)


def _digest_algorithms(data: bytes, pos: int, end: int) -> tuple[set[str], int]:
    """The set that has to name every signer's hash, or a reader of one pass could not check it."""
    start, stop = der.read(data, pos, end, der.SET)
    named = _elements(data, start, stop, MAX_SIGNERS, "digest_algorithms")
    return {algorithm(item, 0, len(item))[0].oid for item in named}, stop


def _encapsulated(data: bytes, pos: int, end: int) -> tuple[str, bytes | None, int]:
    start, stop = der.read(data, pos, end, der.SEQUENCE)
    oid, start = _oid(data, start, stop)
    if start == stop:
        return oid, None, stop
    start, inner = der.read(data, start, stop, _CONTEXT_0)
    _finished(inner, stop)
    first, last = der.read(data, start, inner, der.OCTET_STRING)
    _finished(last, inner)
    return oid, data[first:last], stop


def _signer(data: bytes) -> Signer:
    pos, end = der.read(data, 0, len(data), der.SEQUENCE)
    version, pos = _number(data, pos, end)
    issuer = serial = key_id = None
    if version != (3 if _is_next(data, pos, end, _KEY_IDENTIFIER) else 1):
        raise MalformedCms("version")
    if version == 3:
        start, pos = der.read(data, pos, end)
        key_id = data[start:pos]
    else:
        start, stop = der.read(data, pos, end, der.SEQUENCE)
        issuer, start = der.element(data, start, stop, der.SEQUENCE)
        serial, start = _number(data, start, stop)
        _finished(start, stop)
        pos = stop
    digest_algorithm, pos = algorithm(data, pos, end)
    signed_attributes = None
    if _is_next(data, pos, end, _CONTEXT_0):
        start, pos = der.read(data, pos, end)
        signed_attributes = _attributes(data, start, pos)
    signature_algorithm, pos = algorithm(data, pos, end)
    start, pos = der.read(data, pos, end, der.OCTET_STRING)
    signature, unsigned = data[start:pos], 0
    if _is_next(data, pos, end, _CONTEXT_1):
        start, pos = der.read(data, pos, end)
        unsigned = len(_elements(data, start, pos, MAX_ATTRIBUTES, "attributes"))
    _finished(pos, end)
    return Signer(issuer, serial, key_id, digest_algorithm, signed_attributes, signature_algorithm, signature, unsigned)


def _attributes(data: bytes, start: int, stop: int) -> tuple[Attribute, ...]:
    """Each attribute once, and in DER even where the rest may be BER (RFC 5652 section 5.3): sorted."""
    found = tuple(_attribute(item) for item in _elements(data, start, stop, MAX_ATTRIBUTES, "attributes"))
    if len({attribute.oid for attribute in found}) != len(found):
        raise MalformedCms("repeated_attribute")
    encoded = [attribute.encoded for attribute in found]
    if encoded != sorted(encoded):
        raise MalformedCms("order_of_attributes", "cms.not_der")
    return found


def _attribute(data: bytes) -> Attribute:
    pos, end = der.read(data, 0, len(data), der.SEQUENCE)
    oid, pos = _oid(data, pos, end)
    start, stop = der.read(data, pos, end, der.SET)
    _finished(stop, end)
    return Attribute(oid, _elements(data, start, stop, MAX_ATTRIBUTES, "values"), data)


def _elements(data: bytes, pos: int, end: int, most: int, what: str) -> tuple[bytes, ...]:
    found: list[bytes] = []
    while pos < end:
        item, pos = der.element(data, pos, end)
        found.append(item)
        if len(found) > most:
            raise MalformedCms(f"too_many_{what}")
    return tuple(found)


def _oid(data: bytes, pos: int, end: int) -> tuple[str, int]:
    start, stop = der.read(data, pos, end, der.OBJECT_IDENTIFIER)
    return der.dotted(data[start:stop]), stop


def _number(data: bytes, pos: int, end: int) -> tuple[int, int]:
    start, stop = der.read(data, pos, end, der.INTEGER)
    if start == stop or stop - start > 32:
        raise der.DerError("bad integer")
    return int.from_bytes(data[start:stop], "big", signed=True), stop


def _is_next(data: bytes, pos: int, end: int, tag: int) -> bool:
    return pos < end and data[pos] == tag


def _finished(pos: int, end: int) -> None:
    if pos != end:
        raise der.DerError("trailing bytes")


def _is_indefinite(data: bytes) -> bool:
    """Lengths of the outermost elements left open (X.690 section 8.1.3.6), as streaming writers leave them."""
    return data[:2] == b"\x30\x80" or b"\x24\x80" in data[:200]
