"""Subject names of certificates: never the holder's name, only where and when the certificate came to be.

Forms decoded from public certificates: signature C, L (prefecture), L (municipality), CN; user authentication C, CN.
What exactly the CN is made of is not published; a test card shows 23 characters with a municipality code inside. Ours:
day of issue (8), municipality code (5), serial number in decimal (10). Phone certificates: the same forms, assumed.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from testenv.ca.issuance_rules import japanese_day
from verifier.pki.profiles import Purpose

_ROMANISED = re.compile(r"[A-Z][A-Za-z' -]{0,62}[A-Za-z]")
_CODE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True)
class Municipality:
    """Where the holder is registered: five-digit code and romanised names, as in `Tokyo-to`, `Chiyoda-ku`."""

    code: str
    prefecture: str
    name: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError("municipality code must be five digits")
        if not (_ROMANISED.fullmatch(self.prefecture) and _ROMANISED.fullmatch(self.name)):
            raise ValueError("municipality must be romanised")


def subject(purpose: Purpose, municipality: Municipality, serial: int, at: datetime) -> x509.Name:
    """The subject of a certificate of that purpose, issued at `at` (aware) under `serial`."""
    identifier = f"{japanese_day(at):%Y%m%d}{municipality.code}{serial:010d}"
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, "JP")]
    if purpose is Purpose.SIGNATURE:
        attributes.append(x509.NameAttribute(NameOID.LOCALITY_NAME, municipality.prefecture))
        attributes.append(x509.NameAttribute(NameOID.LOCALITY_NAME, municipality.name))
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, identifier)])
