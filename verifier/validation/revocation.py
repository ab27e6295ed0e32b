"""Is this certificate revoked?  And may this list be used to say so?

A list is checked once, when it is taken in (``accept_crl``).  A certificate is then looked up in every list that its
issuer's *key* signed for its distribution point (``check``).  Rules: RFC 5280 section 6.3, for complete lists of one
CA per distribution point.

A list without issuingDistributionPoint is refused.  RFC 5280 would read it as covering everything, but where card,
phone and municipalities have lists of their own, that reading would let any one of them answer for all others.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple

from verifier.pki import crl as crl_format
from verifier.pki.certificate import Certificate
from verifier.pki.crl import Crl, RevokedEntry, SignedParts
from verifier.pki.crl_columns import Buffer
from verifier.pki.errors import RefusedCrl
from verifier.pki.names import Forms
from verifier.validation import ca_signatures
from verifier.validation.crl_index import CrlEvidence, CrlIndex
from verifier.validation.list_signer import ListSigner
from verifier.validation.signature_value import Content
from verifier.validation.trust import TrustAnchor
from verifier.validation.verdict import CrlNeeded, Need, RevocationFinding, RevocationStatus

Signer = TrustAnchor | ListSigner


def accept_crl(
    der: Buffer,
    *,
    issuer: TrustAnchor,
    dp_name: bytes,
    at: datetime,
    source: str = "",
    fetched_at: datetime | None = None,
    max_bytes: int = crl_format.DEFAULT_MAX_CRL_BYTES,
    signers: Iterable[ListSigner] = (),
    crls: CrlIndex | None = None,
) -> CrlEvidence:
    """Check a received list and make evidence of it.

    ``issuer`` is the anchor whose key must have signed it; ``dp_name`` the distribution point it was asked for, in
    normalised DER; ``at`` the moment of judgement (aware UTC); ``fetched_at`` defaults to ``at``; ``source`` is a
    label for answers.  ``signers`` may have signed it in the issuer's place, if the lists in ``crls`` say that they are
    good.

    Raises ``MalformedInput`` (``crl.malformed``) or ``RefusedCrl`` with ``crl.algorithm``, ``crl.bad_signature``,
    ``crl.wrong_issuer``, ``crl.wrong_distribution_point``, ``crl.not_yet_valid``, ``crl.stale``,
    ``crl.unknown_critical_extension``, ``crl.delta``, ``crl.indirect``, ``crl.unsupported_scope``,
    ``crl.signer_revoked`` or ``crl.signer_unknown``.  The signature is checked before the entries are walked.
    """
    _require_aware(at)
    signer = _who_signed(der, issuer, signers, max_bytes)
    if signer is not None:
        _check_signer(signer, issuer, crls or CrlIndex(), at)
    parsed = crl_format.parse(der, max_bytes=max_bytes)
    _check_issuer(parsed, issuer, signer or issuer)
    if parsed.dp_key != dp_name:
        raise RefusedCrl("crl.wrong_distribution_point", "absent" if parsed.dp_key is None else "other")
    if at < parsed.this_update:
        raise RefusedCrl("crl.not_yet_valid", "this_update")
    if at > parsed.next_update:
        raise RefusedCrl("crl.stale", "next_update")
    return CrlEvidence(parsed, issuer.key_id, dp_name, fetched_at or at, source, signer=signer)


def is_signed_by(
    der: Buffer,
    issuer: TrustAnchor,
    *,
    signers: Iterable[ListSigner] = (),
    max_bytes: int = crl_format.DEFAULT_MAX_CRL_BYTES,
) -> bool:
    """True if the anchor's key, or one of ``signers`` in its place, signed the list and may sign lists; raises
    ``MalformedInput``."""
    try:
        _who_signed(der, issuer, signers, max_bytes)
    except RefusedCrl:
        return False
    return True


def _who_signed(der: Buffer, issuer: TrustAnchor, signers: Iterable[ListSigner], max_bytes: int) -> ListSigner | None:
    """None for the issuer itself.  Raises what is wrong with the list as one of the issuer's."""
    parts = crl_format.signed_parts(der, max_bytes=max_bytes)

    @cache  # a long list is hashed once, whoever may have signed it
    def hashed(digest: str) -> Content:
        return Content(hashlib.new(digest, parts.tbs).digest(), is_digest=True)

    refusal = _refusal_of_signature(parts, hashed, issuer.certificate, issuer)
    if refusal is None:
        return None
    for signer in signers:
        if _refusal_of_signature(parts, hashed, signer.certificate, issuer) is None:
            return signer
    raise refusal


def _refusal_of_signature(
    parts: SignedParts, hashed: Callable[[str], Content], signer: Certificate, issuer: TrustAnchor
) -> RefusedCrl | None:
    scheme = ca_signatures.stated(parts.algorithm, signer)
    if scheme is None or scheme not in ca_signatures.allowed_for(issuer):
        return RefusedCrl("crl.algorithm", scheme.name if scheme else "")
    # RFC 5280 section 6.3.3 (f): if the key usage extension is there, cRLSign must be set.
    usage = signer.key_usage
    if usage is not None and "crl_sign" not in usage:
        return RefusedCrl("crl.bad_signature", "issuer_key")
    is_good = ca_signatures.is_made_by(signer, parts.signature, hashed(scheme.digest), scheme)
    return None if is_good else RefusedCrl("crl.bad_signature", "signature")


