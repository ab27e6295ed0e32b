"""Algorithms of holders' keys and of the signatures made with them, as rows: which key, which digests.

Which of them a kind of certificate may use stands in ``verifier.pki.kind_data``.  A key that no row describes is
refused; nothing is guessed from its class.
"""

from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

# Ours, against keys made to be costly: a public exponent is odd and below 2^32.
MAX_RSA_EXPONENT_BITS = 32


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One row.  ``family`` is of the key; ``bits`` are the smallest and the largest size taken, ``curve`` is the name
    of an elliptic curve as `cryptography` spells it (None for RSA).  ``digests`` are those a holder's signature may use
    (``sha256`` ...).
    """

    id: str
    family: Literal["rsa", "ec"]
    bits: tuple[int, int]
    curve: str | None
    digests: frozenset[str]

    def takes(self, key: CertificatePublicKeyTypes | None) -> bool:
        """True if ``key`` is of this row."""
        if isinstance(key, rsa.RSAPublicKey) and self.family == "rsa":
            return self.bits[0] <= key.key_size <= self.bits[1] and _is_plain(key.public_numbers().e)
        if isinstance(key, ec.EllipticCurvePublicKey) and self.family == "ec":
            return key.curve.name == self.curve
        return False


_SHA2 = frozenset({"sha256", "sha384", "sha512"})

ALGORITHMS: tuple[Algorithm, ...] = (
    # What every published certificate uses today.
    Algorithm("rsa_2048", "rsa", (2048, 2048), None, _SHA2),
    # Technical standards under the JPKI Act: RSA of 2048 bits or more.  The upper end is ours, against costly keys.
    Algorithm("rsa_longer", "rsa", (2049, 4096), None, _SHA2),
    # FIPS 186-5 section 6.1.1: a digest as strong as the curve, or stronger.
    Algorithm("ecdsa_p256", "ec", (256, 256), "secp256r1", _SHA2),
    Algorithm("ecdsa_p384", "ec", (384, 384), "secp384r1", _SHA2 - {"sha256"}),
)
BY_ID = {row.id: row for row in ALGORITHMS}


def algorithm_of(key: CertificatePublicKeyTypes | None) -> Algorithm | None:
    """The row a key is of, or None."""
    return next((row for row in ALGORITHMS if row.takes(key)), None)


def _is_plain(exponent: int) -> bool:
    return exponent % 2 == 1 and 2 < exponent < 1 << MAX_RSA_EXPONENT_BITS
