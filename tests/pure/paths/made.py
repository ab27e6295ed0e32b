"""Makes chains and lists of any shape for the tests of the path validator, with elliptic curve keys made once per
process, by label."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.pure.pki.forge import key_usage
from verifier.pki import der
from verifier.validation.paths import certificate, revocation_list
from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.revocation_list import RevocationList
from verifier.validation.paths.settings import PathSettings
from verifier.validation.paths.validation import PathVerdict, validate
from verifier.validation.paths.work import Anchor

NOW = datetime(2026, 12, 1, 3, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = 365 * DAY
POLICY_MAPPINGS = x509.ObjectIdentifier("2.5.29.33")
Extension = tuple[x509.ExtensionType, bool]


@cache
def key(label: str) -> ec.EllipticCurvePrivateKey:
    """A key on P-256; the label ``brainpool`` has one on a curve that no profile of ours takes."""
    return ec.generate_private_key(ec.BrainpoolP256R1() if label == "brainpool" else ec.SECP256R1())


def name(common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def usage(*bits: str) -> x509.KeyUsage:
    return key_usage(bits)


def policies(*oids: str) -> Extension:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in oids]), False


def mappings(*pairs: tuple[str, str]) -> Extension:
    rows = b"".join(der.encode(der.SEQUENCE, _oid(first) + _oid(second)) for first, second in pairs)
    return x509.UnrecognizedExtension(POLICY_MAPPINGS, der.encode(der.SEQUENCE, rows)), True


def _oid(dotted: str) -> bytes:
    """The encoding of an OID, cut out of an extension that holds one: SEQUENCE { OID }."""
    return x509.ExtendedKeyUsage([x509.ObjectIdentifier(dotted)]).public_bytes()[2:]


@dataclass(frozen=True)
class Entity:
    """A certificate with the label of its key and the name it goes by."""

    common_name: str
    label: str
    encoded: bytes

    @property
    def certificate(self) -> PathCertificate:
        return certificate.parse(self.encoded)

    @property
    def anchor(self) -> Anchor:
        return Anchor(self.label, self.certificate)


def entity(
    common_name: str,
    *,
    by: Entity | None = None,
    label: str | None = None,
    ca: bool = True,
    path_length: int | None = None,
    key_usage: tuple[str, ...] | None = None,
    serial: int = 1,
    with_aki: bool = True,
    with_ski: bool = True,
    extra: Iterable[Extension] = (),
    not_before: datetime = NOW - YEAR,
    not_after: datetime = NOW + YEAR,
    subject: x509.Name | None = None,
) -> Entity:
    """A certificate issued ``by`` another entity, or self-signed.  ``key_usage`` defaults to what the role needs."""
    label = label or common_name
    signer = by.label if by else label
    bits = key_usage if key_usage is not None else (("key_cert_sign", "crl_sign") if ca else ("digital_signature",))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject or name(common_name))
        .issuer_name(name(by.common_name if by else common_name))
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .public_key(key(label).public_key())
    )
    added: list[Extension] = [(usage(*bits), True)] if bits else []
    if ca:
        added.append((x509.BasicConstraints(ca=True, path_length=path_length), True))
    if with_ski:
        added.append((x509.SubjectKeyIdentifier.from_public_key(key(label).public_key()), False))
    if with_aki:
        added.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(key(signer).public_key()), False))
    for value, critical in (*added, *extra):
        builder = builder.add_extension(value, critical)
    return Entity(common_name, label, builder.sign(key(signer), hashes.SHA256()).public_bytes(Encoding.DER))


def crl(
    by: Entity,
    revoked: Iterable[tuple[int, x509.ReasonFlags | None]] = (),
    *,
    number: int = 7,
    with_aki: bool = True,
    this_update: datetime = NOW - DAY / 2,
    next_update: datetime = NOW + DAY / 2,
    extra: Iterable[Extension] = (),
    signer: str | None = None,
    certificate_issuer: str | None = None,
) -> bytes:
    """A list in the name of ``by``, signed by its key unless ``signer`` labels another."""
    label = signer or by.label
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name(by.common_name))
        .last_update(this_update)
        .next_update(next_update)
        .add_extension(x509.CRLNumber(number), False)
    )
    if with_aki:
        aki = x509.AuthorityKeyIdentifier.from_issuer_public_key(key(label).public_key())
        builder = builder.add_extension(aki, False)
    for value, critical in extra:
        builder = builder.add_extension(value, critical)
    for serial, reason in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - DAY)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), False)
        if certificate_issuer is not None:
            issuer = x509.CertificateIssuer([x509.DirectoryName(name(certificate_issuer))])
            entry = entry.add_extension(issuer, True)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key(label), hashes.SHA256()).public_bytes(Encoding.DER)


def a_list(by: Entity, *revoked: tuple[int, x509.ReasonFlags | None], **wishes: object) -> RevocationList:
    return revocation_list.parse(crl(by, revoked, **wishes))  # type: ignore[arg-type]


def idp(**changes: object) -> Extension:
    fields: dict[str, object] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(fields | changes)), True  # type: ignore[arg-type]


def judged(
    target: Entity,
    *,
    under: Iterable[Entity],
    among: Iterable[Entity] = (),
    lists: Iterable[RevocationList] = (),
    **settings: object,
) -> PathVerdict:
    """The verdict at NOW; without lists, revocation is left out unless asked for."""
    lists = tuple(lists)
    wishes: dict[str, object] = {"at": NOW, "check_revocation": bool(lists)} | settings
    return validate(
        target.certificate,
        anchors=[item.anchor for item in under],
        certificates=[item.certificate for item in among],
        lists=lists,
        settings=PathSettings(**wishes),  # type: ignore[arg-type]
    )
