"""RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), the one signature scheme of JPKI certificates, lists and
answers.

The comparison is of the whole padded block against the one that is expected; the block found is opened only
afterwards, to tell what went wrong, and never to accept anything.
"""

import hashlib
from enum import StrEnum

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from verifier.pki import oids

# Law: RSA of at least 2048 bits (technical standards of the JPKI Act).  The upper bounds keep a hostile key from
# costing us time.
MIN_RSA_BITS = 2048
MAX_RSA_BITS = 4096
MAX_RSA_EXPONENT_BITS = 32

# Signature algorithms a CA may use; rows are added when the service publishes them.
ACCEPTED_ALGORITHMS = frozenset((oids.SHA256_WITH_RSA_ENCRYPTION,))

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
    OTHER_HASH_ALGORITHM = "other_hash_algorithm"
    OTHER_MESSAGE = "other_message"


def usable_rsa_key(key: CertificatePublicKeyTypes | None) -> RSAPublicKey | None:
    """The key, if it is RSA of a size and exponent we take; else None."""
    if not isinstance(key, RSAPublicKey) or not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        return None
    exponent = key.public_numbers().e
    return key if exponent % 2 and 2 < exponent < 1 << MAX_RSA_EXPONENT_BITS else None


def is_signed_by(key: RSAPublicKey, signature: bytes, message: bytes) -> bool:
    """True if ``signature`` is the RSASSA-PKCS1-v1_5 SHA-256 signature of ``message`` under ``key``."""
    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def is_signed_digest(key: RSAPublicKey, signature: bytes, digest: bytes) -> bool:
    """The same for a message of which only the SHA-256 is at hand: a long revocation list is hashed where it lies."""
    try:
        key.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def diagnose(key: RSAPublicKey, signature: bytes, message: bytes) -> Found:
    """What a signature that is *not* valid really covers, so that a developer can mend it.

    ``BARE_HASH`` is the common mistake: signing interfaces on card and phone sign the bytes they are handed, and a
    caller who hands over the 32 bytes of a hash gets a signature without DigestInfo, which no standard verifier
    takes.
    """
    if len(signature) != (key.key_size + 7) // 8:
        return Found.WRONG_LENGTH
    try:
        payload = key.recover_data_from_signature(signature, PKCS1v15(), None)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return Found.NOT_PKCS1
    digest = hashlib.sha256(message).digest()
    if payload == digest:
        return Found.BARE_HASH
    if payload == message:
        return Found.BARE_MESSAGE
    if payload == _DIGEST_INFO["sha256"] + hashlib.sha256(digest).digest():
        return Found.HASH_OF_HASH
    if any(payload == info + hashlib.new(name, message).digest() for name, info in _DIGEST_INFO.items()):
        return Found.OTHER_HASH_ALGORITHM
    return Found.OTHER_MESSAGE
