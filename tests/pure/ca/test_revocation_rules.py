"""Hold, release, revoke and linked revocation: every standing against every verb."""

from datetime import UTC, datetime, timedelta

import pytest

from testenv.ca.revocation import (
    GOOD,
    Decision,
    RegistryEvent,
    Standing,
    Status,
    hold,
    linked_revocation,
    reason_for,
    release,
    revoke,
)
from verifier.pki.profiles import Medium, Purpose
from verifier.pki.reasons import RevocationReason as Reason

AT = datetime(2026, 4, 1, tzinfo=UTC)
EARLIER = AT - timedelta(days=3)
HELD = Standing(Status.ON_HOLD, Reason.CERTIFICATE_HOLD, EARLIER)
GONE = Standing(Status.REVOKED, Reason.AFFILIATION_CHANGED, EARLIER)
PHONES = [Medium.PHONE_ANDROID, Medium.PHONE_IPHONE]


@pytest.mark.parametrize(
    ("standing", "decision"),
    [
        (GOOD, Decision(Standing(Status.ON_HOLD, Reason.CERTIFICATE_HOLD, AT))),
        (HELD, Decision(refusal="revocation.already_on_hold")),
        (GONE, Decision(refusal="revocation.already_revoked")),
    ],
)
def test_hold(standing: Standing, decision: Decision) -> None:
    assert hold(standing, at=AT) == decision


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("standing", [GOOD, GONE])
def test_only_a_hold_is_released(purpose: Purpose, medium: Medium, standing: Standing) -> None:
    assert release(purpose, medium, standing, at=AT) == Decision(refusal="revocation.not_on_hold")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_card_is_never_released(purpose: Purpose) -> None:
    assert release(purpose, Medium.CARD, HELD, at=AT) == Decision(refusal="revocation.card_is_never_released")


@pytest.mark.parametrize("medium", PHONES)
def test_a_phone_s_user_authentication_is_released(medium: Medium) -> None:
    assert release(Purpose.USER_AUTHENTICATION, medium, HELD, at=AT) == Decision(GOOD)


@pytest.mark.parametrize("medium", PHONES)
def test_a_phone_s_signature_is_issued_anew(medium: Medium) -> None:
    decision = release(Purpose.SIGNATURE, medium, HELD, at=AT)
    assert decision == Decision(Standing(Status.REVOKED, Reason.SUPERSEDED, EARLIER), must_reissue=True)


ALLOWED = {
    Reason.UNSPECIFIED,
    Reason.KEY_COMPROMISE,
    Reason.AFFILIATION_CHANGED,
    Reason.SUPERSEDED,
    Reason.CESSATION_OF_OPERATION,
}


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("standing", [GOOD, HELD, GONE])
def test_revoke(standing: Standing, reason: Reason) -> None:
    decision = revoke(standing, reason, at=AT)
    if standing is GONE:
        assert decision == Decision(refusal="revocation.already_revoked")
    elif reason not in ALLOWED:
        assert decision == Decision(refusal="revocation.reason_not_allowed")
    else:
        since = EARLIER if standing is HELD else AT
        assert decision == Decision(Standing(Status.REVOKED, reason, since))


LAG = timedelta(days=1)


@pytest.mark.parametrize("phone", [GOOD, HELD])
def test_the_phone_follows_the_card_after_the_lag(phone: Standing) -> None:
    card = Standing(Status.REVOKED, Reason.AFFILIATION_CHANGED, AT - LAG)
    since = EARLIER if phone is HELD else AT
    decision = linked_revocation(card, phone, lag=LAG, at=AT)
    assert decision == Decision(Standing(Status.REVOKED, Reason.AFFILIATION_CHANGED, since))
    assert linked_revocation(card, phone, lag=LAG, at=AT - timedelta(seconds=1)) is None


@pytest.mark.parametrize("card", [GOOD, HELD])
def test_a_card_that_is_good_or_on_hold_carries_nothing_over(card: Standing) -> None:
    assert linked_revocation(card, GOOD, lag=timedelta(0), at=AT) is None


def test_a_revoked_phone_stays_as_it_is() -> None:
    assert linked_revocation(GONE, GONE, lag=timedelta(0), at=AT) is None


def test_the_ca_s_own_compromise_is_not_given_as_the_holder_s_reason() -> None:
    card = Standing(Status.REVOKED, Reason.CA_COMPROMISE, EARLIER)
    decision = linked_revocation(card, GOOD, lag=LAG, at=AT)
    assert decision == Decision(Standing(Status.REVOKED, Reason.CESSATION_OF_OPERATION, AT))


REASONS = {
    (RegistryEvent.MOVED_HOUSE, Purpose.SIGNATURE, Medium.CARD): Reason.AFFILIATION_CHANGED,
    (RegistryEvent.CHANGED_NAME, Purpose.SIGNATURE, Medium.CARD): Reason.AFFILIATION_CHANGED,
    **{
        (event, purpose, Medium.CARD): Reason.CESSATION_OF_OPERATION
        for event in (RegistryEvent.DEATH_OR_DEPARTURE, RegistryEvent.CARD_RETURNED)
        for purpose in Purpose
    },
    **{(RegistryEvent.DEVICE_CHANGED, purpose, medium): Reason.SUPERSEDED for purpose in Purpose for medium in PHONES},
    **{
        (RegistryEvent.PHONE_GIVEN_UP, purpose, medium): Reason.CESSATION_OF_OPERATION
        for purpose in Purpose
        for medium in PHONES
    },
}


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("event", list(RegistryEvent))
def test_what_an_event_revokes(event: RegistryEvent, purpose: Purpose, medium: Medium) -> None:
    assert reason_for(event, purpose, medium) == REASONS.get((event, purpose, medium))


@pytest.mark.parametrize(
    ("status", "reason", "since"),
    [
        (Status.GOOD, Reason.SUPERSEDED, AT),
        (Status.GOOD, None, AT),
        (Status.REVOKED, None, None),
        (Status.REVOKED, Reason.SUPERSEDED, None),
        (Status.REVOKED, Reason.CERTIFICATE_HOLD, AT),
        (Status.ON_HOLD, Reason.SUPERSEDED, AT),
        (Status.ON_HOLD, Reason.CERTIFICATE_HOLD, None),
    ],
)
def test_an_impossible_standing_cannot_exist(status: Status, reason: Reason | None, since: datetime | None) -> None:
    with pytest.raises(ValueError):
        Standing(status, reason, since)
