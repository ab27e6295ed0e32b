"""Makes certificates and lists for the tests of the pure rooms, good ones and impossible ones.

Deliberately not the sandbox CA: issuer and judge share nouns, and a test of the judge must not rest on our own issuer.
Keys are made once per process, by label.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import core
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from verifier.pki import certificate, der, names
from verifier.pki.profiles import CertificateKind, Medium, Purpose, World, ca_name, crl_dp_name, kind
from verifier.validation.crl_index import CrlEvidence, CrlIndex
from verifier.validation.revocation import accept_crl
from verifier.validation.trust import TrustAnchor

NOW = datetime(2026, 12, 1, 3, 0, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
DAY = timedelta(days=1)
MESSAGE = b"the message that the holder signed"

# How a decoded signature certificate of a card names its list; the town is made up.
OF_A_TOWN = ", OU=CRL Distribution Points, OU=Mihon-ken, CN=Kaku-shi CRLDP"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_USAGE_BITS = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@cache
def rsa_key(label: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(label: str, curve: type[ec.EllipticCurve] = ec.SECP256R1) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


def plain_pss(digest: hashes.HashAlgorithm | None = None) -> padding.PSS:
    """The mask with the same hash, a salt of its length."""
    digest = digest or hashes.SHA256()
    return padding.PSS(padding.MGF1(digest), digest.digest_size)


def sign(label: str, message: bytes = MESSAGE) -> bytes:
    return rsa_key(label).sign(message, padding.PKCS1v15(), hashes.SHA256())


def raw_block_signature(label: str, payload: bytes) -> bytes:
    """PKCS #1 v1.5 type 1 padding over exactly these bytes, as a card does with what it is handed."""
    key = rsa_key(label).private_numbers()
    size = rsa_key(label).key_size // 8
    block = b"\x00\x01" + b"\xff" * (size - 3 - len(payload)) + b"\x00" + payload
    return pow(int.from_bytes(block, "big"), key.d, key.public_numbers.n).to_bytes(size, "big")


def key_usage(bits: Iterable[str]) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in set(bits) for name in _USAGE_BITS})


@dataclass(frozen=True)
class Authority:
    """A CA of one purpose, one world, one generation."""

    label: str
    purpose: Purpose
    world: World
    certificate_der: bytes
    private: PrivateKey | None = None

    @property
    def anchor(self) -> TrustAnchor:
        return TrustAnchor(self.label, self.purpose, self.world, certificate.parse(self.certificate_der))

    @property
    def key(self) -> PrivateKey:
        return self.private or rsa_key(self.label)

    def issue(
        self,
        medium: Medium = Medium.CARD,
        *,
        serial: int = 1001,
        holder: str = "holder",
        public_key: object = None,
        policies: tuple[str, ...] | None = None,
        policies_critical: bool = True,
        usage: Iterable[str] | None = None,
        usage_critical: bool = True,
        issuer: x509.Name | None = None,
        not_before: datetime = NOW - YEAR,
        not_after: datetime = NOW + YEAR,
        with_aki: bool = True,
        dp: x509.Name | None = None,
        with_dp: bool = True,
        extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
        signer: PrivateKey | None = None,
        digest: hashes.HashAlgorithm | None = None,
        rsa_padding: padding.PSS | None = None,
    ) -> bytes:
        row: CertificateKind = kind(self.purpose, medium, World.SANDBOX)
        builder = (
            x509.CertificateBuilder()
            .subject_name(
                x509.Name(
                    [
                        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
                        x509.NameAttribute(NameOID.COMMON_NAME, f"2026120100{serial}"),
                    ]
                )
            )
            .issuer_name(issuer or ca_name(self.purpose, self.world))
            .serial_number(serial)
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .public_key(public_key or rsa_key(holder).public_key())  # type: ignore[arg-type]
            .add_extension(key_usage(row.key_usage if usage is None else usage), usage_critical)
        )
        chosen = (row.policy_oid,) if policies is None else policies
        if chosen:
            information = [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in chosen]
            builder = builder.add_extension(x509.CertificatePolicies(information), policies_critical)
        if with_dp:
            name = dp or self.dp_name(medium.group)
            point = x509.DistributionPoint([x509.DirectoryName(name)], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), False)
        if with_aki:
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
            builder = builder.add_extension(identifier, False)
        for value, critical in extra:
            builder = builder.add_extension(value, critical)
        signed = builder.sign(signer or self.key, digest or hashes.SHA256(), rsa_padding=rsa_padding)
        return signed.public_bytes(Encoding.DER)

    def crl(
        self,
        entries: Iterable[tuple[int, x509.ReasonFlags | None]] = (),
        *,
        group: str = "card",
        dp: x509.Name | None = None,
        idp: x509.IssuingDistributionPoint | None = None,
        with_idp: bool = True,
        number: int = 7,
        this_update: datetime = NOW - DAY / 2,
        next_update: datetime = NOW + DAY / 2,
        revoked_at: datetime = NOW - DAY,
        issuer: x509.Name | None = None,
        with_aki: bool = True,
        extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
        entry_extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
        signer: PrivateKey | None = None,
        digest: hashes.HashAlgorithm | None = None,
        rsa_padding: padding.PSS | None = None,
    ) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer or ca_name(self.purpose, self.world))
            .last_update(this_update)
            .next_update(next_update)
            .add_extension(x509.CRLNumber(number), False)
        )
        if with_aki:
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
            builder = builder.add_extension(identifier, False)
        if with_idp:
            builder = builder.add_extension(idp or idp_for(dp or self.dp_name(group)), True)
        for value, critical in extra:
            builder = builder.add_extension(value, critical)
        for serial, reason in entries:
            builder = builder.add_revoked_certificate(_revoked(serial, reason, revoked_at, entry_extra))
        signed = builder.sign(signer or self.key, digest or hashes.SHA256(), rsa_padding=rsa_padding)
        return signed.public_bytes(Encoding.DER)

    def dp_name(self, group: str = "card") -> x509.Name:
        if (self.purpose, group, self.world) == (Purpose.SIGNATURE, "card", World.PRODUCTION):
            return names.written("C=JP, O=JPKI, OU=JPKI for digital signature" + OF_A_TOWN)
        return crl_dp_name(self.purpose, group, self.world)  # type: ignore[arg-type]

    def dp_key(self, group: str = "card") -> bytes:
        return names.normalised(self.dp_name(group))

    def evidence(self, crl_der: bytes, *, group: str = "card", at: datetime = NOW) -> CrlEvidence:
        return accept_crl(crl_der, issuer=self.anchor, dp_name=self.dp_key(group), at=at, source="test")

    def index(self, *lists: bytes, group: str = "card", at: datetime = NOW) -> CrlIndex:
        return CrlIndex(self.evidence(item, group=group, at=at) for item in lists)


