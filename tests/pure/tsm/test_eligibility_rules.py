"""Who may have phone certificates: one test a rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from testenv.tsm.eligibility import (
    CardSignatureCertificate,
    CertificateStatus,
    Device,
    Eligibility,
    PhoneCertificate,
    check,
)
from verifier.pki.profiles import Medium, Purpose

AT = datetime(2026, 4, 1, tzinfo=UTC)
CARD = CardSignatureCertificate(AT - timedelta(days=365), AT + timedelta(days=365), CertificateStatus.GOOD)
PHONE = Device("dev-1", Medium.PHONE_ANDROID, (14, 0), has_secure_element=True)
BOTH = (Purpose.SIGNATURE, Purpose.USER_AUTHENTICATION)
EARLIER = PhoneCertificate(Purpose.SIGNATURE, "dev-1", CARD.not_after, CertificateStatus.GOOD)


def decide(
    *,
    card: CardSignatureCertificate | None = CARD,
    device: Device = PHONE,
    purposes: tuple[Purpose, ...] = BOTH,
    earlier: tuple[PhoneCertificate, ...] = (),
    agrees: bool = False,
    at: datetime = AT,
) -> Eligibility:
    return check(
        card=card, device=device, purposes=purposes, phone_certificates=earlier, agrees_to_replace=agrees, at=at
    )


def test_a_usable_card_and_a_conforming_phone_are_enough() -> None:
    assert decide() == Eligibility(())
    assert decide().is_eligible


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (None, "missing"),
        (replace(CARD, status=CertificateStatus.REVOKED), "revoked"),
        (replace(CARD, status=CertificateStatus.ON_HOLD), "on_hold"),
        (replace(CARD, not_before=AT + timedelta(seconds=1)), "not_yet_valid"),
        (replace(CARD, not_after=AT - timedelta(seconds=1)), "expired"),
    ],
)
def test_the_card_signature_certificate_must_be_usable(card: CardSignatureCertificate | None, code: str) -> None:
    assert decide(card=card).refusals == (f"eligibility.card_signature_{code}",)


def test_both_ends_of_the_validity_belong_to_it() -> None:
    assert decide(at=CARD.not_before).is_eligible
    assert decide(at=CARD.not_after).is_eligible


@pytest.mark.parametrize(
    ("device", "code"),
    [
        (replace(PHONE, medium=Medium.CARD), "device_is_not_a_phone"),
        (replace(PHONE, has_secure_element=False), "device_without_secure_element"),
        (replace(PHONE, os_version=(8, 1)), "device_os_too_old"),
        (replace(PHONE, medium=Medium.PHONE_IPHONE, os_version=(18, 4)), "device_os_too_old"),
    ],
)
def test_the_device_must_conform(device: Device, code: str) -> None:
    assert decide(device=device).refusals == (f"eligibility.{code}",)


@pytest.mark.parametrize(
    "device", [replace(PHONE, os_version=(9, 0)), replace(PHONE, medium=Medium.PHONE_IPHONE, os_version=(18, 5))]
)
def test_the_lowest_versions_conform(device: Device) -> None:
    assert decide(device=device).is_eligible


def test_something_must_be_applied_for_and_only_once() -> None:
    assert decide(purposes=()).refusals == ("eligibility.nothing_applied_for",)
    assert decide(purposes=(Purpose.SIGNATURE, Purpose.SIGNATURE)).refusals == ("eligibility.purpose_twice",)


@pytest.mark.parametrize("status", [CertificateStatus.GOOD, CertificateStatus.ON_HOLD])
def test_one_certificate_of_each_kind(status: CertificateStatus) -> None:
    assert decide(earlier=(replace(EARLIER, status=status),)).refusals == ("eligibility.already_issued",)


def test_the_other_kind_may_follow_on_the_same_device() -> None:
    assert decide(purposes=(Purpose.USER_AUTHENTICATION,), earlier=(EARLIER,)).is_eligible


def test_the_other_kind_may_not_follow_on_another_device() -> None:
    elsewhere = replace(EARLIER, device_id="dev-0")
    decision = decide(purposes=(Purpose.USER_AUTHENTICATION,), earlier=(elsewhere,))
    assert decision == Eligibility(("eligibility.on_another_device",))


def test_a_change_of_device_names_what_is_replaced() -> None:
    assert decide(earlier=(replace(EARLIER, device_id="dev-0"),), agrees=True) == Eligibility((), ("dev-0",))


def test_a_refused_change_of_device_replaces_nothing() -> None:
    decision = decide(card=None, earlier=(replace(EARLIER, device_id="dev-0"),), agrees=True)
    assert decision == Eligibility(("eligibility.card_signature_missing",))


@pytest.mark.parametrize(
    "gone",
    [replace(EARLIER, status=CertificateStatus.REVOKED), replace(EARLIER, not_after=AT - timedelta(seconds=1))],
)
@pytest.mark.parametrize("device_id", ["dev-0", "dev-1"])
def test_revoked_and_expired_certificates_do_not_count(gone: PhoneCertificate, device_id: str) -> None:
    assert decide(earlier=(replace(gone, device_id=device_id),)) == Eligibility(())


def test_all_refusals_are_told_at_once() -> None:
    decision = decide(card=None, device=replace(PHONE, has_secure_element=False), purposes=(), earlier=(EARLIER,))
    assert set(decision.refusals) == {
        "eligibility.card_signature_missing",
        "eligibility.device_without_secure_element",
        "eligibility.nothing_applied_for",
    }
