"""The two carriers of a JPKI applet in the sandbox: a phone's Secure Element (GP-SE) and a test card.

They differ in how the applet gets there and in what is readable without PIN; for the rest both offer the same door,
`SigningDevice`. Values are immutable: each verb answers the next value, which the caller stores by `to_state`.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Protocol, Self

from cryptography.hazmat.primitives.asymmetric import rsa

from testenv.tsm import applet_state
from testenv.tsm import pin as pins
from testenv.tsm.applet import Applet, AppletRefusal
from testenv.tsm.pin import PinOutcome, ScreenUnlock
from verifier.pki.profiles import Purpose


class SigningDevice(Protocol):
    """What the app simulator needs of whatever holds the keys."""

    def tries_left(self, purpose: Purpose) -> int: ...
    def verify_pin(self, purpose: Purpose, pin: str) -> tuple[PinOutcome, Self]: ...
    def read_certificate(self, purpose: Purpose) -> bytes: ...
    def sign(self, purpose: Purpose, message: bytes) -> bytes: ...
    def to_state(self) -> bytes: ...


@dataclass(frozen=True)
class _Carrier:
    """Whatever holds an applet, or will. Verbs raise AppletRefusal `applet.not_installed` while there is none."""

    readable_without_pin: ClassVar[frozenset[Purpose]] = frozenset()

    identifier: str
    applet: Applet | None = None

    def _installed(self) -> Applet:
        if self.applet is None:
            raise AppletRefusal("applet.not_installed")
        return self.applet

    def set_pin(self, purpose: Purpose, pin: str, *, cost: int = pins.SCRYPT_COST) -> Self:
        """Choose the PIN of `purpose`, or choose it anew after a lock. Raises MalformedPin outside the format."""
        return replace(self, applet=self._installed().set_pin(purpose, pin, cost=cost))

    def make_key_pair(self, purpose: Purpose) -> Self:
        """Make an RSA-2048 key pair inside; an older pair of that purpose is lost with its certificate."""
        return replace(self, applet=self._installed().make_key_pair(purpose))

    def public_key(self, purpose: Purpose) -> rsa.RSAPublicKey:
        """The public half of the key of `purpose`. Raises AppletRefusal `applet.no_key`."""
        return self._installed().public_key(purpose)

    def personalise(self, purpose: Purpose, certificate: bytes) -> Self:
        """Write the certificate (DER) of the key of `purpose`. Raises AppletRefusal when it is for another key."""
        return replace(self, applet=self._installed().personalise(purpose, certificate))

    def tries_left(self, purpose: Purpose) -> int:
        """How many wrong PINs in a row are left; 0 is locked. Raises AppletRefusal `applet.no_pin`."""
        return self._installed().pin_record(purpose).tries_left

    def verify_pin(self, purpose: Purpose, pin: str) -> tuple[PinOutcome, Self]:
        """Check a PIN. Store the value answered, whatever the outcome: it holds the new counter."""
        outcome, applet = self._installed().verify_pin(purpose, pin)
        return outcome, replace(self, applet=applet)

    def read_certificate(self, purpose: Purpose) -> bytes:
        """The certificate, DER. Raises AppletRefusal `applet.pin_not_verified` where reading needs the PIN."""
        applet = self._installed()
        if purpose not in applet.verified | self.readable_without_pin:
            raise AppletRefusal("applet.pin_not_verified")
        return applet.certificate(purpose)

    def sign(self, purpose: Purpose, message: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 with SHA-256 over `message`, after `verify_pin` of the same purpose in this session.

        Raises AppletRefusal `applet.pin_not_verified`, `applet.no_key`, `applet.no_certificate`.
        """
        return self._installed().sign(purpose, message)


@dataclass(frozen=True)
class SecureElement(_Carrier):
    """A phone's Secure Element. `identifier` names it towards the TSMs. Bought without the applet."""

    def install_applet(self) -> Self:
        """Place an empty applet, as the SEI-TSM does. Placing it a second time changes nothing."""
        return self if self.applet is not None else replace(self, applet=Applet())

    def erase(self) -> Self:
        """Delete the applet with its keys, PINs and certificates. A factory reset of the phone would not."""
        return replace(self, applet=None)

    def accept_screen_unlock(self, purpose: Purpose, unlock: ScreenUnlock) -> Self:
        """Let an unlocked screen stand in for the user authentication PIN. Raises AppletRefusal where it may not."""
        return replace(self, applet=self._installed().accept_screen_unlock(purpose, unlock))

    def to_state(self) -> bytes:
        """The whole content, private keys in the clear: to be sealed before it is stored."""
        return applet_state.dump("secure_element", self.identifier, self.applet)

    @classmethod
    def from_state(cls, state: bytes) -> Self:
        """The Secure Element that `to_state` wrote, every PIN unverified. Raises BrokenState."""
        identifier, applet = applet_state.load("secure_element", state)
        return cls(identifier, applet)


@dataclass(frozen=True)
class TestCard(_Carrier):
    """A My Number card for tests. Its user authentication certificate is readable without PIN, as on the real card."""

    __test__: ClassVar[bool] = False  # pytest collects by name
    readable_without_pin: ClassVar[frozenset[Purpose]] = frozenset({Purpose.USER_AUTHENTICATION})

    @classmethod
    def blank(cls, identifier: str) -> Self:
        """A card as the municipality gets it: the applet is there, keys, PINs and certificates are not."""
        return cls(identifier, Applet())

    def to_state(self) -> bytes:
        """The whole content, private keys in the clear: to be sealed before it is stored."""
        return applet_state.dump("test_card", self.identifier, self.applet)

    @classmethod
    def from_state(cls, state: bytes) -> Self:
        """The card that `to_state` wrote, every PIN unverified. Raises BrokenState."""
        identifier, applet = applet_state.load("test_card", state)
        return cls(identifier, applet)
