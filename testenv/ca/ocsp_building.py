"""OCSP, the responder's side: read a question, answer it under a delegated key (RFC 6960; nonce: RFC 9654).

Card and phone have separate responders under one CA (Digital Agency briefing, June 2022), and nothing in a CertID tells
them apart: the issuer's hashes are the same. So a responder that is asked for a serial of the other medium says
`unauthorized`, as it does for another CA: it is not the one that can speak about it (RFC 6960, 2.3).

The response is encoded here, not by the library's builder, which dates it by the machine's clock: a sandbox has its
own time. Only SHA-1 and SHA-256 CertIDs, one question a request. What JPKI's responders really do is not published.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp

from testenv.ca.revocation import Standing, Status
from verifier.pki import der
from verifier.pki.profiles import MediumGroup
from verifier.pki.reasons import RevocationReason

LONGEST_NONCE = 128
LARGEST_REQUEST = 4096  # one question with the longest nonce is below 300 octets


class MalformedQuestion(ValueError):
    """The request cannot be read, or is outside the limits above: the answer is `malformed_request()`."""


@dataclass(frozen=True)
class Question:
    """One well-formed question. Hashes are of the issuer's name and key, by `hash_name` (`sha1` or `sha256`)."""

    serial: int
    hash_name: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    nonce: bytes | None = None


def read_question(request: bytes) -> Question:
    """Parse an OCSPRequest (DER). A signature on the request is not looked at.

    Raises MalformedQuestion; also for a nonce of 0 or more than 128 octets, which RFC 9654, 2.1 has refused.
    """
    if len(request) > LARGEST_REQUEST:
        raise MalformedQuestion("too long")
    try:
        parsed = ocsp.load_der_ocsp_request(request)
        nonce = _nonce(parsed)
        algorithm = parsed.hash_algorithm.name
        question = Question(parsed.serial_number, algorithm, parsed.issuer_name_hash, parsed.issuer_key_hash, nonce)
    except Exception as problem:  # DER, several questions, unknown hash, doubled extension: one answer for all
        raise MalformedQuestion(str(problem)) from problem
    if nonce is not None and not 1 <= len(nonce) <= LONGEST_NONCE:
        raise MalformedQuestion("nonce outside 1 to 128 octets")
    if algorithm not in _HASHES:
        raise MalformedQuestion("hash of CertID")
    return question


def _nonce(parsed: ocsp.OCSPRequest) -> bytes | None:
    try:
        return parsed.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return None


@dataclass(frozen=True)
class Responder:
    """A responder: its CA's certificate, for whom it speaks, its own delegated certificate and key (RSA or P-256)."""

    issuer: x509.Certificate
    group: MediumGroup
    certificate: x509.Certificate
    private_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        if self.certificate.public_key() != self.private_key.public_key():
            raise ValueError("certificate and key do not match")


@dataclass(frozen=True)
class Found:
    """What the register has about a serial: the medium it was issued for, and its standing."""

    group: MediumGroup
    standing: Standing


def malformed_request() -> bytes:
    """The unsigned answer to a request that cannot be read (DER)."""
    return _unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)


def unauthorized() -> bytes:
    """The unsigned answer of a responder that cannot speak about what was asked (DER)."""
    return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)


def try_later() -> bytes:
    """The unsigned answer of a responder that cannot answer just now (DER)."""
    return _unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)


def _unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(serialization.Encoding.DER)


def answer(
    question: Question,
    found: Found | None,
    *,
    responder: Responder,
    produced_at: datetime,
    this_update: datetime,
    next_update: datetime,
) -> bytes:
    """Answer one question; DER of the OCSPResponse.

    `found`: what the register has about the serial, None if this CA never issued it (answered `unknown`).
    `this_update`, `next_update`: between which the status is known to be right. Times: aware UTC, whole seconds.
    A question about another CA or the other medium is answered `unauthorized`, unsigned.
    """
    if not _is_about(question, responder.issuer) or (found is not None and found.group != responder.group):
        return unauthorized()
    standing = None if found is None else found.standing
    single = _sequence(_certificate_id(question), _status(standing), _time(this_update), _tagged(0, _time(next_update)))
    key_hash = hashlib.sha1(_key_bits(responder.certificate), usedforsecurity=False).digest()
    parts = [_tagged(2, der.encode(der.OCTET_STRING, key_hash)), _time(produced_at), _sequence(single)]
    if question.nonce is not None:
        parts.append(_tagged(1, _sequence(_nonce_extension(question.nonce))))
    return _signed(_sequence(*parts), responder)


