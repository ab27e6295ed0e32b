"""The scheme that a SignerInfo states.  Its two algorithm fields have to say one thing (RFC 5652 section 5.3)."""

from verifier.pki import cms, der, oids
from verifier.pki.cms import Algorithm, Signer
from verifier.pki.signature_schemes import DIGEST_BYTES, DIGEST_OIDS, Family, SignatureScheme, scheme

_NULL = b"\x05\x00"
_SHA1 = frozenset((oids.SHA1, oids.SHA1_WITH_RSA_ENCRYPTION, oids.ECDSA_WITH_SHA1))
_RSA = {
    oids.SHA256_WITH_RSA_ENCRYPTION: "sha256",
    oids.SHA384_WITH_RSA_ENCRYPTION: "sha384",
    oids.SHA512_WITH_RSA_ENCRYPTION: "sha512",
}
_ECDSA = {
    oids.ECDSA_WITH_SHA256: "sha256",
    oids.ECDSA_WITH_SHA384: "sha384",
    oids.ECDSA_WITH_SHA512: "sha512",
}


class RefusedAlgorithm(Exception):
    """``code`` is ``sig.sha1``, or ``cms.algorithm`` for one not taken or two that contradict each other."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def scheme_of(signer: Signer, curve: str | None) -> SignatureScheme:
    """The scheme a signer states; ``curve`` is that of the certificate's key, which ECDSA leaves to it.  Raises
    ``RefusedAlgorithm``."""
    stated = signer.signature_algorithm
    if {stated.oid, signer.digest_algorithm.oid} & _SHA1:
        raise RefusedAlgorithm("sig.sha1")
    digest = digest_of(signer.digest_algorithm)
    if stated.oid == oids.RSASSA_PSS:
        found = scheme(Family.RSA_PSS, digest) if is_plain_pss(stated, digest) else None
    elif stated.oid in _ECDSA:
        agrees = _ECDSA[stated.oid] == digest and stated.parameters is None
        found = scheme(Family.ECDSA, digest, curve) if agrees else None
    else:
        agrees = stated.oid == oids.RSA_ENCRYPTION or _RSA.get(stated.oid) == digest
        found = scheme(Family.RSA_PKCS1, digest) if agrees and stated.parameters in (_NULL, None) else None
    if found is None:
        raise RefusedAlgorithm("cms.algorithm")
    return found


def digest_of(algorithm: Algorithm) -> str:
    """The hash's name for ``hashlib``; parameters are NULL or absent (RFC 5754 section 2).  Raises
    ``RefusedAlgorithm``."""
    if algorithm.oid == oids.SHA1:
        raise RefusedAlgorithm("sig.sha1")
    if algorithm.oid not in DIGEST_OIDS or algorithm.parameters not in (_NULL, None):
        raise RefusedAlgorithm("cms.algorithm")
    return DIGEST_OIDS[algorithm.oid]


def is_plain_pss(stated: Algorithm, digest: str) -> bool:
    """RSASSA-PSS-params (RFC 4055 section 3.1) of the hash stated: the same hash in the mask, a salt of its length."""
    data = stated.parameters or b""
    try:
        pos, end = der.read(data, 0, len(data), der.SEQUENCE)
        hashed, pos = _tagged_algorithm(data, pos, end, 0xA0)
        mask, pos = _tagged_algorithm(data, pos, end, 0xA1)
        inner, _ = cms.algorithm(mask.parameters or b"", 0, len(mask.parameters or b""))
        start, pos = der.read(data, pos, end, 0xA2)
        salt = data[start:pos]
        same = digest_of(hashed) == digest_of(inner) == digest
    except (der.DerError, RefusedAlgorithm):
        return False
    length = DIGEST_BYTES[digest].to_bytes(1, "big")
    # A trailer field may only say what it says by default.
    rest_is_default = data[pos:end] in (b"", b"\xa3\x03\x02\x01\x01")
    return same and mask.oid == oids.MGF1 and salt == b"\x02\x01" + length and rest_is_default


def _tagged_algorithm(data: bytes, pos: int, end: int, tag: int) -> tuple[Algorithm, int]:
    start, stop = der.read(data, pos, end, tag)
    found, after = cms.algorithm(data, start, stop)
    if after != stop:
        raise der.DerError("trailing bytes")
    return found, stop
