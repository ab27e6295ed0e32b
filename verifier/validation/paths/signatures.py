"""Which signature algorithms certificates and lists may bear, and the check itself, over the received bytes.

RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 4055, RFC 8017) and ECDSA (RFC 5758) with SHA-256, SHA-384 or SHA-512.  DSA, and
everything with MD5 or SHA-1, is not in the table and so is no scheme at all.
"""

from dataclasses import dataclass
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from verifier.pki import oids
from verifier.pki.errors import PARSER_ERRORS
from verifier.validation.rsa_keys import usable_rsa_key

_RSA = {
    oids.SHA256_WITH_RSA_ENCRYPTION: hashes.SHA256(),
    oids.SHA384_WITH_RSA_ENCRYPTION: hashes.SHA384(),
    oids.SHA512_WITH_RSA_ENCRYPTION: hashes.SHA512(),
}
_ECDSA = {
    oids.ECDSA_WITH_SHA256: hashes.SHA256(),
    oids.ECDSA_WITH_SHA384: hashes.SHA384(),
    oids.ECDSA_WITH_SHA512: hashes.SHA512(),
}
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_CURVES = (SECP256R1, SECP384R1, SECP521R1)

# Keys of other algorithms are not even built: nothing could be done with them.
KEY_ALGORITHMS = frozenset((oids.RSA_ENCRYPTION, oids.EC_PUBLIC_KEY))


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a signature is made: ``padding`` for RSA, None for ECDSA."""

    digest: hashes.HashAlgorithm
    padding: PKCS1v15 | PSS | None


class Signed(Protocol):
    """What certificates and lists have in common for a signature check."""

    @property
    def tbs(self) -> bytes: ...

    @property
    def signature(self) -> bytes: ...

    @property
    def scheme(self) -> Scheme | None: ...


_SCHEMES = {
    **{oid: Scheme(digest, PKCS1v15()) for oid, digest in _RSA.items()},
    **{oid: Scheme(digest, None) for oid, digest in _ECDSA.items()},
}


def scheme_of(parsed: x509.Certificate | x509.CertificateRevocationList) -> Scheme | None:
    """The scheme a certificate or list names, or None if it is not one of ours."""
    oid = parsed.signature_algorithm_oid.dotted_string
    return _pss(parsed) if oid == oids.RSASSA_PSS else _SCHEMES.get(oid)


def _pss(parsed: x509.Certificate | x509.CertificateRevocationList) -> Scheme | None:
    """RFC 4055 section 3.1: the mask is made with the same hash, which the defaults (SHA-1) are not."""
    try:
        padding, digest = parsed.signature_algorithm_parameters, parsed.signature_hash_algorithm
    except PARSER_ERRORS:
        return None
    if not isinstance(padding, PSS) or not isinstance(digest, _HASHES):
        return None
    mask = padding.mgf
    same = isinstance(mask, MGF1) and type(mask._algorithm) is type(digest)
    return Scheme(digest, padding) if same else None


def is_usable(key: CertificatePublicKeyTypes | None) -> bool:
    """True for RSA keys of the sizes we take and for keys on P-256, P-384 and P-521."""
    if isinstance(key, EllipticCurvePublicKey):
        return isinstance(key.curve, _CURVES)
    return usable_rsa_key(key) is not None


def is_signed(item: Signed, key: CertificatePublicKeyTypes | None) -> bool:
    """True if ``key`` made the signature of a certificate or list.  False as well for keys that are not usable."""
    scheme = item.scheme
    if scheme is None or not is_usable(key):
        return False
    try:
        return _verifies(item, scheme, key)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False


def _verifies(item: Signed, scheme: Scheme, key: CertificatePublicKeyTypes | None) -> bool:
    if isinstance(key, EllipticCurvePublicKey) and scheme.padding is None:
        key.verify(item.signature, item.tbs, ECDSA(scheme.digest))
        return True
    if isinstance(key, RSAPublicKey) and scheme.padding is not None:
        key.verify(item.signature, item.tbs, scheme.padding, scheme.digest)
        return True
    return False