def _check_issuer(parsed: Crl, issuer: TrustAnchor, signer: Signer) -> None:
    if parsed.issuer_key != issuer.link.certificate.subject_key:
        raise RefusedCrl("crl.wrong_issuer", "name")
    if parsed.authority_key_id is not None and not signer.answers_to(parsed.authority_key_id):
        raise RefusedCrl("crl.wrong_issuer", "key_identifier")


def _check_signer(signer: ListSigner, issuer: TrustAnchor, crls: CrlIndex, at: datetime) -> None:
    status = _status_of(signer, issuer, crls, at)
    if status in (RevocationStatus.REVOKED, RevocationStatus.ON_HOLD):
        raise RefusedCrl("crl.signer_revoked", status.value)
    if status is not RevocationStatus.GOOD:
        raise RefusedCrl("crl.signer_unknown", status.value)


def _status_of(signer: ListSigner, issuer: TrustAnchor, crls: CrlIndex, at: datetime) -> RevocationStatus:
    """The signer's own status, told by lists that the issuer's key signed itself."""
    if not signer.is_current(at):
        return RevocationStatus.MISSING
    return check(signer.certificate, issuer=issuer, crls=crls.issuers_own, at=at).finding.status


class RevocationAnswer(NamedTuple):
    """The finding, and the evidence still needed when it is missing or stale."""

    finding: RevocationFinding
    needs: tuple[Need, ...]


def check(certificate: Certificate, *, issuer: TrustAnchor, crls: CrlIndex, at: datetime) -> RevocationAnswer:
    """Look the certificate up in the lists of its issuer's key.

    A final revocation counts in any list, even one past its nextUpdate, for it is never undone (RFC 5280 section
    5.3.1).  A hold can be lifted, so between hold and good the newest fresh list of a series decides.  Over several
    series and several distribution points the worst answer wins, except that one whose list is missing or stale does
    not hide what another one says.
    """
    _require_aware(at)
    points = certificate.crl_points or (Forms(certificate.issuer, certificate.issuer_key, certificate.issuer_text),)
    told = []
    for point in points:
        for series in crls.find(issuer.key_id, point.key):
            believed = [item for item in series if item.signer is None or _is_good(item.signer, issuer, crls, at)]
            finding = _look(certificate.serial, point.text, believed, at)
            if finding is not None:
                told.append(finding)
    if not told:
        missing = RevocationFinding(RevocationStatus.MISSING, points[0].text)
        return RevocationAnswer(missing, _needs(issuer, points))
    worst = told[0] if len(told) == 1 else max(told, key=lambda finding: _STRENGTH[finding.status])
    return RevocationAnswer(worst, _needs(issuer, points) if worst.status is _STALE else ())


_STALE, _GOOD = RevocationStatus.STALE, RevocationStatus.GOOD
_STRENGTH = {
    RevocationStatus.STALE: 0,
    RevocationStatus.GOOD: 1,
    RevocationStatus.ON_HOLD: 2,
    RevocationStatus.REVOKED: 3,
}


def _is_good(signer: ListSigner, issuer: TrustAnchor, crls: CrlIndex, at: datetime) -> bool:
    """It may have been revoked since its list was taken in."""
    return _status_of(signer, issuer, crls, at) is _GOOD


def _look(serial: int, label: str, newest_first: Iterable[CrlEvidence], at: datetime) -> RevocationFinding | None:
    """What the lists of one series say; None if none of them has begun."""
    newest = deciding = None
    for item in newest_first:
        if at < item.crl.this_update:
            continue
        entry = item.crl.lookup(serial)
        if entry is not None and entry.reason.is_final:
            return _finding(RevocationStatus.REVOKED, item, label, entry, at)
        if newest is None:
            newest = item
        if deciding is None and item.is_fresh(at):
            deciding = _finding(_GOOD if entry is None else RevocationStatus.ON_HOLD, item, label, entry, at)
    if deciding is None and newest is not None:
        return _finding(_STALE, newest, label, None, at)
    return deciding


def _finding(
    status: RevocationStatus, item: CrlEvidence, label: str, entry: RevokedEntry | None, at: datetime
) -> RevocationFinding:
    crl = item.crl
    return RevocationFinding(
        status,
        label,
        crl.number,
        crl.this_update,
        crl.next_update,
        int((at - crl.this_update).total_seconds()),
        item.fetched_at,
        item.source,
        entry.reason if entry else None,
        entry.revoked_at if entry else None,
    )


def _needs(issuer: TrustAnchor, points: tuple[Forms, ...]) -> tuple[CrlNeeded, ...]:
    return tuple(CrlNeeded(issuer.key_id, point.key, point.text) for point in points)


def _require_aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware UTC datetime")
