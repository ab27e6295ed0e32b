"""May this OCSP response be believed, and what does it say?  RFC 6960 sections 3.2 and 4.2.2; RFC 9654 for nonces.

In this order, the first breach refusing it: it is a successful basic response; it answers exactly our question; its
critical extensions are known; somebody entitled signed it; the nonce is ours; its times fit.  Nothing but
``MalformedOcsp`` and ``RefusedOcsp`` is ever raised, whatever the bytes.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from verifier.pki import names, ocsp, oids
from verifier.pki.certificate import Certificate
from verifier.pki.errors import RefusedOcsp
from verifier.pki.ocsp import BasicResponse, CertId, CertStatus, Unsuccessful
from verifier.pki.reasons import RevocationReason
from verifier.pki.signature_schemes import SCHEMES, SignatureScheme
from verifier.validation import ca_signatures, revocation
from verifier.validation.crl_index import CrlIndex
from verifier.validation.ocsp_evidence import NonceRule, OcspEvidence, OcspRules
from verifier.validation.signature_value import Content
from verifier.validation.trust import TrustAnchor
from verifier.validation.verdict import RevocationStatus

_ANY = frozenset(SCHEMES.values())
# What a responder's certificate may mark critical beside what any certificate may.
_UNDERSTOOD_OF_DELEGATES = frozenset((oids.EXTENDED_KEY_USAGE, oids.OCSP_NOCHECK))
_REFUSALS = {
    "malformed_request": "ocsp.malformed_request",
    "internal_error": "ocsp.internal_error",
    "try_later": "ocsp.try_later",
    "sig_required": "ocsp.sig_required",
    "unauthorized": "ocsp.unauthorized",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Our question: the certificate, the anchor whose key proved it, and the nonce that was sent, if one was."""

    about: CertId
    issuer: TrustAnchor
    nonce: bytes | None


def accept(
    der: bytes, *, asked: Asked, rules: OcspRules, crls: CrlIndex, at: datetime, fetched_at: datetime, responder: str
) -> OcspEvidence:
    """Check a received response and make evidence of it.

    ``crls`` are the lists of the environment, for the responder's own status; ``at`` is the moment of judgement and
    ``fetched_at`` the real one (aware UTC); ``responder`` is a label for answers.  Raises ``MalformedOcsp``
    (``ocsp.malformed``) or ``RefusedOcsp`` with one of the other ``ocsp.…`` codes.
    """
    if at.tzinfo is None:
        raise ValueError("`at` must be an aware UTC datetime")
    response = ocsp.parse(der)
    if isinstance(response, Unsuccessful):
        raise RefusedOcsp(_REFUSALS[response.status])
    if response.about != asked.about:
        raise RefusedOcsp("ocsp.other_certificate")
    if response.unknown_critical_extensions:
        raise RefusedOcsp("ocsp.unknown_critical_extension", " ".join(response.unknown_critical_extensions))
    _check_signer(response, asked.issuer, rules, crls, at)
    nonce_matched = _check_nonce(response, asked.nonce, rules)
    evidence = _evidence(response, rules, fetched_at, responder, nonce_matched)
    _check_times(response, evidence, rules, at)
    return evidence


def _evidence(
    response: BasicResponse, rules: OcspRules, fetched_at: datetime, responder: str, nonce_matched: bool | None
) -> OcspEvidence:
    until = response.next_update or response.this_update + rules.max_age
    return OcspEvidence(
        status=_status(response),
        reason=response.reason,
        revoked_at=response.revoked_at,
        produced_at=response.produced_at,
        this_update=response.this_update,
        next_update=response.next_update,
        good_until=until + rules.skew,
        fetched_at=fetched_at,
        responder=responder,
        nonce_matched=nonce_matched,
    )


def _status(response: BasicResponse) -> RevocationStatus:
    if response.status is CertStatus.GOOD:
        return RevocationStatus.GOOD
    if response.status is CertStatus.UNKNOWN:
        return RevocationStatus.UNKNOWN
    held = response.reason is RevocationReason.CERTIFICATE_HOLD
    return RevocationStatus.ON_HOLD if held else RevocationStatus.REVOKED


# --- who may answer (RFC 6960 section 4.2.2.2) ---


def _check_signer(response: BasicResponse, issuer: TrustAnchor, rules: OcspRules, crls: CrlIndex, at: datetime) -> None:
    """Signed by the issuer's key itself, by a scheme that this CA may use, or by a delegate that this very key
    certified, by any scheme, for nothing is known of JPKI's delegates."""
    if _is_named(response, issuer.certificate):
        _check_signature(response, issuer.certificate, ca_signatures.allowed_for(issuer))
        return
    delegate = next((item for item in response.certificates if _is_named(response, item)), None)
    if delegate is None:
        raise RefusedOcsp("ocsp.unknown_responder")
    _check_signature(response, delegate, _ANY)
    _check_delegate(delegate, issuer, rules, crls, at)


