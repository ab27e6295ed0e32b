"""Does this signature value belong to this content, under this key, by this scheme?  Yes or no, and nothing lenient.

RSASSA-PKCS1-v1_5: the library builds the whole encoded block that is expected and compares it with the one found (RFC
8017 section 8.2.2); no ASN.1 of the signer's is ever parsed, which is what forgeries of small exponents live on.
RSASSA-PSS: MGF1 with the scheme's own hash and a salt of the hash's length, no other.
ECDSA: exactly one DER encoding of two numbers between 1 and the order of the curve (RFC 3279 section 2.2.3).
"""

import hashlib
from typing import NamedTuple, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from verifier.pki import der
from verifier.pki.algorithms import Algorithm, algorithm_of
from verifier.pki.signature_schemes import RSA_SCHEMES, Family, SignatureScheme

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

_PREHASHED = {name: Prehashed(algorithm) for name, algorithm in HASHES.items()}


def _padding(scheme: SignatureScheme) -> PKCS1v15 | PSS:
    if scheme.family is Family.RSA_PKCS1:
        return PKCS1v15()
    return PSS(mgf=MGF1(HASHES[scheme.digest]), salt_length=scheme.digest_bytes)


_RSA_WAYS = {scheme: (_padding(scheme), _PREHASHED[scheme.digest]) for scheme in RSA_SCHEMES}

# Orders of P-256 and P-384 (SEC 2, sections 2.4.2 and 2.5.1)
_ORDERS = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
}


class Content(NamedTuple):
    """What is said to be signed: the octets themselves, or only their hash (``is_digest``)."""

    octets: bytes
    is_digest: bool = False

    def __repr__(self) -> str:
        """Without the octets, which are the caller's own affair."""
        return f"Content(is_digest={self.is_digest})"

    def hashed(self, digest: str) -> bytes:
        """The hash to be found in the signature, by its name for ``hashlib``."""
        return self.octets if self.is_digest else getattr(hashlib, digest)(self.octets).digest()


def verifies(
    key: CertificatePublicKeyTypes | None, signature: bytes, content: Content, scheme: SignatureScheme
) -> bool:
    """True if ``key`` made ``signature`` over ``content`` by ``scheme``.  False as well for a key of another kind or of
    a size that is not taken, and for a hash of another length than the scheme's."""
    return fits(algorithm_of(key), scheme) and is_made_by(key, signature, content, scheme)


def is_made_by(
    key: CertificatePublicKeyTypes | None, signature: bytes, content: Content, scheme: SignatureScheme
) -> bool:
    """The same for a key that is known to be one for that scheme: its row of algorithms ``fits``."""
    digest = content.hashed(scheme.digest)
    if len(digest) != scheme.digest_bytes:
        return False
    try:
        if scheme.curve is None:
            padding, prehashed = _RSA_WAYS[scheme]
            cast(RSAPublicKey, key).verify(signature, digest, padding, prehashed)
        elif ecdsa_numbers(signature, scheme.curve) is None:
            return False
        else:
            cast(EllipticCurvePublicKey, key).verify(signature, digest, ECDSA(_PREHASHED[scheme.digest]))
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def fits(algorithm: Algorithm | None, scheme: SignatureScheme) -> bool:
    """True if a key of that row is one for the scheme: RSA of a size taken, or on the scheme's own curve."""
    if algorithm is None:
        return False
    return algorithm.family == scheme.key_family and algorithm.curve == scheme.curve


def ecdsa_numbers(signature: bytes, curve: str) -> tuple[int, int] | None:
    """r and s of a strictly encoded Ecdsa-Sig-Value, or None: positive, minimal, below the curve's order, nothing
    behind them."""
    try:
        pos, end = der.read(signature, 0, len(signature), der.SEQUENCE)
        r, pos = _number(signature, pos, end)
        s, pos = _number(signature, pos, end)
    except der.DerError:
        return None
    if pos != end or end != len(signature):
        return None
    return (r, s) if all(0 < number < _ORDERS[curve] for number in (r, s)) else None


def _number(data: bytes, pos: int, end: int) -> tuple[int, int]:
    start, stop = der.read(data, pos, end, der.INTEGER)
    octets = data[start:stop]
    if not octets or octets[0] & 0x80 or (len(octets) > 1 and not octets[0] and not octets[1] & 0x80):
        raise der.DerError("integer")
    return int.from_bytes(octets, "big"), stop
