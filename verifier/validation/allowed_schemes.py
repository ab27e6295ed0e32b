"""By which schemes a certificate of a kind may have signed."""

from functools import cache

from verifier.pki.algorithms import Algorithm
from verifier.pki.profiles import CertificateKind
from verifier.pki.signature_schemes import SCHEMES, SignatureScheme


@cache
def allowed_for(kind: CertificateKind) -> frozenset[SignatureScheme]:
    """The schemes that fit some row of the kind's algorithms: its family of keys, its curve, its hashes."""
    return frozenset(row for row in SCHEMES.values() if any(_is_of(row, algorithm) for algorithm in kind.algorithms))


def _is_of(row: SignatureScheme, algorithm: Algorithm) -> bool:
    return row.key_family == algorithm.family and row.curve == algorithm.curve and row.digest in algorithm.digests
