"""What a caller asks: did the holder of this certificate sign this, for this purpose?"""

from dataclasses import dataclass, field
from typing import Protocol

from verifier.pki.certificate import Certificate
from verifier.pki.profiles import Medium, Purpose
from verifier.pki.signature_schemes import SignatureScheme
from verifier.validation.outcome import Outcome
from verifier.validation.verdict import Step


class SignedContent(Protocol):
    """What a holder's key is said to have signed, in one of the forms that this judge takes.

    A form is a frozen value with these members; to add one, write its class, and nothing in the steps changes.
    """

    @property
    def parts(self) -> tuple[bytes, ...]:
        """All that was received, in a fixed order: what the digest of a request is made of."""
        ...

    def check(self, holder: Certificate, allowed: frozenset[SignatureScheme]) -> Outcome:
        """Did the certificate's key sign it, by one of the schemes ``allowed`` for its kind?  ``ok``, or a code with
        the prefix ``sig.`` or that of the form.

        Called only with a certificate that is proven to come from a pinned anchor and to be as its profile says.
        Answers every input with an outcome and raises nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """``signed`` is judged under the certificate's key.  ``declared_medium`` is what the app's answer said about the
    medium, None if it said nothing.  ``before`` is what was looked at before there was a certificate to judge: the
    challenge used, the container opened (ids of ``STEP_IDS_BEFORE``).  If one of these did not pass, nothing else is
    looked at.
    """

    purpose: Purpose
    certificate_der: bytes = field(repr=False)
    signed: SignedContent = field(repr=False)
    declared_medium: Medium | None = None
    before: tuple[Step, ...] = ()


STEP_IDS_BEFORE = ("challenge", "document", "container")
