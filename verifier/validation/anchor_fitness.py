"""May this certificate be pinned?  The rules are those that paths hold anchors to, again in every judgement."""

from datetime import datetime

from verifier.validation.paths import checking
from verifier.validation.paths.chains import may_issue
from verifier.validation.paths.refusal import Refusal
from verifier.validation.paths.settings import PathSettings
from verifier.validation.paths.signatures import is_signed
from verifier.validation.trust import TrustAnchor


def refusal_of(anchor: TrustAnchor, at: datetime) -> Refusal | None:
    """The rule that keeps it from issuing certificates at ``at`` (aware UTC), or None.  Index 0 is the anchor
    itself."""
    return checking.anchor_refusal(anchor.link.certificate, PathSettings(at=at), 0)


def is_self_signed(anchor: TrustAnchor) -> bool:
    """True if it names itself as its issuer and its own key signed it."""
    certificate = anchor.link.certificate
    return may_issue(certificate, certificate) and is_signed(certificate, certificate.public_key)
