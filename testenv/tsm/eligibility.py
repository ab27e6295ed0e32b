"""May this person have phone certificates on this device now?

Rules (Digital Agency briefing on smartphone JPKI, June 2022; Act No. 153 of 2002):
- the card's signature certificate must exist and be usable: it proves who applies;
- one certificate of each kind per person, and both on the same device;
- on a change of device the holder agrees, in the same application, to the revocation of the old ones.

Every rule is asked, so that all refusals are told at once; refusals are codes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from verifier.pki.profiles import Medium, Purpose


class CertificateStatus(StrEnum):
    """As the CA's register has it."""

    GOOD = "good"
    ON_HOLD = "on_hold"
    REVOKED = "revoked"


@dataclass(frozen=True)
class CardSignatureCertificate:
    """The applicant's signature certificate on the card; both ends of the validity are inclusive, aware UTC."""

    not_before: datetime
    not_after: datetime
    status: CertificateStatus


@dataclass(frozen=True)
class PhoneCertificate:
    """A phone certificate the person was issued earlier, wherever it is now."""

    purpose: Purpose
    device_id: str
    not_after: datetime
    status: CertificateStatus


@dataclass(frozen=True)
class Device:
    """A phone, as far as issuing cares. `os_version` is (major, minor)."""

    device_id: str
    medium: Medium
    os_version: tuple[int, int]
    has_secure_element: bool


@dataclass(frozen=True)
class Eligibility:
    """The answer: refusal codes (none means yes) and the devices whose certificates have to be revoked first."""

    refusals: tuple[str, ...]
    replaced_devices: tuple[str, ...] = ()

    @property
    def is_eligible(self) -> bool:
        return not self.refusals


# Android 9 with a GP-SE (briefing of June 2022); iPhone from iOS 18.5 (Digital Agency, June 2025). Today's app asks
# for Android 11: a rule of the app, and the 9/10 rules for the screen lock are part of the briefing.
LOWEST_OS_VERSION: Mapping[Medium, tuple[int, int]] = MappingProxyType(
    {Medium.PHONE_ANDROID: (9, 0), Medium.PHONE_IPHONE: (18, 5)}
)


def card_refusal(card: CardSignatureCertificate | None, at: datetime) -> str | None:
    """Why the card's signature certificate cannot carry an application at `at`; None when it can."""
    if card is None:
        return "eligibility.card_signature_missing"
    if card.status is CertificateStatus.REVOKED:
        return "eligibility.card_signature_revoked"
    if card.status is CertificateStatus.ON_HOLD:
        return "eligibility.card_signature_on_hold"
    if at < card.not_before:
        return "eligibility.card_signature_not_yet_valid"
    if at > card.not_after:
        return "eligibility.card_signature_expired"
    return None


def device_refusal(device: Device) -> str | None:
    """Why the device cannot hold phone certificates; None when it can."""
    lowest = LOWEST_OS_VERSION.get(device.medium)
    if lowest is None:
        return "eligibility.device_is_not_a_phone"
    if not device.has_secure_element:
        return "eligibility.device_without_secure_element"
    if device.os_version < lowest:
        return "eligibility.device_os_too_old"
    return None


def _purpose_refusals(purposes: tuple[Purpose, ...]) -> list[str]:
    if not purposes:
        return ["eligibility.nothing_applied_for"]
    return ["eligibility.purpose_twice"] if len(set(purposes)) < len(purposes) else []


def check(
    *,
    card: CardSignatureCertificate | None,
    device: Device,
    purposes: tuple[Purpose, ...],
    phone_certificates: Iterable[PhoneCertificate],
    agrees_to_replace: bool,
    at: datetime,
) -> Eligibility:
    """Decide on an application for phone certificates.

    `phone_certificates`: all the person was ever issued; revoked and expired ones are looked over. A certificate on
    hold still counts: the holder releases or revokes it first.
    `agrees_to_replace`: the holder agreed to the revocation of the certificates on another device.
    `at`: aware UTC.
    """
    living = [c for c in phone_certificates if c.status is not CertificateStatus.REVOKED and at <= c.not_after]
    elsewhere = tuple(sorted({c.device_id for c in living if c.device_id != device.device_id}))
    here = {c.purpose for c in living if c.device_id == device.device_id}

    refusals = [code for code in (card_refusal(card, at), device_refusal(device)) if code is not None]
    refusals += _purpose_refusals(purposes)
    if here & set(purposes):
        refusals.append("eligibility.already_issued")
    if elsewhere and not agrees_to_replace:
        refusals.append("eligibility.on_another_device")
    return Eligibility(tuple(refusals), elsewhere if not refusals else ())
