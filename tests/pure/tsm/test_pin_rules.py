"""PIN formats, counters, locks; which PIN a screen lock may stand in for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testenv.tsm.pin import (
    RULES,
    MalformedPin,
    PinRecord,
    PinResult,
    ScreenUnlock,
    UnlockMethod,
    check,
    format_refusal,
    new_record,
    primary_authentication_is_due,
    screen_lock_refusal,
)
from verifier.pki.profiles import Medium, Purpose

CHEAP = 2
RIGHT = {Purpose.SIGNATURE: "TEST1234", Purpose.USER_AUTHENTICATION: "1234"}
WRONG = {Purpose.SIGNATURE: "TEST1235", Purpose.USER_AUTHENTICATION: "4321"}
LIMIT = {Purpose.SIGNATURE: 5, Purpose.USER_AUTHENTICATION: 3}
BOTH = pytest.mark.parametrize("purpose", list(Purpose))


@pytest.mark.parametrize("pin", ["ABCDE1", "A1B2C3D4E5F6G7H8", "111111Z"])
def test_a_signature_password_is_6_to_16_capitals_and_digits(pin: str) -> None:
    assert format_refusal(Purpose.SIGNATURE, pin) is None


@pytest.mark.parametrize(
    "pin", ["", "ABCD1", "A1B2C3D4E5F6G7H8I", "abcde1", "ABCDEF", "123456", "ABCDE1\n", "ABCDÉ1", "ABCDE１", "ABC E1"]
)
def test_other_signature_passwords_are_refused(pin: str) -> None:
    assert format_refusal(Purpose.SIGNATURE, pin) == "pin.signature_format"


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "１２３４", "1234\n", " 123", "+123"])
def test_a_user_authentication_pin_is_4_digits_and_nothing_else(pin: str) -> None:
    assert format_refusal(Purpose.USER_AUTHENTICATION, "0000") is None
    assert format_refusal(Purpose.USER_AUTHENTICATION, pin) == "pin.user_authentication_format"


@BOTH
def test_a_pin_outside_its_format_cannot_be_set(purpose: Purpose) -> None:
    with pytest.raises(MalformedPin) as refusal:
        new_record(purpose, "x")
    assert refusal.value.code == RULES[purpose].format_code


@BOTH
def test_the_lock_falls_at_the_last_consecutive_error_and_stays(purpose: Purpose) -> None:
    record = new_record(purpose, RIGHT[purpose], cost=CHEAP)
    for used in range(1, LIMIT[purpose] + 1):
        outcome, record = check(record, WRONG[purpose])
        assert outcome.tries_left == LIMIT[purpose] - used
        assert outcome.result is (PinResult.LOCKED if used == LIMIT[purpose] else PinResult.REFUSED)
    outcome, after = check(record, RIGHT[purpose])
    assert outcome.result is PinResult.LOCKED
    assert after == record


@BOTH
def test_a_malformed_entry_uses_no_try(purpose: Purpose) -> None:
    record = replace(new_record(purpose, RIGHT[purpose], cost=CHEAP), failures=LIMIT[purpose] - 1)
    outcome, after = check(record, "x")
    assert (outcome.result, outcome.tries_left, after) == (PinResult.MALFORMED, 1, record)


RECORDS = {purpose: new_record(purpose, RIGHT[purpose], cost=CHEAP) for purpose in Purpose}


@settings(deadline=None)
@given(purpose=st.sampled_from(Purpose), entries=st.lists(st.booleans(), max_size=20))
def test_only_consecutive_errors_count(purpose: Purpose, entries: list[bool]) -> None:
    record, errors, locked = RECORDS[purpose], 0, False
    for is_right in entries:
        outcome, record = check(record, (RIGHT if is_right else WRONG)[purpose])
        if locked:
            assert outcome.result is PinResult.LOCKED
            continue
        errors = 0 if is_right else errors + 1
        locked = errors == LIMIT[purpose]
        assert outcome.is_accepted is is_right
        assert record.failures == errors
        assert record.is_locked is locked


@settings(deadline=None, max_examples=50)
@given(st.from_regex(r"[A-Z0-9]{6,16}", fullmatch=True))
def test_exactly_the_pin_that_was_set_is_accepted(pin: str) -> None:
    if format_refusal(Purpose.SIGNATURE, pin) is None:
        assert check(new_record(Purpose.SIGNATURE, pin, cost=CHEAP), pin)[0].is_accepted
    assert check(RECORDS[Purpose.SIGNATURE], pin)[0].is_accepted is (pin == RIGHT[Purpose.SIGNATURE])


def test_a_record_shows_neither_pin_nor_digest_and_two_of_the_same_pin_differ() -> None:
    one, two = (new_record(Purpose.USER_AUTHENTICATION, "1234", cost=CHEAP) for _ in range(2))
    assert one.digest != two.digest
    assert "digest" not in repr(one)
    assert "1234" not in repr(one)


@BOTH
def test_the_cost_used_outside_tests_works_too(purpose: Purpose) -> None:
    record = new_record(purpose, RIGHT[purpose])
    assert record.cost == 2**14
    assert check(record, RIGHT[purpose])[0].is_accepted
    assert not check(record, WRONG[purpose])[0].is_accepted


@BOTH
@pytest.mark.parametrize("failures", [-1, 6])
def test_an_impossible_counter_cannot_exist(purpose: Purpose, failures: int) -> None:
    with pytest.raises(ValueError):
        PinRecord(purpose, b"s" * 16, b"d" * 32, CHEAP, failures)


ALLOWED = {
    (Medium.PHONE_ANDROID, version, method)
    for version, methods in {
        9: {UnlockMethod.BIOMETRIC},
        10: {UnlockMethod.BIOMETRIC},
        11: set(UnlockMethod),
        15: set(UnlockMethod),
    }.items()
    for method in methods
} | {(Medium.PHONE_IPHONE, 18, UnlockMethod.BIOMETRIC)}


@pytest.mark.parametrize("method", list(UnlockMethod))
@pytest.mark.parametrize(
    ("medium", "version"),
    [(Medium.PHONE_ANDROID, v) for v in (8, 9, 10, 11, 15)] + [(Medium.PHONE_IPHONE, 18), (Medium.CARD, 0)],
)
def test_which_screen_lock_may_stand_in_for_the_pin(medium: Medium, version: int, method: UnlockMethod) -> None:
    unlock = ScreenUnlock(medium, version, method)
    code = screen_lock_refusal(Purpose.USER_AUTHENTICATION, unlock)
    assert (code is None) is ((medium, version, method) in ALLOWED)
    assert screen_lock_refusal(Purpose.SIGNATURE, unlock) == "screen_lock.not_for_signature"


@pytest.mark.parametrize("weaker", [1, 2])
def test_a_biometric_below_class_3_is_refused(weaker: int) -> None:
    unlock = ScreenUnlock(Medium.PHONE_ANDROID, 12, UnlockMethod.BIOMETRIC, weaker)
    assert screen_lock_refusal(Purpose.USER_AUTHENTICATION, unlock) == "screen_lock.biometric_too_weak"


def test_after_72_hours_a_biometric_no_longer_suffices() -> None:
    last = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
    assert not primary_authentication_is_due(last, last + timedelta(hours=72, seconds=-1))
    assert primary_authentication_is_due(last, last + timedelta(hours=72))
