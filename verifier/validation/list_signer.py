"""A key that signs revocation lists in a CA's place (RFC 5280 section 6.3.3 (f)): believed only as long as its own
certificate is good.

The certificate bears the CA's own name with another key, so that its lists are not indirect ones.  It must lead to the
very anchor whose certificates the list is about, must be allowed to sign lists, and must not be revoked by a list that
the anchor's key signed itself: nobody vouches for himself, nor two delegates for each other.
"""

from dataclasses import dataclass
from datetime import datetime

from verifier.pki import certificate as certificate_format
from verifier.pki.certificate import Certificate
from verifier.pki.errors import RefusedCrl
from verifier.validation import ca_signatures
from verifier.validation.paths import certificate as path_certificate
from verifier.validation.paths import checking
from verifier.validation.paths.chains import Chain, may_issue
from verifier.validation.paths.refusal import Refusal
from verifier.validation.paths.settings import PathSettings
from verifier.validation.trust import TrustAnchor


@dataclass(frozen=True, slots=True)
class ListSigner:
    """A certificate that ``proven`` took.  Its status is another question, asked at every use."""

    certificate: Certificate

    def is_current(self, at: datetime) -> bool:
        """Within its own validity, both ends included."""
        return self.certificate.not_before <= at <= self.certificate.not_after

    def answers_to(self, authority_key_id: bytes) -> bool:
        """True if this key identifier names the signer's key."""
        return authority_key_id in (self.certificate.subject_key_id, self.certificate.key_id)


def proven(der: bytes, *, issuer: TrustAnchor, at: datetime) -> ListSigner:
    """The signer, if the anchor certified it for lists and the rules of paths hold at ``at`` (aware UTC).

    Raises ``MalformedCertificate``, or ``RefusedCrl`` with ``crl.signer_unfit``, whose detail is the broken rule.
    """
    certificate = certificate_format.parse(der)
    link, anchor = path_certificate.of(certificate), issuer.link
    if certificate.subject_key != issuer.certificate.subject_key:
        raise RefusedCrl("crl.signer_unfit", "name")
    if certificate.key_usage is None or "crl_sign" not in certificate.key_usage:
        raise RefusedCrl("crl.signer_unfit", "cert.key_usage")
    if not may_issue(anchor.certificate, link) or not ca_signatures.issued(issuer, certificate):
        raise RefusedCrl("crl.signer_unfit", "cert.bad_signature")
    found = checking.check(Chain(anchor, (link,)), PathSettings(at=at))
    if isinstance(found, Refusal):
        raise RefusedCrl("crl.signer_unfit", found.code)
    return ListSigner(certificate)
