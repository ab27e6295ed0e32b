"""The only place where an end-entity certificate is signed.

A certificate is built once and signed twice: first with a throw-away key, so that the lint can look at the very bytes
that are to be signed; the CA's key is touched only when it has nothing to say. (RFC 5280 has no such step; public CAs
lint before they sign since a signature cannot be taken back.)
"""

from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import AuthorityInformationAccessOID

from testenv.ca import lint
from testenv.ca.authority import directory_distribution_point, key_usage, make_key
from testenv.ca.japanese_names import ca_name_in_japanese
from testenv.ca.signer import Signer
from testenv.ca.to_be_issued import ToBeIssued
from verifier.pki import subject
from verifier.pki.profiles import CertificateKind, crl_dp_name


class LintRefused(Exception):
    """The to-be-signed certificate breaks the profile; nothing was signed with the CA's key. `findings` are codes."""

    def __init__(self, findings: tuple[str, ...]) -> None:
        super().__init__(", ".join(findings))
        self.findings = findings


@cache
def _throw_away_key() -> rsa.RSAPrivateKey:
    return make_key()


def _policies(kind: CertificateKind, cps_uri: str) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(kind.policy_oid), [cps_uri])])


def _ocsp(url: str) -> x509.AuthorityInformationAccess:
    location = x509.UniformResourceIdentifier(url)
    return x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, location)])


def _authority_key_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _builder(asked: ToBeIssued, issuer: x509.Certificate) -> x509.CertificateBuilder:
    """Extensions in the order seen in real signature certificates; critical are key usage and policies."""
    kind = asked.kind
    builder = (
        x509.CertificateBuilder()
        .subject_name(asked.subject)
        .issuer_name(issuer.subject)
        .public_key(asked.public_key)
        .serial_number(asked.serial)
        .not_valid_before(asked.validity.not_before)
        .not_valid_after(asked.validity.not_after)
        .add_extension(key_usage(*kind.key_usage), critical=True)
    )
    if asked.attributes is not None:
        builder = builder.add_extension(subject.encode(asked.attributes), critical=False)
    japanese = x509.IssuerAlternativeName([x509.DirectoryName(ca_name_in_japanese(kind.purpose))])
    distribution_point = crl_dp_name(kind.purpose, kind.medium.group, kind.world)
    return (
        builder.add_extension(_policies(kind, asked.cps_uri), critical=True)
        .add_extension(japanese, critical=False)
        .add_extension(directory_distribution_point(distribution_point), critical=False)
        .add_extension(_authority_key_identifier(issuer), critical=False)
        .add_extension(_ocsp(asked.ocsp_url), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(asked.public_key), critical=False)
    )


def issue(asked: ToBeIssued, *, signer: Signer) -> bytes:
    """Issue one end-entity certificate; answers its DER.

    Raises LintRefused when what would be signed breaks the profile: a mistake of ours, never of the holder.
    """
    builder = _builder(asked, signer.certificate)
    twin = builder.sign(_throw_away_key(), hashes.SHA256())
    if findings := lint.check(twin, asked, signer.certificate):
        raise LintRefused(findings)
    return builder.sign(signer.private_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
