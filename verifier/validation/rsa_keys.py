"""RSA keys that count, by size and exponent."""

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

# Law: RSA of at least 2048 bits (technical standards of the JPKI Act).  The upper bounds keep a hostile key from
# costing us time.
MIN_RSA_BITS = 2048
MAX_RSA_BITS = 4096
MAX_RSA_EXPONENT_BITS = 32


def usable_rsa_key(key: CertificatePublicKeyTypes | None) -> RSAPublicKey | None:
    """The key, if it is RSA of a size and exponent we take; else None."""
    if not isinstance(key, RSAPublicKey) or not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        return None
    exponent = key.public_numbers().e
    return key if exponent % 2 and 2 < exponent < 1 << MAX_RSA_EXPONENT_BITS else None
