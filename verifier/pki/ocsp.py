"""OCSP questions and answers as frozen values (RFC 6960; nonces of RFC 9654; one question a message, RFC 5019).

``parse`` is the only door for a response: what comes out is well-formed, and nothing further in parses those bytes
again. Well-formed is not believed: who signed it and what it is about is judged in ``verifier.validation``.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp

from verifier.pki import certificate as certificate_format
from verifier.pki import der, oids
from verifier.pki.certificate import Certificate
from verifier.pki.errors import PARSER_ERRORS, MalformedInput, MalformedOcsp
from verifier.pki.reasons import RevocationReason

HashName = Literal["sha1", "sha256"]

# One answer under an RSA-4096 delegate with its certificate is below 4 KiB; some responders add their chain.
MAX_RESPONSE_BYTES = 32 * 1024
MAX_CERTIFICATES = 8
# RFC 9654 section 2.1: a new client sends at least 32 octets.
NONCE_OCTETS = 32
# RFC 5019 section 5 (RFC 6960 appendix A.1): GET for requests below 255 bytes after encoding, POST otherwise.
LONGEST_GET = 255

_HASHES: dict[HashName, type[hashes.SHA1] | type[hashes.SHA256]] = {"sha1": hashes.SHA1, "sha256": hashes.SHA256}


@dataclass(frozen=True, slots=True)
class CertId:
    """Which certificate is meant: its serial, and hashes of its issuer's name and key (RFC 6960 section 4.1.1).

    Card and phone certificates of one CA differ in nothing of this but the serial.
    """

    hash_name: HashName
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial: int = field(repr=False)


def cert_id(issuer_name: x509.Name, issuer: Certificate, serial: int, hash_name: HashName) -> CertId:
    """The CertID of ``serial`` under the issuer's own key.

    ``issuer_name`` is the issuer field of the certificate asked about, hashed as it is encoded there.  The key's hash
    is computed from ``issuer``'s key and never read from a key identifier, which need not be a hash of anything.
    """
    return CertId(
        hash_name=hash_name,
        issuer_name_hash=_digest(hash_name, issuer_name.public_bytes()),
        issuer_key_hash=_digest(hash_name, key_bits(issuer.x509)),
        serial=serial,
    )


def key_bits(certificate: x509.Certificate) -> bytes:
    """The subjectPublicKey BIT STRING without tag, length and unused bits: what CertID and ResponderID hash."""
    spki = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    start, end = der.read(spki, 0, len(spki), der.SEQUENCE)
    _, position = der.element(spki, start, end, der.SEQUENCE)
    start, end = der.read(spki, position, end, der.BIT_STRING)
    return spki[start + 1 : end]


def _digest(name: HashName, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


# --- the question ---


@dataclass(frozen=True, slots=True)
class RequestSigner:
    """Who asks, where a responder answers known askers only (RFC 6960 section 4.1.2)."""

    certificate: x509.Certificate
    private_key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        if self.certificate.public_key() != self.private_key.public_key():
            raise ValueError("certificate and key of the asker do not match")


def encode_request(asked: CertId, *, nonce: bytes | None = None, signer: RequestSigner | None = None) -> bytes:
    """An OCSPRequest (DER) with one question.

    Raises ``ValueError`` for a nonce of fewer than 32 or more than 128 octets (RFC 9654 section 2.1).
    """
    if nonce is not None and not NONCE_OCTETS <= len(nonce) <= 128:
        raise ValueError("a nonce has 32 to 128 octets")
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        asked.issuer_name_hash, asked.issuer_key_hash, asked.serial, _HASHES[asked.hash_name]()
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    plain = builder.build().public_bytes(serialization.Encoding.DER)
    return plain if signer is None else _signed(plain, signer)


def _signed(plain: bytes, signer: RequestSigner) -> bytes:
    """The same request with requestorName, which a signed one must have, and the signature (RFC 6960 section 4.1.1).

    The library builds unsigned requests only.
    """
    start, end = der.read(plain, 0, len(plain), der.SEQUENCE)
    start, end = der.read(plain, start, end, der.SEQUENCE)
    # requestorName [1] EXPLICIT GeneralName, directoryName [4]; it stands before requestList.
    requestor = der.encode(0xA1, der.encode(0xA4, signer.certificate.subject.public_bytes()))
    tbs = der.encode(der.SEQUENCE, requestor + plain[start:end])
    certificates = der.encode(
        0xA0, der.encode(der.SEQUENCE, signer.certificate.public_bytes(serialization.Encoding.DER))
    )
    algorithm, signature = _signature(tbs, signer.private_key)
    bits = der.encode(der.BIT_STRING, b"\x00" + signature)
    return der.encode(der.SEQUENCE, tbs + der.encode(0xA0, der.encode(der.SEQUENCE, algorithm + bits + certificates)))


# AlgorithmIdentifiers: sha256WithRSAEncryption with NULL (RFC 4055), ecdsa-with-SHA256 without parameters (RFC 5758).
_RSA_SHA256 = bytes.fromhex("300d06092a864886f70d01010b0500")
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")


def _signature(data: bytes, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> tuple[bytes, bytes]:
    if isinstance(key, rsa.RSAPrivateKey):
        return _RSA_SHA256, key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return _ECDSA_SHA256, key.sign(data, ec.ECDSA(hashes.SHA256()))


# --- the answer ---


class CertStatus(StrEnum):
    """RFC 6960 section 2.2.  A hold is ``REVOKED`` with the reason certificateHold."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BasicResponse:
    """A successful response with its one answer, signature not yet checked.

    Times are aware UTC; ``next_update`` is None if the responder promises nothing.  Exactly one of ``responder_name``
    and ``responder_key_hash`` (SHA-1 of its key bits) is set.  ``nonce`` is None without the extension.
    ``certificates`` are those sent along that parse as certificates; ``tbs`` is what is signed.
    """

    about: CertId
    status: CertStatus
    reason: RevocationReason | None
    revoked_at: datetime | None
    this_update: datetime
    next_update: datetime | None
    produced_at: datetime
    responder_name: x509.Name | None
    responder_key_hash: bytes | None
    nonce: bytes | None
    unknown_critical_extensions: tuple[str, ...]
    certificates: tuple[Certificate, ...]
    signature_algorithm: str
    signature: bytes = field(repr=False)
    tbs: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unsuccessful:
    """An unsigned refusal: ``malformed_request``, ``internal_error``, ``try_later``, ``sig_required`` or
    ``unauthorized``.
    """

    status: str