# --- CertID (RFC 6960, 4.1.1) ---

_HASHES: Mapping[str, str] = MappingProxyType({"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1"})


def _key_bits(certificate: x509.Certificate) -> bytes:
    """The subjectPublicKey BIT STRING without tag, length and unused-bits octet: what CertID and ResponderID hash."""
    spki = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    start, end = der.read(spki, 0, len(spki), der.SEQUENCE)
    _, position = der.element(spki, start, end, der.SEQUENCE)
    start, end = der.read(spki, position, end, der.BIT_STRING)
    return spki[start + 1 : end]


def _is_about(question: Question, issuer: x509.Certificate) -> bool:
    name = hashlib.new(question.hash_name, issuer.subject.public_bytes(), usedforsecurity=False).digest()
    key = hashlib.new(question.hash_name, _key_bits(issuer), usedforsecurity=False).digest()
    return (question.issuer_name_hash, question.issuer_key_hash) == (name, key)


def _certificate_id(question: Question) -> bytes:
    serial = question.serial
    width = (serial if serial >= 0 else ~serial).bit_length() // 8 + 1
    return _sequence(
        _sequence(_oid(_HASHES[question.hash_name]), _NULL),
        der.encode(der.OCTET_STRING, question.issuer_name_hash),
        der.encode(der.OCTET_STRING, question.issuer_key_hash),
        der.encode(der.INTEGER, serial.to_bytes(width, "big", signed=True)),
    )


# --- ResponseData (RFC 6960, 4.2.1) ---

_NULL = bytes.fromhex("0500")
_GOOD = bytes.fromhex("8000")  # [0] IMPLICIT NULL
_UNKNOWN = bytes.fromhex("8200")  # [2] IMPLICIT NULL


def _sequence(*parts: bytes) -> bytes:
    return der.encode(der.SEQUENCE, b"".join(parts))


def _tagged(number: int, content: bytes) -> bytes:
    """An EXPLICIT context tag, constructed."""
    return der.encode(0xA0 | number, content)


def _oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER of our own small set, all arcs below 2^28."""
    first, second, *rest = map(int, dotted.split("."))
    octets = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        octets += bytes(reversed(groups))
    return der.encode(der.OBJECT_IDENTIFIER, bytes(octets))


def _time(moment: datetime) -> bytes:
    if moment.utcoffset() is None or moment.microsecond:
        raise ValueError("times must be aware, in whole seconds")
    return der.encode(der.GENERALIZED_TIME, f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}".encode("ascii"))


def _status(standing: Standing | None) -> bytes:
    """CertStatus. A hold is `revoked` with the reason certificateHold (RFC 6960, 2.2)."""
    if standing is None:
        return _UNKNOWN
    if standing.status is Status.GOOD or standing.since is None or standing.reason is None:
        return _GOOD
    if standing.reason is RevocationReason.UNSPECIFIED:  # said by leaving it out, as in a list
        return der.encode(0xA1, _time(standing.since))
    reason = der.encode(der.ENUMERATED, bytes([standing.reason.value]))
    return der.encode(0xA1, _time(standing.since) + _tagged(0, reason))


def _nonce_extension(nonce: bytes) -> bytes:
    return _sequence(_oid("1.3.6.1.5.5.7.48.1.2"), der.encode(der.OCTET_STRING, der.encode(der.OCTET_STRING, nonce)))


def _signed(data: bytes, responder: Responder) -> bytes:
    """BasicOCSPResponse with the delegated certificate inside, wrapped as a successful OCSPResponse."""
    if isinstance(responder.private_key, rsa.RSAPrivateKey):
        algorithm = _sequence(_oid("1.2.840.113549.1.1.11"), _NULL)
        signature = responder.private_key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    else:
        algorithm = _sequence(_oid("1.2.840.10045.4.3.2"))
        signature = responder.private_key.sign(data, ec.ECDSA(hashes.SHA256()))
    certificate = responder.certificate.public_bytes(serialization.Encoding.DER)
    basic = _sequence(
        data, algorithm, der.encode(der.BIT_STRING, b"\x00" + signature), _tagged(0, _sequence(certificate))
    )
    response_bytes = _sequence(_oid("1.3.6.1.5.5.7.48.1.1"), der.encode(der.OCTET_STRING, basic))
    return _sequence(der.encode(der.ENUMERATED, b"\x00"), _tagged(0, response_bytes))
