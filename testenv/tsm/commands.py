"""What an order asks for, and what the two TSMs are asked to do, as frozen values.

The SEI-TSM belongs to the issuer of the Secure Element: it places the JPKI applet and, on a change of device, deletes
it from afar. The SP-TSM stands on the side of the service: it has keys made in the Secure Element and personalises the
applet with certificates (Digital Agency briefing, June 2022). The messages themselves are not public; these are
emulations, so each carries only what the step cannot do without.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import ClassVar

from verifier.pki.profiles import Purpose

# Application identifier of the JPKI applet on the card, as open-source card readers select it.
JPKI_APPLET_AID = "D392F000260100000001"


class CommandName(StrEnum):
    """The work an order for phone certificates waits for, one after the other; `lifecycle` gives the order."""

    CHECK_ELIGIBILITY = "check_eligibility"
    CONFIRM_IDENTITY = "confirm_identity"
    INSTALL_APPLET = "install_applet"
    MAKE_KEYS = "make_keys"
    ISSUE_CERTIFICATES = "issue_certificates"
    STORE_CERTIFICATES = "store_certificates"


class Addressee(StrEnum):
    SEI_TSM = "sei_tsm"
    SP_TSM = "sp_tsm"


@dataclass(frozen=True)
class _Command:
    """Asked of one TSM about one Secure Element. `reference` is the order that caused it."""

    addressee: ClassVar[Addressee]
    verb: ClassVar[str]

    reference: str
    secure_element_id: str

    def as_record(self) -> dict[str, str]:
        """A flat record for a log: who was asked for what, with every parameter as text."""
        return {"addressee": self.addressee.value, "verb": self.verb, **{k: str(v) for k, v in asdict(self).items()}}


@dataclass(frozen=True)
class InstallApplet(_Command):
    addressee: ClassVar[Addressee] = Addressee.SEI_TSM
    verb: ClassVar[str] = "install_applet"

    aid: str = JPKI_APPLET_AID


@dataclass(frozen=True)
class EraseApplet(_Command):
    """Remote deletion: keys and certificates go with the applet. A factory reset does not do this."""

    addressee: ClassVar[Addressee] = Addressee.SEI_TSM
    verb: ClassVar[str] = "erase_applet"

    aid: str = JPKI_APPLET_AID


@dataclass(frozen=True)
class MakeKeyPair(_Command):
    addressee: ClassVar[Addressee] = Addressee.SP_TSM
    verb: ClassVar[str] = "make_key_pair"

    purpose: Purpose


@dataclass(frozen=True)
class Personalise(_Command):
    """Write a certificate; named in the log by its SHA-256 (lower-case hex)."""

    addressee: ClassVar[Addressee] = Addressee.SP_TSM
    verb: ClassVar[str] = "personalise"

    purpose: Purpose
    certificate_sha256: str


TsmCommand = InstallApplet | EraseApplet | MakeKeyPair | Personalise
