"""RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), by which JPKI's certificates, lists and answers are signed.

The comparison is of the whole padded block against the one that is expected.
"""

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
