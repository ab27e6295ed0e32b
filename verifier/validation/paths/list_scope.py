"""Does a list speak of this certificate, and which delta belongs to which complete list?  RFC 5280 section 6.3.3, steps
(b), (c) and (d)."""

from collections.abc import Iterable

from cryptography import x509

from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.distribution_points import DistributionPoint, issuer_point
from verifier.validation.paths.revocation_list import RevocationList
from verifier.validation.paths.settings import PathSettings


def points_of(certificate: PathCertificate) -> tuple[DistributionPoint, ...]:
    """Where the status of a certificate may be told: its distribution points, then its issuer's own name."""
    return (*certificate.distribution_points, issuer_point(certificate.issuer_key))


def reasons_told(
    revocation_list: RevocationList, certificate: PathCertificate, settings: PathSettings
) -> frozenset[x509.ReasonFlags]:
    """The reasons for which the list tells this certificate's status, over all its points; empty if it is not about
    it."""
    scope = revocation_list.scope
    if scope.is_indirect and not settings.indirect_crls:
        return frozenset()
    if settings.lists_name_their_point and not scope.names:
        return frozenset()
    if scope.only_attribute or (scope.only_user if certificate.is_ca else scope.only_ca):
        return frozenset()
    return frozenset(
        reason
        for point in points_of(certificate)
        if _speaks_for(revocation_list, point, certificate)
        for reason in point.reasons & scope.reasons
    )


def issuers_of_lists(certificate: PathCertificate) -> frozenset[bytes]:
    """Names under which lists about this certificate may be issued."""
    return frozenset(name for point in points_of(certificate) for name in _issuers(point, certificate))


def delta_for(
    complete: RevocationList, deltas: Iterable[RevocationList], settings: PathSettings
) -> list[RevocationList]:
    """Deltas that bring this complete list up to date, newest first: same issuer, key and scope, begun from a list not
    newer than this one, itself newer, and inside their own window (RFC 5280 sections 5.2.4 and 6.3.3 (c))."""
    fitting = [
        delta
        for delta in deltas
        if delta.base_number is not None
        and complete.number is not None
        and delta.number is not None
        and delta.base_number <= complete.number < delta.number
        and delta.issuer_key == complete.issuer_key
        and delta.authority_key_id == complete.authority_key_id
        and delta.scope_bytes == complete.scope_bytes
        and delta.is_fresh(settings.at)
    ]
    return sorted(fitting, key=lambda delta: delta.number or 0, reverse=True)


def _issuers(point: DistributionPoint, certificate: PathCertificate) -> frozenset[bytes]:
    return point.issuers or frozenset((certificate.issuer_key,))


def _speaks_for(revocation_list: RevocationList, point: DistributionPoint, certificate: PathCertificate) -> bool:
    """Steps (b) (1) and (b) (2) (i)."""
    if revocation_list.issuer_key not in _issuers(point, certificate):
        return False
    if point.issuers and not revocation_list.scope.is_indirect:
        return False
    names = revocation_list.scope.names
    return not names or bool(names & (point.names or point.issuers))
