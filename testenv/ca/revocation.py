"""Standing of a certificate in the CA's register, and what may change it.

Hold, release and revocation are asked for by the holder (the call centre takes reports of loss round the clock) or
follow from the register. Releasing differs by medium and purpose (J-LIS, what to do after loss):

- card: never released; the hold ends in revocation, and a new certificate is issued at the municipality;
- phone, user authentication: released in the app;
- phone, signature: the old one is revoked and a new one is issued, which the holder registers again with each service.

Answers are values; refusals are codes. `at` is aware UTC, whole seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from verifier.pki.profiles import Medium, Purpose
from verifier.pki.reasons import RevocationReason


class Status(StrEnum):
    GOOD = "good"
    ON_HOLD = "on_hold"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Standing:
    """How a certificate stands: status, reason, and since when (aware UTC; the revocationDate of a CRL entry).

    Raises ValueError for a combination that cannot be: a good one with a reason, a hold for another reason than hold.
    """

    status: Status
    reason: RevocationReason | None = None
    since: datetime | None = None

    def __post_init__(self) -> None:
        if (self.status is Status.GOOD) is not (self.reason is None and self.since is None):
            raise ValueError("reason and date go with hold and revocation, and only with them")
        if self.status is not Status.GOOD and (self.reason is None or self.since is None):
            raise ValueError("hold and revocation need both reason and date")
        if (self.status is Status.ON_HOLD) is not (self.reason is RevocationReason.CERTIFICATE_HOLD):
            raise ValueError("a hold has the reason of a hold, nothing else has")


GOOD = Standing(Status.GOOD)


@dataclass(frozen=True)
class Decision:
    """Either a new standing, perhaps with the duty to issue anew, or the code of a refusal."""

    standing: Standing | None = None
    refusal: str | None = None
    must_reissue: bool = False


def hold(standing: Standing, *, at: datetime) -> Decision:
    """Put on hold, for possible loss or misuse."""
    if standing.status is Status.GOOD:
        return Decision(Standing(Status.ON_HOLD, RevocationReason.CERTIFICATE_HOLD, at))
    already = "already_on_hold" if standing.status is Status.ON_HOLD else "already_revoked"
    return Decision(refusal=f"revocation.{already}")


def release(purpose: Purpose, medium: Medium, standing: Standing, *, at: datetime) -> Decision:
    """End a hold because the carrier was found again. See the module's text for the three cases."""
    if standing.status is not Status.ON_HOLD:
        return Decision(refusal="revocation.not_on_hold")
    if medium is Medium.CARD:
        return Decision(refusal="revocation.card_is_never_released")
    if purpose is Purpose.USER_AUTHENTICATION:
        return Decision(GOOD)
    return Decision(_revoked(standing, RevocationReason.SUPERSEDED, at), must_reissue=True)


# The reasons JPKI knows (practice statement, 4.9, as relayed by platform operators), less the CA's own compromise,
# which no order about a single certificate can state.
REASONS_FOR_HOLDERS = frozenset(
    {
        RevocationReason.UNSPECIFIED,
        RevocationReason.KEY_COMPROMISE,
        RevocationReason.AFFILIATION_CHANGED,
        RevocationReason.SUPERSEDED,
        RevocationReason.CESSATION_OF_OPERATION,
    }
)


def revoke(standing: Standing, reason: RevocationReason, *, at: datetime) -> Decision:
    """Revoke for good."""
    if standing.status is Status.REVOKED:
        return Decision(refusal="revocation.already_revoked")
    if reason not in REASONS_FOR_HOLDERS:
        return Decision(refusal="revocation.reason_not_allowed")
    return Decision(_revoked(standing, reason, at))


def _revoked(standing: Standing, reason: RevocationReason, at: datetime) -> Standing:
    """A hold that turns into revocation keeps the day it began (ITU-T X.509, reason code extension)."""
    return Standing(Status.REVOKED, reason, standing.since or at)


class RegistryEvent(StrEnum):
    """What happens to people and their phones, as far as certificates feel it."""

    MOVED_HOUSE = "moved_house"
    CHANGED_NAME = "changed_name"
    DEATH_OR_DEPARTURE = "death_or_departure"
    CARD_RETURNED = "card_returned"
    DEVICE_CHANGED = "device_changed"
    PHONE_GIVEN_UP = "phone_given_up"


_BOTH = frozenset(Purpose)
_SIGNATURE_ONLY = frozenset({Purpose.SIGNATURE})

# Which certificates an event revokes, at once, on the medium it concerns. A change of the basic four attributes ends
# the signature certificate and leaves user authentication alone: only the former carries them.
_CARD_EVENTS: Mapping[RegistryEvent, tuple[frozenset[Purpose], RevocationReason]] = MappingProxyType(
    {
        RegistryEvent.MOVED_HOUSE: (_SIGNATURE_ONLY, RevocationReason.AFFILIATION_CHANGED),
        RegistryEvent.CHANGED_NAME: (_SIGNATURE_ONLY, RevocationReason.AFFILIATION_CHANGED),
        RegistryEvent.DEATH_OR_DEPARTURE: (_BOTH, RevocationReason.CESSATION_OF_OPERATION),
        RegistryEvent.CARD_RETURNED: (_BOTH, RevocationReason.CESSATION_OF_OPERATION),
    }
)
_PHONE_EVENTS: Mapping[RegistryEvent, tuple[frozenset[Purpose], RevocationReason]] = MappingProxyType(
    {
        RegistryEvent.DEVICE_CHANGED: (_BOTH, RevocationReason.SUPERSEDED),
        RegistryEvent.PHONE_GIVEN_UP: (_BOTH, RevocationReason.CESSATION_OF_OPERATION),
    }
)


def reason_for(event: RegistryEvent, purpose: Purpose, medium: Medium) -> RevocationReason | None:
    """Why `event` revokes a certificate of that purpose and medium at once; None when it does not.

    Phone certificates follow their card by `linked_revocation`, later, so card events answer None for a phone.
    """
    table = _CARD_EVENTS if medium is Medium.CARD else _PHONE_EVENTS
    purposes, reason = table.get(event, (frozenset[Purpose](), None))
    return reason if purpose in purposes else None


def linked_revocation(card: Standing, phone: Standing, *, lag: timedelta, at: datetime) -> Decision | None:
    """What the periodic check does to a phone certificate whose card certificate stands as `card`.

    `card`: the standing of the card's certificate of the same purpose (that the link is by purpose is assumed).
    `lag`: how long after the card the phone follows at the earliest; the briefing of June 2022 says only that there is
    a delay. A card on hold does not carry over. None: nothing to do (yet).
    """
    if card.status is not Status.REVOKED or card.since is None or phone.status is Status.REVOKED:
        return None
    if at < card.since + lag:
        return None
    reason = RevocationReason.CESSATION_OF_OPERATION
    if card.reason is not None and card.reason in REASONS_FOR_HOLDERS:
        reason = card.reason
    return Decision(_revoked(phone, reason, at))
