"""The basic four attributes (name, address, date of birth, sex) and how a signature certificate carries them.

Each item is an otherName in subjectAltName under 1.2.392.200149.8.5.5, a UTF8String in an explicit [0], in the order
name, date of birth, sex, address, then the two marks of substitute characters (decoded certificates, public OID
lists).

Characters outside the permitted set are replaced by a substitute glyph; a string of '0' and '1', one per character,
says where.  So equality of strings is not equality of names, and the marks are part of the value.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cryptography import x509

from verifier.pki import der, oids
from verifier.pki.errors import MalformedSubject


class Sex(StrEnum):
    """The code in the certificate.  Public sources disagree whether "unknown" is 3 or 9, so both are read."""

    MALE = "1"
    FEMALE = "2"
    OTHER_3 = "3"
    OTHER_9 = "9"


class Era(StrEnum):
    """First digit of the date of birth."""

    UNKNOWN = "0"
    MEIJI = "1"
    TAISHO = "2"
    SHOWA = "3"
    HEISEI = "4"
    REIWA = "5"


# First day of each era.
_ERA_STARTS = (
    (date(2019, 5, 1), Era.REIWA),
    (date(1989, 1, 8), Era.HEISEI),
    (date(1926, 12, 25), Era.SHOWA),
    (date(1912, 7, 30), Era.TAISHO),
    (date(1868, 1, 25), Era.MEIJI),
)


@dataclass(frozen=True, slots=True)
class BirthDate:
    """Date of birth as the certificate writes it: one era digit, then YYYYMMDD with the *Gregorian* year.

    Parts may be unknown (written as zeros); ``as_date`` is None then.  Raises ``MalformedSubject`` unless 9 ASCII
    digits.
    """

    digits: str

    def __post_init__(self) -> None:
        if len(self.digits) != 9 or not (self.digits.isascii() and self.digits.isdigit()):
            raise MalformedSubject("birth_date")

    @classmethod
    def of(cls, day: date) -> "BirthDate":
        """The value for a fully known Gregorian day."""
        era = next((era for start, era in _ERA_STARTS if day >= start), Era.UNKNOWN)
        return cls(f"{era.value}{day:%Y%m%d}")

    @property
    def era(self) -> Era | None:
        """The era, or None for a digit that is not defined."""
        return next((era for era in Era if era.value == self.digits[0]), None)

    @property
    def as_date(self) -> date | None:
        """The Gregorian day, or None when part of it is unknown or it is no calendar day."""
        try:
            return date(int(self.digits[1:5]), int(self.digits[5:7]), int(self.digits[7:9]))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class BasicAttributes:
    """The four attributes with their substitute marks.

    ``name`` is family name, full-width space, given name.  The marks have one '0' or '1' per character of their text
    and default to all '0'.  ``unknown_items`` keeps otherNames nobody has told us about as (type OID, raw DER value):
    new items were added to the basic data in May 2026 and their encoding is not published, so they are kept, never
    refused. Raises ``MalformedSubject`` when marks and text do not fit each other.
    """

    name: str
    birth_date: BirthDate
    sex: Sex
    address: str
    name_substitutes: str = ""
    address_substitutes: str = ""
    unknown_items: tuple[tuple[str, bytes], ...] = ()

    def __post_init__(self) -> None:
        for field, text in (("name_substitutes", self.name), ("address_substitutes", self.address)):
            marks = getattr(self, field)
            if not marks:
                object.__setattr__(self, field, "0" * len(text))
            elif len(marks) != len(text) or set(marks) - {"0", "1"}:
                raise MalformedSubject(field)

    @property
    def has_substitutes(self) -> bool:
        """True if any character of name or address stands for another one."""
        return "1" in self.name_substitutes or "1" in self.address_substitutes


def encode(attributes: BasicAttributes) -> x509.SubjectAlternativeName:
    """The subjectAltName value of a signature certificate, items in the order seen in real certificates."""
    items = (
        (oids.SUBJECT_NAME, attributes.name),
        (oids.SUBJECT_BIRTH_DATE, attributes.birth_date.digits),
        (oids.SUBJECT_SEX, attributes.sex.value),
        (oids.SUBJECT_ADDRESS, attributes.address),
        (oids.SUBJECT_NAME_SUBSTITUTES, attributes.name_substitutes),
        (oids.SUBJECT_ADDRESS_SUBSTITUTES, attributes.address_substitutes),
    )
    known = [_other_name(oid, der.encode(der.UTF8_STRING, text.encode())) for oid, text in items]
    return x509.SubjectAlternativeName(known + [_other_name(oid, raw) for oid, raw in attributes.unknown_items])


def decode(alternative_name: x509.SubjectAlternativeName) -> BasicAttributes | None:
    """The attributes in a subjectAltName, or None if it holds no item of the arc (user-authentication certificates).

    Raises ``MalformedSubject`` for an item that is repeated, missing, or not a UTF8String.
    """
    texts: dict[str, str] = {}
    unknown: list[tuple[str, bytes]] = []
    for item in alternative_name:
        if not isinstance(item, x509.OtherName):
            continue
        oid = item.type_id.dotted_string
        if oid not in _KNOWN_ITEMS:
            unknown.append((oid, item.value))
        elif oid in texts:
            raise MalformedSubject("repeated_item")
        else:
            texts[oid] = _utf8(item.value)
    if not texts:
        return None
    return _from_texts(texts, tuple(unknown))


_KNOWN_ITEMS = frozenset(
    (
        oids.SUBJECT_NAME,
        oids.SUBJECT_NAME_SUBSTITUTES,
        oids.SUBJECT_SEX,
        oids.SUBJECT_BIRTH_DATE,
        oids.SUBJECT_ADDRESS,
        oids.SUBJECT_ADDRESS_SUBSTITUTES,
    )
)


def _from_texts(texts: dict[str, str], unknown: tuple[tuple[str, bytes], ...]) -> BasicAttributes:
    for oid in (oids.SUBJECT_NAME, oids.SUBJECT_BIRTH_DATE, oids.SUBJECT_SEX, oids.SUBJECT_ADDRESS):
        if oid not in texts:
            raise MalformedSubject("missing_item")
    sex = texts[oids.SUBJECT_SEX]
    if sex not in set(Sex):
        raise MalformedSubject("sex")
    return BasicAttributes(
        name=texts[oids.SUBJECT_NAME],
        birth_date=BirthDate(texts[oids.SUBJECT_BIRTH_DATE]),
        sex=Sex(sex),
        address=texts[oids.SUBJECT_ADDRESS],
        name_substitutes=texts.get(oids.SUBJECT_NAME_SUBSTITUTES, ""),
        address_substitutes=texts.get(oids.SUBJECT_ADDRESS_SUBSTITUTES, ""),
        unknown_items=unknown,
    )


def _other_name(oid: str, value: bytes) -> x509.OtherName:
    return x509.OtherName(x509.ObjectIdentifier(oid), value)


def _utf8(value: bytes) -> str:
    try:
        start, stop = der.read(value, 0, len(value), der.UTF8_STRING)
        if stop != len(value):
            raise MalformedSubject("trailing_bytes")
        return value[start:stop].decode()
    except ValueError as error:
        raise MalformedSubject("not_utf8_string") from error
