"""The kinds of JPKI end-entity certificate: who they serve, where they live, and how a certificate says so.

A *kind* is purpose x medium x world.  Card and phone certificates come from the same CA under the same key; they
differ in policy OID, CRL distribution point and OCSP URL (Digital Agency briefing on certificates for smartphones,
June 2022).

``basis`` says how far a row can be relied on:

* ``public``   - published, or decoded from real certificates by several independent parties;
* ``reported`` - reported once, not confirmed;
* ``assumed``  - this sandbox's own choice, shaped after the published ones.

Rows that nobody has published (the phone user-authentication policy, for one) are absent on purpose: a certificate
with an unknown policy is refused as of unknown kind, never guessed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from cryptography import x509
from cryptography.x509.oid import NameOID

from verifier.pki import oids

Basis = Literal["public", "reported", "assumed"]
MediumGroup = Literal["card", "phone"]


class Purpose(StrEnum):
    """What the holder does with the certificate: sign documents, or prove to be the holder."""

    SIGNATURE = "signature"
    USER_AUTHENTICATION = "user_authentication"


class Medium(StrEnum):
    """Where the private key lives: the card's chip, an Android phone's GP-SE, an iPhone's secure element."""

    CARD = "card"
    PHONE_ANDROID = "phone_android"
    PHONE_IPHONE = "phone_iphone"

    @property
    def group(self) -> MediumGroup:
        """``card`` or ``phone``: CRL distribution points and OCSP URLs are separate for these two, not for each
        phone.
        """
        return "card" if self is Medium.CARD else "phone"


class World(StrEnum):
    """Whose certificates: this site's sandbox CAs, or the real JPKI."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class CertificateKind:
    """One row of the registry.

    ``policy_oid`` is a dotted string.  ``key_usage`` holds the names of RFC 5280 bits as `cryptography` spells them
    (``digital_signature``, ``content_commitment``); exactly these bits are set.  ``crl_dp_common_name`` is the CN
    that closes the distribution point's directory name.  ``source`` says where the row comes from.
    """

    purpose: Purpose
    medium: Medium
    world: World
    policy_oid: str
    key_usage: frozenset[str]
    crl_dp_common_name: str
    basis: Basis
    source: str


# Key usage is critical: digitalSignature + nonRepudiation for signatures, digitalSignature alone for user
# authentication (decoded certificates; the briefing of June 2022 says phone certificates keep the card's key usage).
KEY_USAGE: dict[Purpose, frozenset[str]] = {
    Purpose.SIGNATURE: frozenset({"digital_signature", "content_commitment"}),
    Purpose.USER_AUTHENTICATION: frozenset({"digital_signature"}),
}

CRL_DP_COMMON_NAME: dict[MediumGroup, str] = {"card": "Card CRLDP", "phone": "Phone CRLDP"}

_PURPOSE_ARC = {Purpose.SIGNATURE: 1, Purpose.USER_AUTHENTICATION: 2}
_MEDIUM_ARC = {Medium.CARD: 1, Medium.PHONE_ANDROID: 2, Medium.PHONE_IPHONE: 3}


def _sandbox_row(purpose: Purpose, medium: Medium) -> CertificateKind:
    return CertificateKind(
        purpose=purpose,
        medium=medium,
        world=World.SANDBOX,
        policy_oid=f"{oids.SANDBOX_POLICY_ARC}.{_PURPOSE_ARC[purpose]}.{_MEDIUM_ARC[medium]}",
        key_usage=KEY_USAGE[purpose],
        crl_dp_common_name=CRL_DP_COMMON_NAME[medium.group],
        basis="assumed",
        source="this sandbox's own row, shaped after the published card rows",
    )


def _production_row(purpose: Purpose, medium: Medium, policy_oid: str, basis: Basis, source: str) -> CertificateKind:
    return CertificateKind(
        purpose=purpose,
        medium=medium,
        world=World.PRODUCTION,
        policy_oid=policy_oid,
        key_usage=KEY_USAGE[purpose],
        crl_dp_common_name=CRL_DP_COMMON_NAME[medium.group],
        basis=basis,
        source=source,
    )


KINDS: tuple[CertificateKind, ...] = (
    *(_sandbox_row(purpose, medium) for purpose in Purpose for medium in Medium),
    _production_row(
        Purpose.SIGNATURE,
        Medium.CARD,
        oids.POLICY_SIGNATURE_CARD,
        "public",
        "decoded from real cards; several public repositories agree",
    ),
    _production_row(
        Purpose.USER_AUTHENTICATION,
        Medium.CARD,
        oids.POLICY_USER_AUTHENTICATION_CARD,
        "public",
        "public OID lists; several public repositories agree",
    ),
    # Reported when Android was the only phone with certificates; whether an iPhone's carries the same OID is not
    # published.
    _production_row(
        Purpose.SIGNATURE,
        Medium.PHONE_ANDROID,
        oids.POLICY_SIGNATURE_PHONE_REPORTED,
        "reported",
        "reported once for phones, unverified by the reporter; an iPhone row is not known",
    ),
)

_BY_POLICY = {row.policy_oid: row for row in KINDS}
_BY_KEY = {(row.purpose, row.medium, row.world): row for row in KINDS}


def kind_for_policy(oid: str) -> CertificateKind | None:
    """The kind that a certificatePolicies OID (dotted string) stands for, or None if the registry has no such row."""
    return _BY_POLICY.get(oid)


def kind(purpose: Purpose, medium: Medium, world: World) -> CertificateKind:
    """The row for these three.  Raises ``KeyError`` if nothing is published for it (production rows only)."""
    return _BY_KEY[(purpose, medium, world)]


_ORGANIZATION = {World.SANDBOX: "JPKI-SANDBOX", World.PRODUCTION: "JPKI"}
_CA_UNIT = {
    Purpose.SIGNATURE: "JPKI for digital signature",
    Purpose.USER_AUTHENTICATION: "JPKI for user authentication",
}
_OPERATOR_UNIT = {
    World.SANDBOX: "Sandbox emulation - not J-LIS",
    World.PRODUCTION: "Japan Agency for Local Authority Information Systems",
}


def ca_name(purpose: Purpose, world: World) -> x509.Name:
    """The DN of a CA, which is issuer and subject of its self-signed certificates: C, O, OU, OU in this order.

    All generations of a CA share this DN, and so do the CAs of all sandbox environments; a name never identifies a
    key. C is a PrintableString, the rest UTF8String.  Source: the published root certificates (O, OU of the sandbox
    are ours).
    """
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION[world]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _CA_UNIT[purpose]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _OPERATOR_UNIT[world]),
        ]
    )


def crl_dp_name(purpose: Purpose, medium_group: MediumGroup, world: World) -> x509.Name:
    """The directory name of a CRL distribution point: the CA's name, OU=CRL Distribution Points, CN=<group> CRLDP.

    That the distribution point is a directory name, and separate for card and phone, is public; this form of it,
    without the partition by municipality that real signature certificates show, is assumed.
    """
    return x509.Name(
        [
            *ca_name(purpose, world),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "CRL Distribution Points"),
            x509.NameAttribute(NameOID.COMMON_NAME, CRL_DP_COMMON_NAME[medium_group]),
        ]
    )
