"""Certificates of the OCSP responders: short-lived, delegated by the CA, one for card and one for phone.

RFC 6960, 4.2.2.2: issued directly by the CA that issued the certificates in question, with id-kp-OCSPSigning; and
4.2.2.2.1: id-pkix-ocsp-nocheck tells clients not to ask about the responder itself, which is why it lives a day at
most. The form of JPKI's own responder certificates is not published; this is the plain RFC form.
"""

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from testenv.ca.authority import key_usage
from testenv.ca.issuance_rules import Validity
from testenv.ca.signer import Signer
from verifier.pki.profiles import MediumGroup

LONGEST_LIFE = timedelta(hours=24)

_COMMON_NAME: dict[MediumGroup, str] = {"card": "OCSP responder (card)", "phone": "OCSP responder (phone)"}


def issue_responder(
    public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    group: MediumGroup,
    *,
    serial: int,
    validity: Validity,
    signer: Signer,
) -> bytes:
    """Certify a responder's key; answers DER. `serial` comes from the CA's one sequence.

    Raises ValueError when the certificate would live longer than a day or past the CA.
    """
    if validity.not_after - validity.not_before > LONGEST_LIFE:
        raise ValueError("a responder certificate lives a day at most")
    issuer = signer.certificate
    if validity.not_after > issuer.not_valid_after_utc:
        raise ValueError("a responder certificate does not outlive its CA")
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    name = x509.Name([*issuer.subject, x509.NameAttribute(NameOID.COMMON_NAME, _COMMON_NAME[group])])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.subject)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(validity.not_before)
        .not_valid_after(validity.not_after)
        .add_extension(key_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )
    return builder.sign(signer.private_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
