"""A signature value and what it is over, as the app returns it: the plainest form of signed content."""

from dataclasses import dataclass, field

from verifier.pki.certificate import Certificate
from verifier.pki.signature_schemes import RSA_PKCS1_SHA256, RSA_SCHEMES, SignatureScheme
from verifier.validation.diagnosis import code_of, diagnose
from verifier.validation.outcome import Outcome
from verifier.validation.signature_value import Content, fits, is_made_by
from verifier.validation.verdict import JsonValue


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """``signature`` is said to be over ``message`` by ``scheme``; with ``is_digest`` the message is at hand only as
    its hash.  ``source`` says where the message came from: ``message``, ``digest`` or ``challenge``.
    """

    signature: bytes = field(repr=False)
    message: bytes = field(repr=False)
    scheme: SignatureScheme = RSA_PKCS1_SHA256
    is_digest: bool = False
    source: str = "message"

    @property
    def parts(self) -> tuple[bytes, ...]:
        """The signature value, then the message; the scheme and the form of the message, where not as usual."""
        usual = self.scheme is RSA_PKCS1_SHA256 and not self.is_digest
        named = () if usual else (self.scheme.name.encode(), b"digest" if self.is_digest else b"message")
        return self.signature, self.message, *named

    def check(self, holder: Certificate, allowed: frozenset[SignatureScheme] = RSA_SCHEMES) -> Outcome:
        """``ok``, ``sig.mismatch`` or a code that says what was found instead."""
        looked_at: dict[str, JsonValue] = {
            "scheme": self.scheme.name,
            "signed": self.source,
            "message_bytes": len(self.message),
            "signature_bytes": len(self.signature),
        }
        content = Content(self.message, self.is_digest)
        refused = refusal(holder, self.scheme, allowed)
        if refused is not None:
            return Outcome(refused, looked_at)
        if is_made_by(holder.public_key, self.signature, content, self.scheme):
            return Outcome("ok", looked_at)
        found = diagnose(holder.public_key, self.signature, content, self.scheme)
        return Outcome(code_of(found), looked_at | {"found": found})


def refusal(holder: Certificate, scheme: SignatureScheme, allowed: frozenset[SignatureScheme]) -> str | None:
    """Why this certificate's key cannot have signed by that scheme; None if it can."""
    if scheme not in allowed:
        return "sig.scheme_not_allowed"
    return None if fits(holder.key_algorithm, scheme) else "sig.other_key"
