"""What a signature that is not valid turned out to be, so that a developer can mend it.

The commonest mistake with cards and phones: their signing interfaces sign the bytes they are handed, and a caller who
hands over the bytes of a hash gets a signature without DigestInfo, which no standard verifier takes (RFC 8017 section
9.2).  Nothing that is found here is ever accepted.
"""

import hashlib
from collections.abc import Iterator
from enum import StrEnum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from verifier.pki.signature_schemes import DIGEST_BYTES, Family, SignatureScheme, scheme
from verifier.validation.signature_value import HASHES, Content, ecdsa_numbers, verifies

# RFC 8017 section 9.2, note 1
_DIGEST_INFO = {
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


class Found(StrEnum):
    """What a signature that does not match turned out to be."""

    WRONG_LENGTH = "wrong_length"
    NOT_PKCS1 = "not_pkcs1_v1_5"
    BARE_HASH = "bare_hash"
    BARE_MESSAGE = "bare_message"
    HASH_OF_HASH = "hash_of_hash"
    MESSAGE_AS_DIGEST = "message_as_digest"
    SHA1 = "sha1"
    OTHER_HASH_ALGORITHM = "other_hash_algorithm"
    PKCS1 = "rsa_pkcs1"
    PSS = "rsa_pss"
    IRREGULAR_DIGEST_INFO = "irregular_digest_info"
    RAW_NUMBERS = "raw_r_and_s"
    NOT_STRICT_DER = "not_strict_der"
    OTHER_MESSAGE = "other_message"


CODES: dict[Found, str] = {
    Found.BARE_HASH: "sig.no_digestinfo",
    Found.BARE_MESSAGE: "sig.no_digestinfo",
    Found.HASH_OF_HASH: "sig.hashed_twice",
    Found.MESSAGE_AS_DIGEST: "sig.message_is_digest",
    Found.SHA1: "sig.sha1",
    Found.OTHER_HASH_ALGORITHM: "sig.other_scheme",
    Found.PKCS1: "sig.other_scheme",
    Found.PSS: "sig.other_scheme",
    Found.IRREGULAR_DIGEST_INFO: "sig.bad_encoding",
    Found.RAW_NUMBERS: "sig.bad_encoding",
    Found.NOT_STRICT_DER: "sig.bad_encoding",
}


def code_of(found: Found) -> str:
    """The verdict's code for what was found."""
    return CODES.get(found, "sig.mismatch")


def diagnose(
    key: CertificatePublicKeyTypes | None, signature: bytes, content: Content, asked: SignatureScheme
) -> Found:
    """What ``signature`` is, which ``key`` did not make over ``content`` by the scheme asked for."""
    if isinstance(key, RSAPublicKey):
        return _of_rsa(key, signature, content, asked)
    if isinstance(key, EllipticCurvePublicKey):
        return _of_ecdsa(key, signature, content, asked)
    return Found.OTHER_MESSAGE


def _of_rsa(key: RSAPublicKey, signature: bytes, content: Content, asked: SignatureScheme) -> Found:
    if len(signature) != (key.key_size + 7) // 8:
        return Found.WRONG_LENGTH
    try:
        payload = key.recover_data_from_signature(signature, PKCS1v15(), None)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return _of_pss(key, signature, content, asked)
    found = _of_payload(payload, content, asked)
    if asked.family is Family.RSA_PSS and found in (Found.OTHER_MESSAGE, Found.OTHER_HASH_ALGORITHM):
        return Found.PKCS1
    return found


def _of_payload(payload: bytes, content: Content, asked: SignatureScheme) -> Found:
    """What stands in a PKCS #1 block: compared with every mistake that is known by name."""
    octets = content.octets
    if payload in _hashes(content):
        return Found.BARE_HASH
    if payload == octets:
        return Found.BARE_MESSAGE
    for name, info in _DIGEST_INFO.items():
        digest = content.hashed(name)
        if payload == info + digest and len(digest) == info[-1]:
            return _of_right_digest(name, asked)
        if payload == info + hashlib.new(name, digest).digest():
            return Found.HASH_OF_HASH
        if payload == info + octets and len(octets) == info[-1]:
            return Found.MESSAGE_AS_DIGEST
    if any(digest in payload for digest in _hashes(content)):
        return Found.IRREGULAR_DIGEST_INFO
    return Found.OTHER_MESSAGE


def _of_right_digest(name: str, asked: SignatureScheme) -> Found:
    if name == "sha1":
        return Found.SHA1
    return Found.PKCS1 if asked.family is Family.RSA_PSS and name == asked.digest else Found.OTHER_HASH_ALGORITHM


def _hashes(content: Content) -> list[bytes]:
    if content.is_digest:
        return [content.octets]
    return [content.hashed(name) for name in _DIGEST_INFO]


def _of_pss(key: RSAPublicKey, signature: bytes, content: Content, asked: SignatureScheme) -> Found:
    """Not a PKCS #1 v1.5 block.  Perhaps PSS, with whatever salt and hash."""
    for name, algorithm in HASHES.items():
        digest = content.hashed(name)
        if len(digest) != algorithm.digest_size:
            continue
        try:
            key.verify(signature, digest, PSS(MGF1(algorithm), PSS.AUTO), Prehashed(algorithm))
        except (InvalidSignature, ValueError, UnsupportedAlgorithm):
            continue
        return Found.PSS
    return Found.OTHER_MESSAGE if asked.family is Family.RSA_PSS else Found.NOT_PKCS1


def _of_ecdsa(key: EllipticCurvePublicKey, signature: bytes, content: Content, asked: SignatureScheme) -> Found:
    size = (key.curve.key_size + 7) // 8
    if asked.curve is None or key.curve.name != asked.curve:
        return Found.OTHER_MESSAGE
    if ecdsa_numbers(signature, asked.curve) is None:
        return Found.RAW_NUMBERS if len(signature) == 2 * size else Found.NOT_STRICT_DER
    for found, changed, row in _mistakes(content, asked):
        if verifies(key, signature, changed, row):
            return found
    return Found.OTHER_MESSAGE


def _mistakes(content: Content, asked: SignatureScheme) -> Iterator[tuple[Found, Content, SignatureScheme]]:
    twice = hashlib.new(asked.digest, content.hashed(asked.digest)).digest()
    yield Found.HASH_OF_HASH, Content(twice, is_digest=True), asked
    yield Found.MESSAGE_AS_DIGEST, Content(content.octets, is_digest=True), asked
    for name in DIGEST_BYTES:
        other = scheme(Family.ECDSA, name, asked.curve)
        if other is not None and other is not asked:
            yield Found.OTHER_HASH_ALGORITHM, content, other
