"""Windows, ages, serials, and on what a phone certificate hangs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testenv.ca.issuance_rules import (
    FIRST_SERIAL,
    JST,
    LAST_SERIAL,
    LinkedCard,
    SerialsExhausted,
    Validity,
    age_at,
    ca_validity,
    card_validity,
    next_serial,
    phone_refusal,
    phone_validity,
    signature_refusal,
)


def noon_in_japan(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)


def test_the_window_of_a_decoded_test_card() -> None:
    """Issued 2025-10-27 to someone born on 17 February, it ends 2030-02-17 (public copy of a test card)."""
    window = card_validity(date(1990, 2, 17), noon_in_japan(date(2025, 10, 27)))
    assert window.not_after == datetime(2030, 2, 17, 14, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("issued", "end"),
    [
        (date(2026, 2, 16), date(2030, 2, 17)),
        (date(2026, 2, 17), date(2031, 2, 17)),  # on the birthday: the fifth after it
        (date(2026, 2, 18), date(2031, 2, 17)),
    ],
)
def test_the_fifth_birthday_after_issue(issued: date, end: date) -> None:
    assert card_validity(date(1990, 2, 17), noon_in_japan(issued)).not_after.astimezone(JST).date() == end


def test_issue_shortly_after_midnight_in_japan_counts_as_that_day() -> None:
    just_after = datetime(2026, 2, 16, 15, 0, tzinfo=UTC)
    assert card_validity(date(1990, 2, 17), just_after).not_after.year == 2031
    assert card_validity(date(1990, 2, 17), just_after - timedelta(seconds=1)).not_after.year == 2030


@pytest.mark.parametrize(("year", "day"), [(2026, date(2031, 2, 28)), (2027, date(2032, 2, 29))])
def test_born_on_29_february(year: int, day: date) -> None:
    window = card_validity(date(2000, 2, 29), noon_in_japan(date(year, 6, 1)))
    assert window.not_after.astimezone(JST).date() == day


DAYS = st.dates(date(1926, 1, 1), date(2025, 12, 31))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2045, 1, 1)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC))


@settings(deadline=None)
@given(birth_date=DAYS, at=MOMENTS)
def test_every_card_window_ends_with_a_birthday_after_four_to_five_years(birth_date: date, at: datetime) -> None:
    window = card_validity(birth_date, at)
    end = window.not_after.astimezone(JST)
    today = at.astimezone(JST).date()
    assert (end.hour, end.minute, end.second) == (23, 59, 59)
    assert f"{window.not_after:%H%M%S}" == "145959"
    assert (end.month, end.day) in {(birth_date.month, birth_date.day), (2, 28)}
    assert age_at(birth_date, window.not_after) == age_at(birth_date, at) + 5
    assert timedelta(days=4 * 365) < end.date() - today <= timedelta(days=5 * 366)


def test_no_card_for_the_unborn() -> None:
    with pytest.raises(ValueError, match="not yet born"):
        card_validity(date(2030, 1, 1), noon_in_japan(date(2026, 1, 1)))


AT = noon_in_japan(date(2026, 4, 1))
CARD = Validity(AT - timedelta(days=100), AT + timedelta(days=1000))


def test_a_phone_certificate_ends_with_the_card_s() -> None:
    assert phone_validity(CARD, AT) == Validity(AT, CARD.not_after)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (None, "issuance.no_card_signature_certificate"),
        (LinkedCard(CARD, is_good=False), "issuance.card_signature_certificate_not_good"),
        (
            LinkedCard(Validity(AT - timedelta(days=9), AT - timedelta(seconds=1)), is_good=True),
            "issuance.card_signature_certificate_outside_validity",
        ),
        (
            LinkedCard(Validity(AT + timedelta(seconds=1), CARD.not_after), is_good=True),
            "issuance.card_signature_certificate_outside_validity",
        ),
        (LinkedCard(CARD, is_good=True), None),
    ],
)
def test_no_phone_certificate_without_a_usable_signature_certificate_on_the_card(
    card: LinkedCard | None, code: str | None
) -> None:
    assert phone_refusal(card, AT) == code


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC), "issuance.under_15"),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), None),  # the fifteenth birthday begins in Japan
    ],
)
def test_signature_certificates_from_the_fifteenth_birthday(at: datetime, code: str | None) -> None:
    assert signature_refusal(date(2011, 4, 1), at) == code


def test_a_ca_holds_ten_years_to_the_end_of_a_japanese_day() -> None:
    assert ca_validity(AT).not_after == datetime(2036, 4, 1, 14, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("not_before", "not_after"),
    [
        (AT, AT),
        (AT, AT - timedelta(seconds=1)),
        (AT.replace(tzinfo=None), CARD.not_after),
        (AT.astimezone(JST), CARD.not_after),
        (AT, CARD.not_after + timedelta(microseconds=1)),
    ],
)
def test_an_impossible_window_cannot_exist(not_before: datetime, not_after: datetime) -> None:
    with pytest.raises(ValueError, match="validity"):
        Validity(not_before, not_after)


def test_both_ends_of_a_window_belong_to_it() -> None:
    assert CARD.covers(CARD.not_before)
    assert CARD.covers(CARD.not_after)
    assert not CARD.covers(CARD.not_after + timedelta(seconds=1))
    assert not CARD.covers(CARD.not_before - timedelta(seconds=1))


@given(last=st.integers(FIRST_SERIAL, LAST_SERIAL - 1), asked_by=st.lists(st.sampled_from(["card", "phone"])))
def test_serials_rise_fit_four_octets_and_never_meet(last: int, asked_by: list[str]) -> None:
    given_out: dict[str, list[int]] = {"card": [], "phone": []}
    serial = last
    for medium in asked_by:
        if serial == LAST_SERIAL:
            break
        following = next_serial(serial)
        assert following > serial
        serial = following
        given_out[medium].append(serial)
        assert len(serial.to_bytes((serial.bit_length() + 8) // 8, "big")) == 4
    assert not set(given_out["card"]) & set(given_out["phone"])


def test_the_first_and_the_last_serial() -> None:
    assert next_serial(None) == 0x01000000
    assert next_serial(0x7FFFFFFE) == 0x7FFFFFFF
    with pytest.raises(SerialsExhausted):
        next_serial(0x7FFFFFFF)


@pytest.mark.parametrize("foreign", [0, -1, FIRST_SERIAL - 1, LAST_SERIAL + 1])
def test_a_number_from_elsewhere_is_our_mistake(foreign: int) -> None:
    with pytest.raises(ValueError, match="not a serial"):
        next_serial(foreign)
