"""Did the certificate's key sign what is shown?  Each form of signed content knows how it is checked."""

from verifier.validation.allowed_schemes import allowed_for
from verifier.validation.case import Case
from verifier.validation.outcome import Outcome


def check_signature(case: Case) -> Outcome:
    """The certificate's key signed the content.  Part of a judgement only where a signature was shown."""
    assert case.signed is not None
    return case.signed.check(case.certificate, allowed_for(case.kind))
