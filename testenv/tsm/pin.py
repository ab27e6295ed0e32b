"""The two PINs of JPKI: their formats, how they are kept, when they lock, and which a screen lock may stand in for.

Sources: Digital Agency briefing on smartphone JPKI, June 2022 (formats; BiometricPrompt; 72 hours); J-LIS, public
pages on the passwords of the card (five and three consecutive errors, no release by the passing of time). That the
phone locks after the same counts is assumed.

A record is a value. A check answers the outcome *and* the next record; whoever keeps the record must store that one,
under a lock on its row, or an attacker gets tries for free.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from verifier.pki.profiles import Medium, Purpose

# scrypt (RFC 7914) with 16 MiB per check. Four digits cannot be kept secret by any digest once the record is stolen;
# the cost only keeps a PIN from being readable in a row, a log or a dump.
SCRYPT_COST = 2**14
SALT_OCTETS = 16


@dataclass(frozen=True)
class PinRule:
    """The format of one kind of PIN and the number of consecutive errors that locks it."""

    purpose: Purpose
    shape: re.Pattern[str]
    tries: int
    format_code: str


RULES: Mapping[Purpose, PinRule] = MappingProxyType(
    {
        # 6 to 16 capitals and digits, at least one of each kind (J-LIS, password rules of the signature certificate).
        Purpose.SIGNATURE: PinRule(
            Purpose.SIGNATURE, re.compile(r"(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{6,16}"), 5, "pin.signature_format"
        ),
        Purpose.USER_AUTHENTICATION: PinRule(
            Purpose.USER_AUTHENTICATION, re.compile(r"[0-9]{4}"), 3, "pin.user_authentication_format"
        ),
    }
)


def format_refusal(purpose: Purpose, pin: str) -> str | None:
    """The code of what is wrong with the format of `pin`, or None. Says nothing on whether it is the right one."""
    rule = RULES[purpose]
    return None if rule.shape.fullmatch(pin) else rule.format_code


class MalformedPin(ValueError):
    """A PIN outside its format was to be set. `code` names the format."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PinResult(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # wrong, and there is another try
    LOCKED = "locked"  # no try is left, be it since now or since earlier
    MALFORMED = "malformed"  # outside the format: the app never hands it to the applet, no try is used


@dataclass(frozen=True)
class PinOutcome:
    """What a check said, with the tries left after it."""

    result: PinResult
    tries_left: int

    @property
    def is_accepted(self) -> bool:
        return self.result is PinResult.ACCEPTED


@dataclass(frozen=True)
class PinRecord:
    """A PIN as it is kept: salted scrypt digest and the count of consecutive errors."""

    purpose: Purpose
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    cost: int = SCRYPT_COST
    failures: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.failures <= RULES[self.purpose].tries:
            raise ValueError("failures outside the number of tries")

    @property
    def tries_left(self) -> int:
        return RULES[self.purpose].tries - self.failures

    @property
    def is_locked(self) -> bool:
        return self.tries_left == 0


def _digest(pin: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=cost, r=8, p=1, dklen=32)


def new_record(purpose: Purpose, pin: str, *, cost: int = SCRYPT_COST) -> PinRecord:
    """A record for a freshly chosen PIN, its counter at zero.

    Also the way out of a lock: a forgotten or locked PIN is chosen anew by the holder who shows the card.

    Raises MalformedPin when `pin` is outside its format.
    """
    if (code := format_refusal(purpose, pin)) is not None:
        raise MalformedPin(code)
    salt = secrets.token_bytes(SALT_OCTETS)
    return PinRecord(purpose, salt, _digest(pin, salt, cost), cost)


def check(record: PinRecord, pin: str) -> tuple[PinOutcome, PinRecord]:
    """Compare `pin` with the record; answers the outcome and the record to keep from now on.

    A success sets the counter back to zero. A locked record refuses the right PIN too, and stays as it is.
    """
    if record.is_locked:
        return PinOutcome(PinResult.LOCKED, 0), record
    if format_refusal(record.purpose, pin) is not None:
        return PinOutcome(PinResult.MALFORMED, record.tries_left), record
    if hmac.compare_digest(_digest(pin, record.salt, record.cost), record.digest):
        cleared = replace(record, failures=0)
        return PinOutcome(PinResult.ACCEPTED, cleared.tries_left), cleared
    counted = replace(record, failures=record.failures + 1)
    return PinOutcome(PinResult.LOCKED if counted.is_locked else PinResult.REFUSED, counted.tries_left), counted


class UnlockMethod(StrEnum):
    """The ways a phone's screen is unlocked."""

    SCREEN_PIN = "screen_pin"
    PATTERN = "pattern"
    BIOMETRIC = "biometric"


# Class 3 of the Android compatibility definition: FAR at most 1 in 50,000, SAR and IAR at most 7 %.
REQUIRED_BIOMETRIC_CLASS = 3
PRIMARY_AUTHENTICATION_EVERY = timedelta(hours=72)


@dataclass(frozen=True)
class ScreenUnlock:
    """How the phone's screen was unlocked: medium, major version of the operating system, method, biometric class."""

    medium: Medium
    os_version: int
    method: UnlockMethod
    biometric_class: int = REQUIRED_BIOMETRIC_CLASS


def _allowed_methods(unlock: ScreenUnlock) -> frozenset[UnlockMethod]:
    """Which methods may stand in for the user authentication PIN on that phone.

    Android 11 and later: screen PIN, pattern or biometric; Android 9 and 10: biometric only (Digital Agency briefing,
    June 2022). iPhone: Face ID or Touch ID (Digital Agency, announcement of certificates on iPhone, June 2025).
    """
    if unlock.medium is Medium.PHONE_ANDROID:
        if unlock.os_version >= 11:
            return frozenset(UnlockMethod)
        return frozenset({UnlockMethod.BIOMETRIC}) if unlock.os_version >= 9 else frozenset()
    return frozenset({UnlockMethod.BIOMETRIC}) if unlock.medium is Medium.PHONE_IPHONE else frozenset()


def screen_lock_refusal(purpose: Purpose, unlock: ScreenUnlock) -> str | None:
    """Why unlocking the screen may not stand in for the PIN of `purpose`; None when it may.

    Only the user authentication PIN can be replaced, the signature password never.
    """
    if purpose is not Purpose.USER_AUTHENTICATION:
        return "screen_lock.not_for_signature"
    if unlock.medium is Medium.CARD:
        return "screen_lock.not_for_card"
    if unlock.method not in _allowed_methods(unlock):
        return "screen_lock.method_not_allowed"
    if unlock.method is UnlockMethod.BIOMETRIC and unlock.biometric_class != REQUIRED_BIOMETRIC_CLASS:
        return "screen_lock.biometric_too_weak"
    return None


def primary_authentication_is_due(last_primary_at: datetime, at: datetime) -> bool:
    """Whether a biometric no longer suffices at `at`: the last unlock by PIN or pattern is 72 hours or more ago."""
    return at - last_primary_at >= PRIMARY_AUTHENTICATION_EVERY
