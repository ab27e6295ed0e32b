"""Is a certificate of a chain revoked?  RFC 5280 section 6.3, over every list at hand.

Revoked if any list in scope says so, whatever other lists say: the standard lets a verifier stop at the first list
that covers all reasons, and then one list hides another.  A final revocation counts even in a list past its nextUpdate,
for it is never undone (section 5.3.1).  Between hold and good the newest fresh list of each scope decides.

A list is believed under the key of the certificate's own issuer, or under a key that the same anchor certifies for
signing lists, whose own status is good.  The issuer's name alone is nothing: generations of a CA share one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from verifier.pki import oids
from verifier.pki.reasons import RevocationReason
from verifier.validation.paths import checking, list_scope
from verifier.validation.paths.certificate import PathCertificate
from verifier.validation.paths.chains import Chain, chains
from verifier.validation.paths.distribution_points import ALL_REASONS
from verifier.validation.paths.refusal import Refusal
from verifier.validation.paths.revocation_list import RevocationList
from verifier.validation.paths.work import Case

_Signers = frozenset[PathCertificate]


@dataclass(slots=True)
class _Tally:
    """What the lists have said so far.

    ``newest`` has the issue of the newest fresh list heard of each series: lists of one scope under one key.  Lists
    under another key are another series even where the name is the same.
    """

    covered: set[object] = field(default_factory=set)
    newest: dict[tuple[bytes, bytes | None], tuple[datetime, int]] = field(default_factory=dict)
    on_hold: bool = False
    stale: bool = False


def refusal_of(chain: Chain, case: Case, under_way: _Signers = frozenset()) -> Refusal | None:
    """The first certificate of the chain, from the anchor down, that is not known to be good, or None.

    ``under_way`` are signers of lists whose own chains are being judged just now; none may vouch for itself.  Codes:
    ``cert.revoked``, ``cert.on_hold``, ``revocation.source_stale``, ``revocation.source_missing``.  Raises
    ``WorkLimitReached``.
    """
    for position in range(len(chain.certificates)):
        refusal = _judge(chain, position, case, under_way)
        if refusal is not None:
            return refusal
    return None


def _judge(chain: Chain, position: int, case: Case, under_way: _Signers) -> Refusal | None:
    certificate, index = chain.certificates[position], chain.index(position)
    tally = _Tally()
    about = _lists_about(certificate, case)
    is_named = any((certificate.issuer_key, certificate.serial) in item.entries for item in _with_deltas(about, case))
    for item in about:
        if tally.covered >= ALL_REASONS and not is_named:
            break  # good already, and none of the rest could change it
        case.work.step()
        signer = _believed_signer(item, chain, position, case, under_way)
        if signer is None:
            continue
        reason = _reason(item, chain, position, case, under_way)
        if reason is not None and reason.is_final:
            return Refusal("cert.revoked", index, oids.REASON_CODE, reason.code)
        _count(item, signer, reason, certificate, case, tally)
    return _conclusion(tally, index)


def _conclusion(tally: _Tally, index: int) -> Refusal | None:
    if tally.on_hold:
        return Refusal("cert.on_hold", index, oids.REASON_CODE, RevocationReason.CERTIFICATE_HOLD.code)
    if tally.covered >= ALL_REASONS:
        return None
    return Refusal(f"revocation.source_{'stale' if tally.stale else 'missing'}", index, oids.CRL_DISTRIBUTION_POINTS)


def _lists_about(certificate: PathCertificate, case: Case) -> list[RevocationList]:
    """Complete lists in scope and begun, newest first."""
    settings = case.settings
    found = [
        item
        for name in list_scope.issuers_of_lists(certificate)
        for item in case.lists_of(name)
        if item.base_number is None
        and item.this_update <= settings.at
        and list_scope.reasons_told(item, certificate, settings)
    ]
    return sorted(found, key=lambda item: (item.this_update, item.number or 0), reverse=True)


def _with_deltas(about: list[RevocationList], case: Case) -> Iterator[RevocationList]:
    yield from about
    if case.settings.delta_crls:
        for name in {item.issuer_key for item in about}:
            yield from (item for item in case.lists_of(name) if item.base_number is not None)


def _count(
    item: RevocationList,
    signer: PathCertificate,
    reason: RevocationReason | None,
    certificate: PathCertificate,
    case: Case,
    tally: _Tally,
) -> None:
    """Enter one list's word that is not a final revocation.  Lists come newest first."""
    if not item.is_fresh(case.settings.at):
        tally.stale = True
        return
    issue = (item.this_update, item.number or 0)
    if issue < tally.newest.setdefault((signer.spki, item.scope_bytes), issue):
        return  # what an older list of the series holds has been released since
    tally.covered |= list_scope.reasons_told(item, certificate, case.settings)
    tally.on_hold |= reason is not None


