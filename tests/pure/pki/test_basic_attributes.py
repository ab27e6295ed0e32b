"""The basic four attributes, there and back, and what is kept rather than refused."""

from datetime import date

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from tests.pure.pki.forge import an_authority
from verifier.pki import certificate, oids
from verifier.pki.errors import MalformedSubject
from verifier.pki.subject import BasicAttributes, BirthDate, Era, Sex, decode, encode

HANAKO = BasicAttributes(
    name="髙橋　花子",
    birth_date=BirthDate.of(date(1990, 2, 17)),
    sex=Sex.FEMALE,
    address="東京都千代田区霞が関一丁目2番3号",
    name_substitutes="10000",
)


def test_attributes_survive_a_certificate() -> None:
    data = an_authority("sign-1").issue(extra=((encode(HANAKO), False),))

    assert certificate.parse(data).basic_attributes == HANAKO
    assert certificate.parse(an_authority("sign-1").issue()).basic_attributes is None


def test_the_encoding_is_the_published_one_to_a_foreign_reader() -> None:
    data = an_authority("sign-1").issue(extra=((encode(HANAKO), False),))
    items = [name.chosen for name in asn1_x509.Certificate.load(data).subject_alt_name_value]

    assert [(item["type_id"].native, item["value"].native) for item in items] == [
        ("1.2.392.200149.8.5.5.1", "髙橋　花子"),
        ("1.2.392.200149.8.5.5.4", "419900217"),
        ("1.2.392.200149.8.5.5.3", "2"),
        ("1.2.392.200149.8.5.5.5", "東京都千代田区霞が関一丁目2番3号"),
        ("1.2.392.200149.8.5.5.2", "10000"),
        ("1.2.392.200149.8.5.5.6", "0" * 17),
    ]


def test_unknown_items_are_kept() -> None:
    kana = ("1.2.392.200149.8.5.5.7", b"\x0c\x03abc")
    told = decode(encode(BasicAttributes(HANAKO.name, HANAKO.birth_date, HANAKO.sex, "x", unknown_items=(kana,))))
    assert told is not None
    assert told.unknown_items == (kana,)


@pytest.mark.parametrize(
    ("day", "digits"),
    [
        (date(1868, 1, 24), "018680124"),
        (date(1912, 7, 29), "119120729"),
        (date(1912, 7, 30), "219120730"),
        (date(1926, 12, 25), "319261225"),
        (date(1989, 1, 7), "319890107"),
        (date(1989, 1, 8), "419890108"),
        (date(2019, 4, 30), "420190430"),
        (date(2019, 5, 1), "520190501"),
    ],
)
def test_the_era_changes_on_its_first_day(day: date, digits: str) -> None:
    assert BirthDate.of(day) == BirthDate(digits)
    assert BirthDate(digits).as_date == day


def test_a_partly_unknown_birth_date_has_no_day() -> None:
    assert BirthDate("319500000").as_date is None
    assert BirthDate("319500000").era is Era.SHOWA
    assert BirthDate("919500101").era is None


@pytest.mark.parametrize("digits", ["", "41990021", "4199002171", "４19900217", "4-9900217"])
def test_a_birth_date_is_nine_digits(digits: str) -> None:
    with pytest.raises(MalformedSubject):
        BirthDate(digits)


def test_marks_have_one_digit_per_character() -> None:
    assert HANAKO.has_substitutes
    for marks in ("1", "10002", "100000"):
        with pytest.raises(MalformedSubject):
            BasicAttributes(HANAKO.name, HANAKO.birth_date, HANAKO.sex, "x", name_substitutes=marks)


def other_name(oid: str, value: bytes) -> x509.OtherName:
    return x509.OtherName(x509.ObjectIdentifier(oid), value)


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda items: items[1:], "missing_item"),
        (lambda items: [*items, items[0]], "repeated_item"),
        (lambda items: [other_name(oids.SUBJECT_NAME, b"\x04\x01a"), *items[1:]], "not_utf8_string"),
        (lambda items: [other_name(oids.SUBJECT_NAME, b"\x0c\x01\xff"), *items[1:]], "not_utf8_string"),
        (lambda items: [other_name(oids.SUBJECT_NAME, b"\x0c\x01aa"), *items[1:]], "trailing_bytes"),
        (lambda items: [*items[:2], other_name(oids.SUBJECT_SEX, b"\x0c\x014"), *items[3:]], "sex"),
    ],
)
def test_attributes_that_are_not_as_published_are_malformed(change: object, detail: str) -> None:
    items = change(list(encode(HANAKO)))  # type: ignore[operator]
    with pytest.raises(MalformedSubject) as caught:
        decode(x509.SubjectAlternativeName(items))
    assert caught.value.detail == detail