def parse(data: bytes) -> BasicResponse | Unsuccessful:
    """Parse one OCSPResponse of at most 32 KiB.

    Raises ``MalformedOcsp`` for everything else and nothing else: not DER, another response type than basic, an answer
    to several questions (we only ever ask one), more than eight certificates, dates that do not exist.
    """
    if len(data) > MAX_RESPONSE_BYTES:
        raise MalformedOcsp("too_large")
    try:
        return _parse(data)
    except x509.DuplicateExtension as error:
        raise MalformedOcsp("repeated_extension") from error
    # The library answers hostile bytes with a variety of exceptions; each of them means the same here.
    except PARSER_ERRORS as error:
        raise MalformedOcsp("not_der") from error


def _parse(data: bytes) -> BasicResponse | Unsuccessful:
    response = ocsp.load_der_ocsp_response(data)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return Unsuccessful(response.response_status.name.lower())
    answers = sum(1 for _, answer in zip(range(2), response.responses, strict=False))
    if answers != 1:
        raise MalformedOcsp("several_answers" if answers else "no_answer")
    extensions = [*response.extensions, *response.single_extensions]
    status = CertStatus(response.certificate_status.name.lower())
    return BasicResponse(
        about=_about(response),
        status=status,
        reason=_reason(response) if status is CertStatus.REVOKED else None,
        revoked_at=response.revocation_time_utc,
        this_update=response.this_update_utc,
        next_update=response.next_update_utc,
        produced_at=response.produced_at_utc,
        responder_name=response.responder_name,
        responder_key_hash=response.responder_key_hash,
        nonce=next((e.value.nonce for e in response.extensions if isinstance(e.value, x509.OCSPNonce)), None),
        unknown_critical_extensions=tuple(_unknown_critical(extensions)),
        certificates=_certificates(response.certificates),
        signature_algorithm=response.signature_algorithm_oid.dotted_string,
        signature=response.signature,
        tbs=response.tbs_response_bytes,
    )


def _about(response: ocsp.OCSPResponse) -> CertId:
    algorithm = response.hash_algorithm.name
    if algorithm not in ("sha1", "sha256"):
        raise MalformedOcsp("hash_of_cert_id")
    name: HashName = "sha1" if algorithm == "sha1" else "sha256"
    return CertId(name, response.issuer_name_hash, response.issuer_key_hash, response.serial_number)


def _reason(response: ocsp.OCSPResponse) -> RevocationReason:
    """Without a reason it is unspecified, as in a list (RFC 5280 section 5.3.1)."""
    given = response.revocation_reason
    reason = RevocationReason.UNSPECIFIED if given is None else RevocationReason.of(given)
    if reason is RevocationReason.REMOVE_FROM_CRL:
        raise MalformedOcsp("reason")  # RFC 5280 section 5.3.1: in delta lists only
    return reason


def _unknown_critical(extensions: Iterable[x509.Extension[x509.ExtensionType]]) -> Iterable[str]:
    return (e.oid.dotted_string for e in extensions if e.critical and e.oid.dotted_string != oids.OCSP_NONCE)


def _certificates(sent: list[x509.Certificate]) -> tuple[Certificate, ...]:
    """Those that are well-formed: one that is not cannot prove anything and hides none of the others."""
    if len(sent) > MAX_CERTIFICATES:
        raise MalformedOcsp("too_many_certificates")
    found = []
    for item in sent:
        try:
            found.append(certificate_format.parse(item.public_bytes(serialization.Encoding.DER)))
        except MalformedInput:
            continue
    return tuple(found)