def _is_named(response: BasicResponse, signer: Certificate) -> bool:
    """Whether the responder ID means this certificate: by its name, or by the hash computed from its key."""
    if response.responder_key_hash is not None:
        return response.responder_key_hash == signer.key_id
    assert response.responder_name is not None
    # The issuer's name alone does not tell its generations apart; the signature does.
    return names.normalised(response.responder_name) == signer.subject_key


def _check_signature(response: BasicResponse, signer: Certificate, taken: frozenset[SignatureScheme]) -> None:
    scheme = ca_signatures.stated_by_oid(response.signature_algorithm, signer)
    if scheme is None or scheme not in taken:
        raise RefusedOcsp("ocsp.algorithm", response.signature_algorithm)
    if not ca_signatures.is_made_by(signer, response.signature, Content(response.tbs), scheme):
        raise RefusedOcsp("ocsp.bad_signature")


def _check_delegate(delegate: Certificate, issuer: TrustAnchor, rules: OcspRules, crls: CrlIndex, at: datetime) -> None:
    if delegate.issuer_key != issuer.certificate.subject_key or not ca_signatures.issued(issuer, delegate):
        raise RefusedOcsp("ocsp.delegate", "other_issuer")
    if not delegate.not_before <= at <= delegate.not_after:
        raise RefusedOcsp("ocsp.delegate", "window")
    if "digital_signature" not in (delegate.key_usage or ()):
        raise RefusedOcsp("ocsp.delegate", "key_usage")
    if oids.OCSP_SIGNING not in _extended_key_usage(delegate):
        raise RefusedOcsp("ocsp.delegate", "extended_key_usage")
    if unknown := set(delegate.unknown_critical_extensions) - _UNDERSTOOD_OF_DELEGATES:
        raise RefusedOcsp("ocsp.delegate", f"unknown_critical_extension {min(unknown)}")
    _check_status_of_delegate(delegate, issuer, rules, crls, at)


def _check_status_of_delegate(
    delegate: Certificate, issuer: TrustAnchor, rules: OcspRules, crls: CrlIndex, at: datetime
) -> None:
    """RFC 6960 section 4.2.2.2.1: nocheck does for a short life; else, and against nocheck too, a list speaks."""
    found = revocation.check(delegate, issuer=issuer, crls=crls, at=at).finding.status
    if found in (RevocationStatus.REVOKED, RevocationStatus.ON_HOLD):
        raise RefusedOcsp("ocsp.delegate_revoked")
    lives = delegate.not_after - delegate.not_before
    needs_no_check = _has_nocheck(delegate) and lives <= rules.delegate_life
    if not needs_no_check and found is not RevocationStatus.GOOD:
        raise RefusedOcsp("ocsp.delegate_unchecked")


def _extended_key_usage(certificate: Certificate) -> tuple[str, ...]:
    found = _extension(certificate, oids.EXTENDED_KEY_USAGE)
    return tuple(oid.dotted_string for oid in found) if isinstance(found, x509.ExtendedKeyUsage) else ()


def _has_nocheck(certificate: Certificate) -> bool:
    return isinstance(_extension(certificate, oids.OCSP_NOCHECK), x509.OCSPNoCheck)


def _extension(certificate: Certificate, oid: str) -> x509.ExtensionType | None:
    return next((item.value for item in certificate.x509.extensions if item.oid.dotted_string == oid), None)


# --- is it ours, and of now ---


def _check_nonce(response: BasicResponse, sent: bytes | None, rules: OcspRules) -> bool | None:
    """A nonce that is not the one we sent belongs to somebody else's question, also where we sent none."""
    if response.nonce is None:
        if sent is not None and rules.nonce is NonceRule.REQUIRED:
            raise RefusedOcsp("ocsp.nonce_missing")
        return None if sent is None else False
    if response.nonce != sent:
        raise RefusedOcsp("ocsp.nonce_mismatch")
    return True


def _check_times(response: BasicResponse, evidence: OcspEvidence, rules: OcspRules, at: datetime) -> None:
    """RFC 6960 section 4.2.2.1.  A final revocation counts however old the answer is, for nothing undoes it."""
    if response.next_update is not None and response.next_update < response.this_update:
        raise RefusedOcsp("ocsp.times", "next_update")
    if response.produced_at + rules.skew < response.this_update:
        raise RefusedOcsp("ocsp.times", "produced_at")
    if max(response.this_update, response.produced_at) > at + rules.skew:
        raise RefusedOcsp("ocsp.not_yet_valid")
    if not evidence.is_fresh(at) and not evidence.is_final:
        raise RefusedOcsp("ocsp.stale")
