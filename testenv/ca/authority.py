"""A sandbox CA: its self-signed certificate, shaped as the published JPKI roots, and the key that goes with it.

Single tier: the root issues end-entity certificates itself. keyUsage and basicConstraints critical, no pathLen; SKI;
Japanese names in subjectAltName; a distribution point that is the CA's own directory name; no AKI, no policies, no AIA
(decoded from the public copies of the production roots).
"""

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from testenv.ca.issuance_rules import Validity
from testenv.ca.japanese_names import ca_name_in_japanese
from verifier.pki.profiles import Purpose, World, ca_name

KEY_BITS = 2048
PUBLIC_EXPONENT = 65537


@dataclass(frozen=True)
class Authority:
    """A CA with its key at hand; a `signer.Signer`. Raises ValueError when key and certificate do not match."""

    certificate: x509.Certificate
    private_key: rsa.RSAPrivateKey = field(repr=False)

    def __post_init__(self) -> None:
        if self.certificate.public_key() != self.private_key.public_key():
            raise ValueError("certificate and key do not match")


def key_usage(*bits: str) -> x509.KeyUsage:
    """A KeyUsage with exactly these bits, named as `cryptography` spells them."""
    return x509.KeyUsage(
        digital_signature="digital_signature" in bits,
        content_commitment="content_commitment" in bits,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign="key_cert_sign" in bits,
        crl_sign="crl_sign" in bits,
        encipher_only=False,
        decipher_only=False,
    )


def directory_distribution_point(name: x509.Name) -> x509.CRLDistributionPoints:
    """cRLDistributionPoints with the one directory name: JPKI names its lists, it does not link to them."""
    return x509.CRLDistributionPoints([x509.DistributionPoint([x509.DirectoryName(name)], None, None, None)])


def make_key() -> rsa.RSAPrivateKey:
    """A fresh CA key, RSA-2048 with e = 65537 as the published roots have it."""
    return rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=KEY_BITS)


def self_signed(purpose: Purpose, private_key: rsa.RSAPrivateKey, *, serial: int, validity: Validity) -> bytes:
    """The certificate (DER) of a new sandbox CA. `serial` comes from the CA's own sequence."""
    name = ca_name(purpose, World.SANDBOX)
    public_key = private_key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(validity.not_before)
        .not_valid_after(validity.not_after)
        .add_extension(key_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DirectoryName(ca_name_in_japanese(purpose))]), critical=False)
        .add_extension(directory_distribution_point(name), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )
    return builder.sign(private_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def load(certificate: bytes, private_key: rsa.RSAPrivateKey) -> Authority:
    """The CA of a stored certificate (DER) and its key. Raises ValueError when they do not belong together."""
    return Authority(x509.load_der_x509_certificate(certificate), private_key)
