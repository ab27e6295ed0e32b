"""The JPKI applet: key pairs, certificates and PINs, and the one thing they are for, signing.

Both carriers of it, the phone's Secure Element and the test card, offer the same door (`secure_element`). A value
stands for one session with the applet: a verified PIN is remembered in the value that `verify_pin` answers, and is
never part of what is stored.

The private keys are toys of the sandbox, yet treated as if not: nothing here hands one out.
"""

from dataclasses import dataclass, field, replace
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from testenv.tsm import pin as pins
from testenv.tsm.pin import PinOutcome, PinRecord, ScreenUnlock
from verifier.pki.profiles import Purpose

KEY_BITS = 2048
PUBLIC_EXPONENT = 65537


class AppletRefusal(Exception):
    """The applet says no. `code` names why; nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class KeySlot:
    """A key pair of one purpose and, once personalised, its certificate (DER)."""

    purpose: Purpose
    private_key: rsa.RSAPrivateKey = field(repr=False)
    certificate: bytes | None = field(default=None, repr=False)


_OfPurpose = TypeVar("_OfPurpose", KeySlot, PinRecord)


def _find(items: tuple[_OfPurpose, ...], purpose: Purpose, missing: str) -> _OfPurpose:
    for item in items:
        if item.purpose is purpose:
            return item
    raise AppletRefusal(missing)


def _put(items: tuple[_OfPurpose, ...], item: _OfPurpose) -> tuple[_OfPurpose, ...]:
    return tuple([other for other in items if other.purpose is not item.purpose] + [item])


@dataclass(frozen=True)
class Applet:
    """One JPKI applet. Every verb answers a new value; the old one stays as it was."""

    slots: tuple[KeySlot, ...] = ()
    pin_records: tuple[PinRecord, ...] = ()
    verified: frozenset[Purpose] = frozenset()

    def set_pin(self, purpose: Purpose, pin: str, *, cost: int = pins.SCRYPT_COST) -> "Applet":
        """Set or reset the PIN of `purpose`, its counter at zero. Raises MalformedPin outside the format."""
        record = pins.new_record(purpose, pin, cost=cost)
        return replace(self, pin_records=_put(self.pin_records, record), verified=self.verified - {purpose})

    def pin_record(self, purpose: Purpose) -> PinRecord:
        """The record of a PIN: tries left, locked or not. Raises AppletRefusal `applet.no_pin`."""
        return _find(self.pin_records, purpose, "applet.no_pin")

    def make_key_pair(self, purpose: Purpose) -> "Applet":
        """Make an RSA-2048 key pair inside. A pair of the same purpose and its certificate are replaced."""
        key = rsa.generate_private_key(public_exponent=PUBLIC_EXPONENT, key_size=KEY_BITS)
        return replace(self, slots=_put(self.slots, KeySlot(purpose, key)), verified=self.verified - {purpose})

    def public_key(self, purpose: Purpose) -> rsa.RSAPublicKey:
        """The public half, for the CA. Raises AppletRefusal `applet.no_key`."""
        return self._slot(purpose).private_key.public_key()

    def personalise(self, purpose: Purpose, certificate: bytes) -> "Applet":
        """Write the certificate (DER) issued for the key of `purpose`.

        Raises AppletRefusal `applet.not_a_certificate` or `applet.foreign_key` when it is not for that key.
        """
        slot = self._slot(purpose)
        try:
            public_key = x509.load_der_x509_certificate(certificate).public_key()
        except Exception as problem:  # the parser has several ways to say no; all mean the same here
            raise AppletRefusal("applet.not_a_certificate") from problem
        if public_key != slot.private_key.public_key():
            raise AppletRefusal("applet.foreign_key")
        return replace(self, slots=_put(self.slots, replace(slot, certificate=certificate)))

    def verify_pin(self, purpose: Purpose, pin: str) -> tuple[PinOutcome, "Applet"]:
        """Check a PIN; the applet answered has the new counter and must replace the stored one, right PIN or wrong."""
        outcome, record = pins.check(self.pin_record(purpose), pin)
        verified = self.verified | {purpose} if outcome.is_accepted else self.verified - {purpose}
        return outcome, replace(self, pin_records=_put(self.pin_records, record), verified=verified)

    def accept_screen_unlock(self, purpose: Purpose, unlock: ScreenUnlock) -> "Applet":
        """Let an unlocked screen stand in for the PIN, where that is allowed; counters stay untouched.

        Raises AppletRefusal with the code of `pin.screen_lock_refusal`, or `applet.pin_locked`: a locked PIN is not
        opened by a finger.
        """
        if (code := pins.screen_lock_refusal(purpose, unlock)) is not None:
            raise AppletRefusal(code)
        if self.pin_record(purpose).is_locked:
            raise AppletRefusal("applet.pin_locked")
        return replace(self, verified=self.verified | {purpose})

    def certificate(self, purpose: Purpose) -> bytes:
        """The certificate of `purpose`, DER. Raises AppletRefusal `applet.no_key` or `applet.no_certificate`."""
        if (certificate := self._slot(purpose).certificate) is None:
            raise AppletRefusal("applet.no_certificate")
        return certificate

    def sign(self, purpose: Purpose, message: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 over the DigestInfo of the message's SHA-256 (RFC 8017, 8.2).

        Raises AppletRefusal `applet.no_key`, `applet.no_certificate`, `applet.pin_not_verified`.
        """
        self.certificate(purpose)  # a key without certificate signs nothing: nobody could check it
        if purpose not in self.verified:
            raise AppletRefusal("applet.pin_not_verified")
        return self._slot(purpose).private_key.sign(message, padding.PKCS1v15(), hashes.SHA256())

    def _slot(self, purpose: Purpose) -> KeySlot:
        return _find(self.slots, purpose, "applet.no_key")
