"""The kinds of JPKI end-entity certificate: who they serve, where they live, and how a certificate says so.

A *kind* is purpose x medium x world.  Card and phone certificates come from the same CA under the same key; they
differ in policy OID, CRL distribution point and OCSP URL (Digital Agency briefing on certificates for smartphones,
June 2022).  What is known of each stands in ``verifier.pki.kind_data``.

Kinds of which nobody has published enough (the phone user-authentication policy, for one) have no row on purpose: a
certificate with an unknown policy is refused as of unknown kind, never guessed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, cast

from cryptography import x509
from cryptography.x509.oid import NameOID

from verifier.pki import algorithms, kind_data
from verifier.pki.algorithms import Algorithm
from verifier.pki.kind_data import Basis
from verifier.pki.signature_schemes import SCHEMES, SignatureScheme

MediumGroup = Literal["card", "phone"]
CrlDpForm = Literal["medium", "municipality"]

# Which version of the table the kinds are told by.
KINDS_VERSION = kind_data.VERSION


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
class Mark:
    """How far one value of a kind can be relied on, who says so, and since which version of the table it stands."""

    value: str
    basis: Basis
    source: str
    since: str


@dataclass(frozen=True, slots=True, eq=False)
class CertificateKind:
    """One row of the registry; rows are compared by identity.

    ``policy_oid`` is a dotted string.  ``key_usage`` holds the names of RFC 5280 bits as `cryptography` spells them
    (``digital_signature``, ``content_commitment``); exactly these bits are set.  ``crl_dp_form`` says how lists are
    split, ``ocsp_profile`` names the settings by which a responder is asked, ``algorithms`` are the allowed rows of the
    holder's key, ``ca_signatures`` the schemes by which the CA may sign.
    ``marks`` tell of each value how well it is known, in the order of ``kind_data.Row``.
    """

    purpose: Purpose
    medium: Medium
    world: World
    policy_oid: str
    key_usage: frozenset[str]
    crl_dp_form: CrlDpForm
    ocsp_profile: str
    algorithms: tuple[Algorithm, ...]
    ca_signatures: frozenset[SignatureScheme]
    marks: tuple[Mark, ...]

    @property
    def crl_dp_common_name(self) -> str:
        """The CN that closes the distribution point's directory name, where lists are split by medium alone."""
        return CRL_DP_COMMON_NAME[self.medium.group]

    @property
    def basis(self) -> Basis:
        """How far the policy OID, by which the kind is told, can be relied on."""
        return self.mark("policy_oid").basis

    @property
    def source(self) -> str:
        """Who says so."""
        return self.mark("policy_oid").source

    def mark(self, value: str) -> Mark:
        """The mark of one value, by its name.  Raises ``StopIteration`` for a name that is none."""
        return next(mark for mark in self.marks if mark.value == value)


CRL_DP_COMMON_NAME: dict[MediumGroup, str] = {"card": "Card CRLDP", "phone": "Phone CRLDP"}


def _of_data(key: tuple[str, str, str], row: kind_data.Row) -> CertificateKind:
    purpose, medium, world = key
    return CertificateKind(
        purpose=Purpose(purpose),
        medium=Medium(medium),
        world=World(world),
        policy_oid=str(row.policy_oid.value),
        key_usage=frozenset(row.key_usage.value),
        crl_dp_form=cast(CrlDpForm, row.crl_dp_form.value),
        ocsp_profile=str(row.ocsp_profile.value),
        algorithms=tuple(algorithms.BY_ID[name] for name in (*row.algorithms.value, *row.curves.value)),
        ca_signatures=frozenset(SCHEMES[name] for name in (*row.ca_signatures.value, *row.further_ca_signatures.value)),
        marks=tuple(
            Mark(name, value.basis, value.source, value.since) for name, value in zip(row._fields, row, strict=True)
        ),
    )


KINDS: tuple[CertificateKind, ...] = tuple(_of_data(key, row) for key, row in kind_data.ROWS.items())

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


def ca_signatures(purpose: Purpose, world: World) -> frozenset[SignatureScheme]:
    """The schemes by which a CA may sign: all that a kind it issues allows, for a list or an answer speaks of several.

    Card and phone are under one CA and one key (Digital Agency briefing, June 2022), so its kinds say the same.
    """
    rows = (row.ca_signatures for row in KINDS if (row.purpose, row.world) == (purpose, world))
    return frozenset[SignatureScheme]().union(*rows)


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
