"""The people of the sandbox. Pure data: who they are, what provisioning does for each, and how it will end.

Ids are permanent: P02 stays the one whose phone is on hold, so a test that names her keeps its meaning. Every name,
place and municipality code is made up and plainly so (見本 specimen, 架空 fictitious, 試験 test; codes that begin with
99 belong to no prefecture).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from testenv.ca.holder_names import Municipality
from verifier.pki.profiles import Medium, Purpose
from verifier.pki.subject import BasicAttributes, BirthDate, Sex


class Phone(StrEnum):
    """How the persona's phone certificates stand when provisioning is through."""

    NONE = "none"
    ISSUED = "issued"
    HELD = "held"
    REVOKED = "revoked"


class Provisioning(StrEnum):
    """One thing provisioning does for a persona, in the order given there."""

    ISSUE_CARD = "issue_card"
    ISSUE_PHONE = "issue_phone"
    HOLD_PHONE = "hold_phone"
    REVOKE_PHONE = "revoke_phone"
    MOVE_HOUSE = "move_house"  # revokes the card's signature certificate
    RUN_LINKED_REVOCATION = "run_linked_revocation"
    LOCK_USER_AUTHENTICATION_PIN = "lock_user_authentication_pin"


@dataclass(frozen=True)
class Foreseen:
    """The code with which a log-in and a signature by this persona's phone end.

    A verdict's code (`ok`, `cert.on_hold`, ...) or what stops the app before there is anything to verify
    (`pin.locked`, `phone.no_certificate`).
    """

    user_authentication: str
    signature: str

    def of(self, purpose: Purpose) -> str:
        return self.signature if purpose is Purpose.SIGNATURE else self.user_authentication


@dataclass(frozen=True)
class Pins:
    """User authentication PIN and signature password, the same on card and phone. Shown to testers: they are toys."""

    user_authentication: str
    signature: str

    def of(self, purpose: Purpose) -> str:
        return self.signature if purpose is Purpose.SIGNATURE else self.user_authentication


@dataclass(frozen=True)
class Persona:
    """A synthetic holder. `name` is family name, full-width space, given name, as the certificate writes it.

    `name_substitutes`: '0' or '1' per character of `name`, 1 where a substitute glyph stands; empty means none.
    """

    id: str
    name: str
    name_romanised: str
    birth_date: date
    sex: Sex
    address: str
    address_romanised: str
    municipality: Municipality
    pins: Pins
    phone: Phone
    steps: tuple[Provisioning, ...]
    foreseen: Foreseen
    name_substitutes: str = ""
    medium: Medium = Medium.PHONE_ANDROID
    os_version: tuple[int, int] = (14, 0)

    @property
    def attributes(self) -> BasicAttributes:
        """The basic four attributes as the signature certificates carry them."""
        return BasicAttributes(
            name=self.name,
            birth_date=BirthDate.of(self.birth_date),
            sex=self.sex,
            address=self.address,
            name_substitutes=self.name_substitutes,
        )


_KAKU = Municipality("99101", "Mihon-ken", "Kaku-shi")
_SHIKEN = Municipality("99202", "Mihon-ken", "Shiken-machi")

_CARD = (Provisioning.ISSUE_CARD,)
_CARD_AND_PHONE = (Provisioning.ISSUE_CARD, Provisioning.ISSUE_PHONE)
_FINE = Foreseen("ok", "ok")

