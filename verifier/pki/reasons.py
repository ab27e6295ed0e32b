"""Revocation reasons, RFC 5280 section 5.3.1, with the meaning the JPKI certification practice statements give them
(CPS section 4.9)."""

from enum import IntEnum

from cryptography import x509


class RevocationReason(IntEnum):
    """CRLReason.  The number is the one in the CRL; 7 is not used by RFC 5280.

    JPKI meanings: 0 discarded before it reached the holder; 1 the holder's key is compromised; 2 the CA's key is;
    3 the recorded name, address, sex or date of birth changed; 4 renewed or reissued; 5 no longer needed (request,
    death, moving overseas); 6 possible loss or misuse, held for now.
    """

    UNSPECIFIED = 0
    KEY_COMPROMISE = 1
    CA_COMPROMISE = 2
    AFFILIATION_CHANGED = 3
    SUPERSEDED = 4
    CESSATION_OF_OPERATION = 5
    CERTIFICATE_HOLD = 6
    REMOVE_FROM_CRL = 8
    PRIVILEGE_WITHDRAWN = 9
    AA_COMPROMISE = 10

    @classmethod
    def of(cls, flag: x509.ReasonFlags) -> "RevocationReason":
        """The reason that the library calls so."""
        return cls[flag.name.upper()]

    @property
    def code(self) -> str:
        """The lower-case name used in answers and in messages, e.g. ``certificate_hold``."""
        return self.name.lower()

    @property
    def is_final(self) -> bool:
        """False only for a hold, which may be lifted (RFC 5280 section 5.3.1); nothing else ever is."""
        return self not in (RevocationReason.CERTIFICATE_HOLD, RevocationReason.REMOVE_FROM_CRL)
