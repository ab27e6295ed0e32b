"""From a pinned anchor to an end-entity certificate: RFC 5280 section 6 for paths of length one.

JPKI has no intermediate CAs: self-signed roots issue end-entity certificates directly (chains of any other length are
judged by ``verifier.validation.paths``).  What is left of section 6 is:
find the anchor (6.1.1 d), prove the signature (6.1.3 a 1), be inside the window (6.1.3 a 2), chain the names (6.1.3 a
4), and process every critical extension (6.1.4 o, done with the profile's rules).

The anchor is chosen by authority key identifier *and* proven by signature.  All generations share one name, so a name
only ever rules an anchor out, never in; where the certificate names no key, every anchor of the purpose is tried.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from verifier.pki.certificate import Certificate
from verifier.validation.signed_data import ACCEPTED_ALGORITHMS, is_signed_by, usable_rsa_key
from verifier.validation.trust import TrustAnchor

# More anchors than any purpose will ever have at once; bounds the signature checks one certificate can cost.
MAX_SIGNATURE_CHECKS = 64


@dataclass(frozen=True, slots=True)
class SetAside:
    """An anchor that was meant but may not issue at this moment, and why."""

    anchor_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Candidates:
    """Anchors whose key may have signed the certificate, and those named by it that may not be used."""

    anchors: tuple[TrustAnchor, ...]
    set_aside: tuple[SetAside, ...]


def candidates(certificate: Certificate, anchors: tuple[TrustAnchor, ...], at: datetime) -> Candidates:
    """The anchors to try, out of those of one purpose, at the moment ``at`` (aware UTC)."""
    named = [anchor for anchor in anchors if _is_named(anchor, certificate)]
    problems = [(anchor, unfit(anchor, at)) for anchor in named]
    return Candidates(
        anchors=tuple(anchor for anchor, why in problems if why is None)[:MAX_SIGNATURE_CHECKS],
        set_aside=tuple(SetAside(anchor.anchor_id, why) for anchor, why in problems if why is not None),
    )


def unfit(anchor: TrustAnchor, at: datetime) -> str | None:
    """Why an anchor may not issue certificates at ``at``, or None.  RFC 5280 sections 4.2.1.9, 4.2.1.3 and 6.1.4 (k),
    (n), (o); an anchor's own end is honoured too, as the service's practice statement ends the use of a CA key
    there."""
    certificate = anchor.certificate
    if not certificate.is_ca:
        return "not_a_ca"
    if certificate.key_usage is not None and "key_cert_sign" not in certificate.key_usage:
        return "key_usage"
    if certificate.unknown_critical_extensions:
        return "unknown_critical_extension"
    if usable_rsa_key(certificate.public_key) is None:
        return "key"
    return outside_window(certificate, at)


def prove(certificate: Certificate, anchors: tuple[TrustAnchor, ...]) -> TrustAnchor | None:
    """The anchor whose key made the certificate's signature over the received bytes, or None."""
    if certificate.signature_algorithm not in ACCEPTED_ALGORITHMS:
        return None
    for anchor in anchors:
        key = usable_rsa_key(anchor.certificate.public_key)
        if key is not None and is_signed_by(key, certificate.signature, certificate.tbs):
            return anchor
    return None


class Dated(Protocol):
    """Whatever has a validity window, in aware UTC."""

    @property
    def not_before(self) -> datetime: ...

    @property
    def not_after(self) -> datetime: ...


def outside_window(certificate: Dated, at: datetime) -> str | None:
    """``not_yet_valid``, ``expired`` or None; both ends are inside (RFC 5280 section 4.1.2.5)."""
    if at < certificate.not_before:
        return "not_yet_valid"
    return "expired" if at > certificate.not_after else None


def _is_named(anchor: TrustAnchor, certificate: Certificate) -> bool:
    if anchor.certificate.subject_key != certificate.issuer_key:
        return False
    return certificate.authority_key_id is None or anchor.answers_to(certificate.authority_key_id)