_ALL = (
    Persona(
        id="P01",
        name="見本　花子",
        name_romanised="Hanako Mihon",
        birth_date=date(1990, 2, 17),
        sex=Sex.FEMALE,
        address="見本県架空市見本町１丁目１番１号",
        address_romanised="1-1-1 Mihon-cho, Kaku-shi, Mihon-ken",
        municipality=_KAKU,
        pins=Pins("1101", "MIHON01"),
        phone=Phone.ISSUED,
        steps=_CARD_AND_PHONE,
        foreseen=_FINE,
    ),
    Persona(
        id="P02",
        name="架空　次郎",
        name_romanised="Jiro Kaku",
        birth_date=date(1985, 11, 3),
        sex=Sex.MALE,
        address="見本県架空市試験町２丁目２番２号",
        address_romanised="2-2-2 Shiken-cho, Kaku-shi, Mihon-ken",
        municipality=_KAKU,
        pins=Pins("1102", "MIHON02"),
        phone=Phone.HELD,
        steps=(*_CARD_AND_PHONE, Provisioning.HOLD_PHONE),
        foreseen=Foreseen("cert.on_hold", "cert.on_hold"),
    ),
    Persona(
        id="P03",
        name="試験　三郎",
        name_romanised="Saburo Shiken",
        birth_date=date(1972, 6, 30),
        sex=Sex.MALE,
        address="見本県試験町大字架空３番地",
        address_romanised="3 Oaza Kaku, Shiken-machi, Mihon-ken",
        municipality=_SHIKEN,
        pins=Pins("1103", "MIHON03"),
        phone=Phone.REVOKED,
        steps=(*_CARD_AND_PHONE, Provisioning.REVOKE_PHONE),
        foreseen=Foreseen("cert.revoked", "cert.revoked"),
    ),
    Persona(
        id="P06",
        name="転居　睦美",
        name_romanised="Mutsumi Tenkyo",
        birth_date=date(2000, 2, 29),
        sex=Sex.FEMALE,
        address="見本県架空市見本町６丁目６番６号",
        address_romanised="6-6-6 Mihon-cho, Kaku-shi, Mihon-ken",
        municipality=_KAKU,
        pins=Pins("1106", "MIHON06"),
        phone=Phone.ISSUED,
        steps=(*_CARD_AND_PHONE, Provisioning.MOVE_HOUSE, Provisioning.RUN_LINKED_REVOCATION),
        foreseen=Foreseen("ok", "cert.revoked"),
    ),
    Persona(
        id="P12",
        name="長見本小路架空院　〓左衛門之〓助",
        name_romanised="Naga-Mihonkoji-Kakuin Gezaemon-no-Getasuke",
        birth_date=date(1926, 12, 25),
        sex=Sex.MALE,
        address="見本県試験町大字架空字見本１２番地の１２　架空ハイツ見本館１２１２号室",
        address_romanised="1212 Kaku Heights Mihonkan, 12-12 Aza Mihon, Oaza Kaku, Shiken-machi, Mihon-ken",
        municipality=_SHIKEN,
        pins=Pins("1112", "MIHON12SUBST"),
        phone=Phone.ISSUED,
        steps=_CARD_AND_PHONE,
        foreseen=_FINE,
        name_substitutes="0000000001000010",
    ),
    Persona(
        id="P14",
        name="暗証　忘",
        name_romanised="Wasure Ansho",
        birth_date=date(1995, 8, 14),
        sex=Sex.OTHER_3,
        address="見本県架空市試験町１４番地",
        address_romanised="14 Shiken-cho, Kaku-shi, Mihon-ken",
        municipality=_KAKU,
        pins=Pins("1114", "MIHON14"),
        phone=Phone.ISSUED,
        steps=(*_CARD_AND_PHONE, Provisioning.LOCK_USER_AUTHENTICATION_PIN),
        foreseen=Foreseen("pin.locked", "ok"),
    ),
    Persona(
        id="P19",
        name="林檎　見本",
        name_romanised="Mihon Ringo",
        birth_date=date(2003, 4, 1),
        sex=Sex.FEMALE,
        address="見本県試験町大字見本１９番地",
        address_romanised="19 Oaza Mihon, Shiken-machi, Mihon-ken",
        municipality=_SHIKEN,
        pins=Pins("1119", "MIHON19"),
        phone=Phone.ISSUED,
        steps=_CARD_AND_PHONE,
        foreseen=_FINE,
        medium=Medium.PHONE_IPHONE,
        os_version=(18, 5),
    ),
    Persona(
        id="P21",
        name="未申請　一",
        name_romanised="Hajime Mishinsei",
        birth_date=date(1968, 1, 8),
        sex=Sex.MALE,
        address="見本県架空市見本町２１番地",
        address_romanised="21 Mihon-cho, Kaku-shi, Mihon-ken",
        municipality=_KAKU,
        pins=Pins("1121", "MIHON21"),
        phone=Phone.NONE,
        steps=_CARD,
        foreseen=Foreseen("phone.no_certificate", "phone.no_certificate"),
    ),
)

PERSONAS: Mapping[str, Persona] = MappingProxyType({persona.id: persona for persona in _ALL})
