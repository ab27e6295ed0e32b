"""Is a certificate of a chain revoked?  RFC 5280 section 6.3, over every list at hand.

Revoked if any list in scope says so, whatever other lists say: the standard lets a verifier stop at the first list
that covers all reasons, and then one list hides another.  A final revocation counts even in a list past its nextUpdate,
for it is never undone (section 5.3.1).  Between hold and good the newest fresh list of each scope decides.

A list is believed under the key of the certificate's own issuer, or under a key that the same anchor certifies for
signing lists, whose own status is good.  The issuer's name alone is nothing: generations of a CA share one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

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
    """What the lists have said so far.  ``scopes`` are those whose newest fresh list has been heard."""

    covered: set[object] = field(default_factory=set)
    scopes: set[tuple[bytes, bytes | None]] = field(default_factory=set)
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
    for item in _lists_about(certificate, case):
        case.work.step()
        if not _is_believed(item, chain, position, case, under_way):
            continue
        reason = _reason(item, chain, position, case, under_way)
        if reason is not None and reason.is_final:
            return Refusal("cert.revoked", index, oids.REASON_CODE, reason.code)
        _count(item, reason, certificate, case, tally)
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


def _count(
    item: RevocationList, reason: RevocationReason | None, certificate: PathCertificate, case: Case, tally: _Tally
) -> None:
    """Enter one list's word that is not a final revocation."""
    if not item.is_fresh(case.settings.at):
        tally.stale = True
        return
    scope = (item.issuer_key, item.scope_bytes)
    if scope in tally.scopes:
        return  # an older list: what it holds may have been released since
    tally.scopes.add(scope)
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
        if _is_believed(delta, chain, position, case, under_way):
            newer = delta.reason_for(certificate.issuer_key, certificate.serial)
            return None if newer is RevocationReason.REMOVE_FROM_CRL else newer or told
    return told


# --- whose signature makes a list believable --------------------


def _is_believed(item: RevocationList, chain: Chain, position: int, case: Case, under_way: _Signers) -> bool:
    """Section 6.3.3 (f) and (g)."""
    issuer = chain.issuer_of(position)
    for signer in _candidates(item, chain, position, case):
        if not _may_sign(signer, item) or not case.work.is_signed_by(item, signer):
            continue
        if signer in (issuer, chain.anchor.certificate) or signer in chain.certificates[:position]:
            return True  # what is above in the chain has been judged on the way down
        if signer in under_way:
            if _is_told_to_vouch_for_itself(signer, chain.certificates[position], case):
                return True
            continue
        if _is_good_signer(signer, chain, case, under_way):
            return True
    return False


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


def _is_good_signer(signer: PathCertificate, chain: Chain, case: Case, under_way: _Signers) -> bool:
    """A signer certified by the same anchor, on a valid chain, and itself not revoked."""
    own = case.for_signer_under(chain.anchor)
    for path in chains(signer, own, []):
        if isinstance(checking.check(path, own.settings), Refusal):
            continue
        if refusal_of(path, own, under_way | {signer}) is None:
            return True
    return False
