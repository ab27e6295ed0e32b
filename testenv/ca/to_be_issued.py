"""What the CA is asked to certify, complete before any key is touched."""

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from testenv.ca.issuance_rules import Validity
from verifier.pki.profiles import CertificateKind, Purpose, World
from verifier.pki.subject import BasicAttributes


@dataclass(frozen=True)
class ToBeIssued:
    """An end-entity certificate in all its parts but the signature.

    `ocsp_url`: of the responder for this kind's medium; card and phone have separate ones.
    `cps_uri`: where the practice statement can be read, the qualifier of the policy.
    `attributes`: the holder's basic four attributes, for signature certificates and only for them.

    Raises ValueError for a kind outside the sandbox, or attributes where none belong (or the reverse).
    """

    kind: CertificateKind
    subject: x509.Name
    public_key: rsa.RSAPublicKey
    serial: int
    validity: Validity
    ocsp_url: str
    cps_uri: str
    attributes: BasicAttributes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.kind.world is not World.SANDBOX:
            raise ValueError("this CA issues sandbox kinds only")
        if (self.attributes is None) is (self.kind.purpose is Purpose.SIGNATURE):
            raise ValueError("basic attributes belong into signature certificates, and only there")
