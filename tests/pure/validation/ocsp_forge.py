"""Makes OCSP responses for the tests, good ones and impossible ones, by a hand that is not the sandbox's responder."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import algos, core, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.pure.pki.forge import DAY, NOW, Authority, an_authority, key_usage, rsa_key
from verifier.pki import certificate
from verifier.pki import ocsp as ocsp_format
from verifier.pki.ocsp import CertId, HashName
from verifier.pki.profiles import Medium
from verifier.validation.ocsp_answers import Asked
from verifier.validation.ocsp_evidence import NonceRule, OcspRules

SERIAL = 1001
NONCE = bytes(range(32))
MINUTE = timedelta(minutes=1)
RULES = OcspRules(NonceRule.REQUIRED, max_age=15 * MINUTE, skew=MINUTE, delegate_life=DAY)
CA = an_authority("ocsp-ca")
OTHER = an_authority("ocsp-other")  # the other generation: the same name, another key


def about(ca: Authority = CA, serial: int = SERIAL, hash_name: HashName = "sha1") -> CertId:
    subject = certificate.parse(ca.issue(Medium.CARD, serial=serial))
    return ocsp_format.cert_id(subject.issuer, ca.anchor.certificate, serial, hash_name)


def asked(nonce: bytes | None = NONCE, **which: Any) -> Asked:
    return Asked(about(**which), CA.anchor, nonce)


@cache
def delegate(
    label: str = "delegate",
    *,
    issuer: Authority = CA,
    signer: str | None = None,
    eku: bool = True,
    usage: tuple[str, ...] | None = ("digital_signature",),
    nocheck: bool = True,
    not_before: datetime = NOW - DAY / 4,
    not_after: datetime = NOW + DAY / 2,
    serial: int = 77,
    unknown: bool = False,
    digest: str = "sha256",
) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, label)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.anchor.certificate.subject)
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .public_key(rsa_key(label).public_key())
    )
    point = x509.DistributionPoint([x509.DirectoryName(issuer.dp_name("card"))], None, None, None)
    builder = builder.add_extension(x509.CRLDistributionPoints([point]), False)
    if usage is not None:
        builder = builder.add_extension(key_usage(usage), True)
    if eku:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), True)
    if nocheck:
        builder = builder.add_extension(x509.OCSPNoCheck(), False)
    if unknown:
        odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.392.200149.8.5.99.1"), b"\x05\x00")
        builder = builder.add_extension(odd, True)
    return builder.sign(rsa_key(signer or issuer.label), getattr(hashes, digest.upper())()).public_bytes(Encoding.DER)


def response(
    status: str | tuple[datetime, str | None] = "good",
    *,
    which: CertId | None = None,
    nonce: bytes | None = NONCE,
    this_update: datetime = NOW - MINUTE,
    next_update: datetime | None = NOW + 14 * MINUTE,
    produced_at: datetime = NOW,
    signer: str = "delegate",
    certificates: tuple[bytes, ...] | None = None,
    by_name: bool = False,
    named: bytes | None = None,
    critical: bool = False,
    copies: int = 1,
    digest: str = "sha256",
) -> bytes:
    """``signer`` is the label of the signing key; ``named`` the certificate the responder ID speaks of."""
    certificates = (delegate(),) if certificates is None else certificates
    data = ocsp.ResponseData(
        {
            "responder_id": _responder_id(named or (certificates or (CA.certificate_der,))[0], by_name),
            "produced_at": produced_at,
            "responses": [_single(which or about(), status, this_update, next_update)] * copies,
        }
    )
    extensions = [] if nonce is None else [{"extn_id": "nonce", "extn_value": nonce}]
    if critical:
        extensions.append(
            {
                "extn_id": "1.2.392.200149.8.5.99.1",
                "critical": True,
                "extn_value": core.ParsableOctetString(b"\x05\x00"),
            }
        )
    if extensions:
        data["response_extensions"] = extensions
    signature = rsa_key(signer).sign(data.dump(), padding.PKCS1v15(), getattr(hashes, digest.upper())())
    basic = {
        "tbs_response_data": data,
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{digest}_rsa"}),
        "signature": core.OctetBitString(signature),
        "certs": [asn1_x509.Certificate.load(der) for der in certificates],
    }
    body = {"response_type": "basic_ocsp_response", "response": core.ParsableOctetString(_basic(basic))}
    return bytes(ocsp.OCSPResponse({"response_status": "successful", "response_bytes": body}).dump())


def _basic(fields: dict[str, Any]) -> bytes:
    return bytes(ocsp.BasicOCSPResponse(fields).dump())


def _responder_id(der: bytes, by_name: bool) -> ocsp.ResponderId:
    parsed = asn1_x509.Certificate.load(der)
    if by_name:
        return ocsp.ResponderId(name="by_name", value=parsed.subject)
    return ocsp.ResponderId(name="by_key", value=core.OctetString(parsed.public_key.sha1))


def _single(which: CertId, status: Any, this_update: datetime, next_update: datetime | None) -> dict[str, Any]:
    single: dict[str, Any] = {
        "cert_id": {
            "hash_algorithm": {"algorithm": which.hash_name},
            "issuer_name_hash": which.issuer_name_hash,
            "issuer_key_hash": which.issuer_key_hash,
            "serial_number": which.serial,
        },
        "cert_status": _status(status),
        "this_update": this_update,
    }
    return single if next_update is None else {**single, "next_update": next_update}


def _status(status: Any) -> ocsp.CertStatus:
    if status in ("good", "unknown"):
        return ocsp.CertStatus(name=status, value=core.Null())
    revoked_at, reason = status
    info = {"revocation_time": revoked_at}
    return ocsp.CertStatus(
        name="revoked", value=ocsp.RevokedInfo(info if reason is None else {**info, "revocation_reason": reason})
    )


def unsuccessful(status: str) -> bytes:
    return bytes(ocsp.OCSPResponse({"response_status": status}).dump())
