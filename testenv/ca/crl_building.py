"""Revocation lists: entries, number and times in; a signed list (DER) out.

Full lists only, one for the card's and one for the phone's distribution point (separate ones: Digital Agency briefing,
June 2022). The list names its scope in issuingDistributionPoint, critical, with the very directory name the
certificates carry (RFC 5280, 5.2.5; the extension is likely in real lists and not published). An expired certificate
leaves the list: who passes the entries decides that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from testenv.ca.revocation import Standing, Status
from testenv.ca.signer import Signer
from verifier.pki.profiles import MediumGroup, Purpose, World, ca_name, crl_dp_name
from verifier.pki.reasons import RevocationReason

_FLAGS = {
    RevocationReason.KEY_COMPROMISE: x509.ReasonFlags.key_compromise,
    RevocationReason.CA_COMPROMISE: x509.ReasonFlags.ca_compromise,
    RevocationReason.AFFILIATION_CHANGED: x509.ReasonFlags.affiliation_changed,
    RevocationReason.SUPERSEDED: x509.ReasonFlags.superseded,
    RevocationReason.CESSATION_OF_OPERATION: x509.ReasonFlags.cessation_of_operation,
    RevocationReason.CERTIFICATE_HOLD: x509.ReasonFlags.certificate_hold,
}


@dataclass(frozen=True)
class CrlEntry:
    """One revoked or held certificate; `revoked_at` aware UTC, whole seconds."""

    serial: int
    revoked_at: datetime
    reason: RevocationReason


def entry(serial: int, standing: Standing) -> CrlEntry | None:
    """The entry for a certificate that stands like this; None for a good one."""
    if standing.status is Status.GOOD or standing.since is None or standing.reason is None:
        return None
    return CrlEntry(serial, standing.since, standing.reason)


def _naive_utc(moment: datetime) -> datetime:
    """What `cryptography` takes for list times: UTC without the label."""
    if moment.utcoffset() is None:
        raise ValueError("times must be aware")
    return moment.astimezone(UTC).replace(tzinfo=None)


def _revoked(item: CrlEntry) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(item.serial, _naive_utc(item.revoked_at))
    # unspecified is said by leaving the extension out (RFC 5280, 5.3.1).
    if item.reason is not RevocationReason.UNSPECIFIED:
        builder = builder.add_extension(x509.CRLReason(_FLAGS[item.reason]), critical=False)
    return builder.build()


def _scope(purpose: Purpose, group: MediumGroup) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        full_name=[x509.DirectoryName(crl_dp_name(purpose, group, World.SANDBOX))],
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )


def build(
    purpose: Purpose,
    group: MediumGroup,
    entries: Iterable[CrlEntry],
    *,
    number: int,
    this_update: datetime,
    next_update: datetime,
    signer: Signer,
) -> bytes:
    """Sign the list of one distribution point; answers its DER. Entries come out in the order of their serials.

    `number`: rises by every list of this distribution point. Times: aware UTC, whole seconds.
    Raises ValueError for a serial listed twice, times in the wrong order, or a signer of another CA.
    """
    ordered = sorted(entries, key=lambda item: item.serial)
    if len({item.serial for item in ordered}) != len(ordered):
        raise ValueError("a serial is listed twice")
    if signer.certificate.subject != ca_name(purpose, World.SANDBOX):
        raise ValueError("this CA does not speak for that purpose")
    key_identifier = signer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    # Handed over as a whole: the builder's verb for single entries copies the list each time.
    builder = (
        x509.CertificateRevocationListBuilder(revoked_certificates=[_revoked(item) for item in ordered])
        .issuer_name(signer.certificate.subject)
        .last_update(_naive_utc(this_update))
        .next_update(_naive_utc(next_update))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_identifier), critical=False)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_scope(purpose, group), critical=True)
    )
    return builder.sign(signer.private_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