def _reason(
    item: RevocationList, chain: Chain, position: int, case: Case, under_way: _Signers
) -> RevocationReason | None:
    """What the list, brought up to date by the newest delta if deltas are taken, says about the certificate."""
    certificate = chain.certificates[position]
    told = item.reason_for(certificate.issuer_key, certificate.serial)
    if not case.settings.delta_crls or (told is not None and told.is_final):
        return told
    for delta in list_scope.delta_for(item, case.lists_of(item.issuer_key), case.settings):
        if _believed_signer(delta, chain, position, case, under_way) is not None:
            newer = delta.reason_for(certificate.issuer_key, certificate.serial)
            if newer is None:
                return told
            return None if newer is RevocationReason.REMOVE_FROM_CRL else newer
    return told


# --- whose signature makes a list believable --------------------


def _believed_signer(
    item: RevocationList, chain: Chain, position: int, case: Case, under_way: _Signers
) -> PathCertificate | None:
    """Whose signature makes the list evidence about this certificate, or None.  Section 6.3.3 (f) and (g)."""
    for signer in _candidates(item, chain, position, case):
        if _may_sign(signer, item) and case.work.is_signed_by(item, signer):
            if _is_good_signer(signer, chain, position, case, under_way):
                return signer
    return None


def _candidates(item: RevocationList, chain: Chain, position: int, case: Case) -> Iterator[PathCertificate]:
    """The certificate's issuer first, then the rest of its chain, then whoever bears the list's name."""
    above = [chain.anchor.certificate, *chain.certificates[:position]][::-1]
    yield from (signer for signer in above if signer.subject_key == item.issuer_key)
    yield from (signer for signer in case.certificates_of(item.issuer_key) if signer not in above)


def _may_sign(signer: PathCertificate, item: RevocationList) -> bool:
    """If there is a key usage, cRLSign must be set; the list's key identifier must not name another key."""
    allowed = signer.key_usage is None or signer.key_usage.crl_sign
    return allowed and signer.answers_to(item.authority_key_id)


def _is_told_to_vouch_for_itself(signer: PathCertificate, certificate: PathCertificate, case: Case) -> bool:
    """A CA may order, in the signer's own certificate, that the signer's indirect list tells the signer's status too
    (cRLIssuer naming the subject).  Then no other list can exist."""
    ordered = any(certificate.subject_key in point.issuers for point in certificate.distribution_points)
    return case.settings.indirect_crls and signer == certificate and ordered


def _is_good_signer(signer: PathCertificate, chain: Chain, position: int, case: Case, under_way: _Signers) -> bool:
    """Above in the chain, where all has been judged on the way down; or certified by the same anchor, on a valid chain,
    and itself not revoked."""
    if signer == chain.anchor.certificate or signer in chain.certificates[:position]:
        return True
    if signer in under_way:
        return _is_told_to_vouch_for_itself(signer, chain.certificates[position], case)
    known = case.good_signers.get((signer, chain.anchor.anchor_id))
    if known is None:
        known = _has_good_chain(signer, case.for_signer_under(chain.anchor), under_way | {signer})
        # A no that was given while others were under way may only mean that those could not be asked.
        if known or not under_way:
            case.good_signers[signer, chain.anchor.anchor_id] = known
    return known


def _has_good_chain(signer: PathCertificate, case: Case, under_way: _Signers) -> bool:
    return any(
        not isinstance(checking.check(chain, case.settings), Refusal) and refusal_of(chain, case, under_way) is None
        for chain in chains(signer, case, [])
    )
