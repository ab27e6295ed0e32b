"""Distribution points: where a certificate says its revocation is told, and what a list says it tells (RFC 5280
sections 4.2.1.13 and 5.2.5), in one form that can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography import x509

from verifier.pki import names
from verifier.pki.extensions import NotOurs

# A name in a form made for comparing: directory names normalised, all others as they are.
PointName = bytes | x509.GeneralName

# RFC 5280 section 6.3.1: the mask "all reasons".
ALL_REASONS = frozenset(set(x509.ReasonFlags) - {x509.ReasonFlags.unspecified, x509.ReasonFlags.remove_from_crl})


@dataclass(frozen=True, slots=True)
class DistributionPoint:
    """One point of a certificate.  ``names`` is empty if it has none; ``issuers`` are the cRLIssuer's names, empty
    where the certificate's issuer signs the list itself."""

    names: frozenset[PointName]
    issuers: frozenset[bytes]
    reasons: frozenset[x509.ReasonFlags]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a list covers, out of its issuingDistributionPoint; a list without one covers all its issuer issued."""

    names: frozenset[PointName] = frozenset()
    only_user: bool = False
    only_ca: bool = False
    only_attribute: bool = False
    is_indirect: bool = False
    reasons: frozenset[x509.ReasonFlags] = ALL_REASONS


def of_certificate(points: x509.CRLDistributionPoints | None, issuer: x509.Name) -> tuple[DistributionPoint, ...]:
    """The points of a certificate of this issuer, in their order.  Raises ``NotOurs`` for a point that names
    nothing."""
    return tuple(_point(point, issuer) for point in points or ())


def of_list(point: x509.IssuingDistributionPoint | None, issuer: x509.Name) -> Scope:
    """The scope of a list of this issuer."""
    if point is None:
        return Scope()
    return Scope(
        names=_names(point.full_name, point.relative_name, issuer),
        only_user=point.only_contains_user_certs,
        only_ca=point.only_contains_ca_certs,
        only_attribute=point.only_contains_attribute_certs,
        is_indirect=point.indirect_crl,
        reasons=ALL_REASONS if point.only_some_reasons is None else frozenset(point.only_some_reasons),
    )


def issuer_point(issuer_key: bytes) -> DistributionPoint:
    """The point that every certificate has without saying so: its issuer's name (RFC 5280 section 6.3.3, last
    paragraph)."""
    return DistributionPoint(frozenset((issuer_key,)), frozenset(), ALL_REASONS)


def _point(point: x509.DistributionPoint, issuer: x509.Name) -> DistributionPoint:
    issuers = [name.value for name in point.crl_issuer or () if isinstance(name, x509.DirectoryName)]
    if not (point.full_name or point.relative_name or issuers):
        raise NotOurs("distribution point")
    base = issuers[0] if issuers else issuer
    return DistributionPoint(
        names=_names(point.full_name, point.relative_name, base),
        issuers=frozenset(map(names.normalised, issuers)),
        reasons=ALL_REASONS if point.reasons is None else frozenset(point.reasons),
    )


def _names(
    full: Iterable[x509.GeneralName] | None, relative: x509.RelativeDistinguishedName | None, base: x509.Name
) -> frozenset[PointName]:
    if relative is not None:
        return frozenset((names.normalised(x509.Name([*base.rdns, relative])),))
    return frozenset(
        names.normalised(name.value) if isinstance(name, x509.DirectoryName) else name for name in full or ()
    )
