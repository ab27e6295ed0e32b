"""The production roots, as far as the public knows them: a cross-check for operators, never the proof.

Published in shortened form only: the first and the last eight hexadecimal digits of the SHA-256 fingerprint (public
copies of the roots; the full values stand on the service's own fingerprint pages).  Eight digits can be met on purpose
with effort, so agreement proves nothing; a contradiction does.
"""

from dataclasses import dataclass
from enum import StrEnum

from verifier.pki.certificate import Certificate
from verifier.pki.profiles import Purpose


@dataclass(frozen=True, slots=True)
class PublishedRoot:
    """``generation`` as the service numbers it; ``short_form`` is (first, last) eight hex digits, None if not known."""

    purpose: Purpose
    generation: str
    serial: int
    short_form: tuple[str, str] | None


class ShortForm(StrEnum):
    """How a certificate stands to the published short form of the root whose name and serial number it bears."""

    AGREES = "agrees"
    NOT_KNOWN = "not_known"
    CONTRADICTS = "contradicts"


PUBLISHED_ROOTS: tuple[PublishedRoot, ...] = (
    PublishedRoot(Purpose.SIGNATURE, "01", 0x01, ("19645405", "06fc9355")),
    PublishedRoot(Purpose.SIGNATURE, "02", 0x0132C4AB, ("79679c33", "d5e6fbeb")),
    PublishedRoot(Purpose.SIGNATURE, "03", 0x067C6A21, ("d227f6cd", "dbfa365f")),
    PublishedRoot(Purpose.USER_AUTHENTICATION, "01", 0x01, ("4dcfc4ca", "1d58ca7d")),
    PublishedRoot(Purpose.USER_AUTHENTICATION, "02", 0x0133C349, None),
    PublishedRoot(Purpose.USER_AUTHENTICATION, "03", 0x06D18006, ("64114f29", "18c322b5")),
)


def short_form(certificate: Certificate, purpose: Purpose) -> ShortForm:
    """Compare a candidate for this purpose with what is published.  Numbers of a CA are never used twice, so a
    certificate with a published root's number and another fingerprint is not that root."""
    fingerprint = certificate.sha256.hex()
    told = (fingerprint[:8], fingerprint[-8:])
    for root in PUBLISHED_ROOTS:
        if root.short_form == told:
            return ShortForm.AGREES if root.purpose is purpose else ShortForm.CONTRADICTS
    for root in PUBLISHED_ROOTS:
        if (root.purpose, root.serial) == (purpose, certificate.serial) and root.short_form is not None:
            return ShortForm.CONTRADICTS
    return ShortForm.NOT_KNOWN
