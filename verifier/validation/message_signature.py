"""A signature value and the message it is over: the plainest form of signed content."""

from dataclasses import dataclass, field

from verifier.pki.certificate import Certificate
from verifier.validation import signed_data
from verifier.validation.outcome import Outcome
from verifier.validation.signed_data import Found
from verifier.validation.verdict import JsonValue


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """RSASSA-PKCS1-v1_5 with SHA-256 over ``message``, as the app returns it."""

    signature: bytes = field(repr=False)
    message: bytes = field(repr=False)

    @property
    def parts(self) -> tuple[bytes, ...]:
        """The signature value, then the message."""
        return self.signature, self.message

    def check(self, holder: Certificate) -> Outcome:
        """``ok``, ``sig.mismatch`` or ``sig.no_digestinfo``."""
        key = signed_data.usable_rsa_key(holder.public_key)
        assert key is not None  # the profile's rules let no other key through
        looked_at: dict[str, JsonValue] = {
            "scheme": "RSASSA-PKCS1-v1_5 with SHA-256",
            "message_bytes": len(self.message),
            "signature_bytes": len(self.signature),
        }
        if signed_data.is_signed_by(key, self.signature, self.message):
            return Outcome("ok", looked_at)
        found = signed_data.diagnose(key, self.signature, self.message)
        code = "sig.no_digestinfo" if found in (Found.BARE_HASH, Found.BARE_MESSAGE) else "sig.mismatch"
        return Outcome(code, looked_at | {"found": found})
