"""Who gets a certificate, from when until when, under which number.

Sources, by rule, are in the docstrings. Days are Japanese days: a certificate that ends "on the birthday" ends at
23:59:59 JST, 14:59:59 UTC, as every published JPKI certificate does.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
END_OF_DAY = time(23, 59, 59, tzinfo=JST)

BIRTHDAYS_UNTIL_END = 5
LOWEST_SIGNATURE_AGE = 15
CA_YEARS = 10

# Four octets, the first of them 01 to 7F: the length of the numbers seen in published certificates (the counters of the
# production CAs stood near 10^8 in 2023), and positive as RFC 5280, 4.1.2.2 demands.
FIRST_SERIAL = 0x01000000
LAST_SERIAL = 0x7FFFFFFF


def _whole_second_utc(moment: datetime) -> bool:
    return moment.utcoffset() == timedelta(0) and moment.microsecond == 0


@dataclass(frozen=True)
class Validity:
    """From `not_before` to `not_after`, both inclusive; aware UTC, whole seconds. Raises ValueError otherwise."""

    not_before: datetime
    not_after: datetime

    def __post_init__(self) -> None:
        if not (_whole_second_utc(self.not_before) and _whole_second_utc(self.not_after)):
            raise ValueError("validity must be aware UTC in whole seconds")
        if self.not_after <= self.not_before:
            raise ValueError("validity ends before it begins")

    def covers(self, at: datetime) -> bool:
        return self.not_before <= at <= self.not_after


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY).astimezone(UTC)


def _birthday_in(year: int, birth_date: date) -> date:
    """A birthday on 29 February is kept on the 28th in other years (assumed: no source says how JPKI counts it)."""
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def japanese_day(at: datetime) -> date:
    """The day it is in Japan at `at` (aware)."""
    return at.astimezone(JST).date()


def age_at(birth_date: date, at: datetime) -> int:
    """Age in full years on the Japanese day of `at`."""
    today = japanese_day(at)
    return today.year - birth_date.year - (today < _birthday_in(today.year, birth_date))


def card_validity(birth_date: date, at: datetime) -> Validity:
    """A card certificate issued at `at` (aware UTC, whole seconds) holds until the fifth birthday after its issue.

    Source: J-LIS, period of validity of the certificates. Issue on the birthday itself counts from the next one on.
    Raises ValueError for a person not yet born.
    """
    today = japanese_day(at)
    if birth_date > today:
        raise ValueError("not yet born")
    had_birthday = _birthday_in(today.year, birth_date) <= today
    last_year = today.year + BIRTHDAYS_UNTIL_END - (0 if had_birthday else 1)
    return Validity(at, _end_of(_birthday_in(last_year, birth_date)))


def phone_validity(card: Validity, at: datetime) -> Validity:
    """A phone certificate issued at `at` ends with the card's certificate (Digital Agency briefing, June 2022).

    Raises ValueError when the card's certificate has ended: ask `phone_refusal` first.
    """
    return Validity(at, card.not_after)


def ca_validity(at: datetime) -> Validity:
    """About ten years, to the end of a Japanese day (decoded from the published roots)."""
    today = japanese_day(at)
    return Validity(at, _end_of(_birthday_in(today.year + CA_YEARS, today)))


@dataclass(frozen=True)
class LinkedCard:
    """The card's signature certificate a phone certificate hangs on: its window, and whether it is good now.

    `is_good`: neither revoked nor on hold in the CA's register.
    """

    validity: Validity
    is_good: bool


def signature_refusal(birth_date: date, at: datetime) -> str | None:
    """Why this person gets no signature certificate at `at`: under 15 (J-LIS, who can have the certificates)."""
    return "issuance.under_15" if age_at(birth_date, at) < LOWEST_SIGNATURE_AGE else None


def phone_refusal(card: LinkedCard | None, at: datetime) -> str | None:
    """Why no phone certificate is issued at `at`: it needs a usable signature certificate on the card.

    Source: Digital Agency briefing, June 2022.
    """
    if card is None:
        return "issuance.no_card_signature_certificate"
    if not card.is_good:
        return "issuance.card_signature_certificate_not_good"
    if not card.validity.covers(at):
        return "issuance.card_signature_certificate_outside_validity"
    return None


class SerialsExhausted(Exception):
    """The CA has no number left: time for its next generation."""


def next_serial(last: int | None) -> int:
    """The number after `last`, the highest one this CA ever gave out; None for a new CA.

    One rising sequence for card, phone and the CA's own certificates, so that a number never names two certificates
    (briefing of June 2022: serials of card and phone do not overlap). The caller keeps `last` under a lock.
    Raises SerialsExhausted after 7FFFFFFF, ValueError when `last` is no number of this sequence.
    """
    if last is None:
        return FIRST_SERIAL
    if not FIRST_SERIAL <= last <= LAST_SERIAL:
        raise ValueError("not a serial of this sequence")
    if last == LAST_SERIAL:
        raise SerialsExhausted
    return last + 1