@cache
def an_authority(
    label: str,
    purpose: Purpose = Purpose.SIGNATURE,
    world: World = World.SANDBOX,
    *,
    ca: bool = True,
    usage: tuple[str, ...] = ("key_cert_sign", "crl_sign"),
    not_before: datetime = NOW - 3 * YEAR,
    not_after: datetime = NOW + 7 * YEAR,
    serial: int = 1,
    with_ski: bool = True,
    bits: int = 2048,
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    private: PrivateKey | None = None,
) -> Authority:
    """A self-signed CA.  Every label is another key, unless one is given; purpose and world decide the (shared)
    name."""
    key = private or (rsa_key(label, bits) if bits != 2048 else rsa_key(label))
    builder = (
        x509.CertificateBuilder()
        .subject_name(ca_name(purpose, world))
        .issuer_name(ca_name(purpose, world))
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), True)
        .add_extension(key_usage(usage), True)
    )
    for value, critical in extra:
        builder = builder.add_extension(value, critical)
    if with_ski:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    return Authority(label, purpose, world, builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER), private)


def idp_for(name: x509.Name, **changes: object) -> x509.IssuingDistributionPoint:
    fields: dict[str, object] = {
        "full_name": [x509.DirectoryName(name)],
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(fields | changes))  # type: ignore[arg-type]


def unknown_extension(oid: str = "1.2.392.200149.8.5.99.1") -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), b"\x05\x00")


def _revoked(
    serial: int,
    reason: x509.ReasonFlags | None,
    at: datetime,
    extra: tuple[tuple[x509.ExtensionType, bool], ...],
) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
    if reason is not None:
        builder = builder.add_extension(x509.CRLReason(reason), False)
    for value, critical in extra:
        builder = builder.add_extension(value, critical)
    return builder.build()


def reforged(data: bytes, signer: str, change: Callable[[asn1_x509.TbsCertificate], None]) -> bytes:
    """A certificate changed in ways no builder allows, and signed again by that key."""
    parsed = asn1_x509.Certificate.load(data)
    change(parsed["tbs_certificate"])
    tbs = parsed["tbs_certificate"].dump(force=True)
    parsed["signature_value"] = core.OctetBitString(sign(signer, tbs))
    return bytes(parsed.dump(force=True))


def reforged_crl(data: bytes, signer: str, change: Callable[[asn1_crl.TbsCertList], None]) -> bytes:
    """A list changed in ways no builder allows, and signed again by that key."""
    parsed = asn1_crl.CertificateList.load(data)
    change(parsed["tbs_cert_list"])
    tbs = parsed["tbs_cert_list"].dump(force=True)
    parsed["signature"] = core.OctetBitString(sign(signer, tbs))
    return bytes(parsed.dump(force=True))


def long_crl(authority: Authority, serials: Iterable[int], *, reason: int | None = 1) -> bytes:
    """A list of many entries, written by hand (the library's builder is quadratic) around an empty one."""
    block = b"" if reason is None else bytes.fromhex("300c300a0603551d1504030a01") + bytes((reason,))
    time = b"\x17\x0d261130000000Z"
    rows = []
    for serial in serials:
        number = serial.to_bytes(serial.bit_length() // 8 + 1, "big")
        rows.append(der.encode(der.SEQUENCE, der.encode(der.INTEGER, number) + time + block))
    empty = authority.crl()
    tbs, algorithm, _ = der.split_signed(empty)
    start, end = der.read(tbs, 0, len(tbs))
    extensions = end - len(_extensions_of(tbs))
    body = tbs[start:extensions] + der.encode(der.SEQUENCE, b"".join(rows)) + tbs[extensions:end]
    whole = der.encode(der.SEQUENCE, body)
    signature = rsa_key(authority.label).sign(whole, padding.PKCS1v15(), hashes.SHA256())
    return der.encode(der.SEQUENCE, whole + algorithm + der.encode(der.BIT_STRING, b"\x00" + signature))


def _extensions_of(tbs: bytes) -> bytes:
    pos, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
    last = b""
    while pos < end:
        last, pos = der.element(tbs, pos, end)
    return last
