"""Signature schemes by name: what is signed with what, and nothing left to choose.

The names are those of the TLS SignatureScheme registry (RFC 8446 section 4.2.3), which many libraries know; the rows of
ECDSA with a longer hash than the curve's own are named in its manner.  A scheme is chosen by who asks; it is never
guessed from a signature.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from verifier.pki import oids


class Family(StrEnum):
    RSA_PKCS1 = "rsa_pkcs1"
    RSA_PSS = "rsa_pss"
    ECDSA = "ecdsa"


@dataclass(frozen=True, slots=True, eq=False)  # rows, compared by identity
class SignatureScheme:
    """``digest`` is the hash's name for ``hashlib``; ``curve`` is the one curve of the key, for ECDSA only;
    ``key_family`` is that of the key, as ``verifier.pki.algorithms`` spells it.

    ``RSA_PSS``: the mask is MGF1 with the same hash, and the salt is as long as the hash (RFC 8446; RFC 4055 section
    3.1 recommends both).
    """

    name: str
    family: Family
    digest: str
    curve: str | None = None
    digest_bytes: int = field(init=False, repr=False)
    key_family: Literal["rsa", "ec"] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest_bytes", DIGEST_BYTES[self.digest])
        object.__setattr__(self, "key_family", "ec" if self.family is Family.ECDSA else "rsa")


# SHA-1 is no row: it is recognised only to be refused by its name.
DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}
DIGEST_OIDS = {oids.SHA256: "sha256", oids.SHA384: "sha384", oids.SHA512: "sha512"}

_CURVES = {"secp256r1": ("sha256", "sha384", "sha512"), "secp384r1": ("sha384", "sha512")}

_ROWS = (
    *(SignatureScheme(f"rsa_pkcs1_{digest}", Family.RSA_PKCS1, digest) for digest in DIGEST_BYTES),
    *(SignatureScheme(f"rsa_pss_rsae_{digest}", Family.RSA_PSS, digest) for digest in DIGEST_BYTES),
    *(
        SignatureScheme(f"ecdsa_{curve}_{digest}", Family.ECDSA, digest, curve)
        for curve, digests in _CURVES.items()
        for digest in digests
    ),
)

SCHEMES: dict[str, SignatureScheme] = {row.name: row for row in _ROWS}
_BY_PARTS = {(row.family, row.digest, row.curve): row for row in _ROWS}
RSA_PKCS1_SHA256 = SCHEMES["rsa_pkcs1_sha256"]

# What a holder's RSA key may have been used for: card and phone put the block together from what the client hands
# over, so the hash is the client's choice.
RSA_SCHEMES = frozenset(row for row in _ROWS if row.family is not Family.ECDSA)


def scheme(family: Family, digest: str, curve: str | None = None) -> SignatureScheme | None:
    """The row of that family, hash and curve, or None."""
    return _BY_PARTS.get((family, digest, curve))
