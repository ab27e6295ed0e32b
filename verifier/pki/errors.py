"""What is raised when bytes handed to us are not what they claim to be.

These errors are about *their* input.  A broken promise of our own code (a naive datetime, say) is an ordinary
``ValueError`` and is never caught as one of these.
"""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

# What the library's lazy parsers answer hostile bytes with; each of them means "malformed" here.
PARSER_ERRORS = (
    ValueError,
    TypeError,
    OverflowError,
    NotImplementedError,
    UnsupportedAlgorithm,
    x509.UnsupportedGeneralNameType,
    UserWarning,  # for who runs Python with warnings as errors: an odd length in a name, "a later release refuses this"
)


class MalformedInput(Exception):
    """Bytes from outside that cannot be the thing they are claimed to be.

    ``code`` is the stable code shown to callers (``cert.malformed``); ``detail`` is a short lower-case word that says
    which part was wrong (``not_der``, ``trailing_bytes``, ``serial``), never a sentence and never a piece of the input.
    ``oid`` is the extension at fault in dotted form, where it is known which.
    """

    def __init__(self, code: str, detail: str = "", oid: str | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.oid = oid


class MalformedCertificate(MalformedInput):
    """A certificate that is not RFC 5280 DER, or is outside the limits set here."""

    def __init__(self, detail: str, oid: str | None = None) -> None:
        super().__init__("cert.malformed", detail, oid)


class MalformedCrl(MalformedInput):
    """A certificate revocation list that is not RFC 5280 DER, or is outside the limits set here."""

    def __init__(self, detail: str) -> None:
        super().__init__("crl.malformed", detail)


class MalformedOcsp(MalformedInput):
    """An OCSP response that is not RFC 6960 DER, or is outside the limits set here."""

    def __init__(self, detail: str) -> None:
        super().__init__("ocsp.malformed", detail)


class MalformedSubject(MalformedInput):
    """The basic four attributes inside a certificate are not encoded as the profile says."""

    def __init__(self, detail: str) -> None:
        super().__init__("subject.malformed", detail)


class RefusedCrl(MalformedInput):
    """A well-formed revocation list that must not be used: wrong signer, wrong scope, stale, of a kind we do not
    take.
    """


class RefusedOcsp(MalformedInput):
    """A well-formed OCSP response that must not be believed: wrong signer, another question's, too old, and so on."""
