"""The ladder climbs towards a person, never past one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy.strikes import STRIKE_INTERVAL, Health, health, is_watched, step
from whitelist.policy.workflow import LISTED, EntryEvent, EntryState, next_state

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LONG_AGO = AT - STRIKE_INTERVAL


@pytest.mark.parametrize(
    ("state", "event", "strike"),
    [
        (EntryState.LIVE, EntryEvent.WARN, 1),
        (EntryState.WARNED, EntryEvent.ESCALATE, 2),
        (EntryState.AT_RISK, EntryEvent.CALL_REVIEW, 3),
        (EntryState.REVIEW_DUE, None, 0),
    ],
)
def test_a_failing_check_climbs_one_rung(state, event, strike):
    taken = step(state, Health.FAILING, blocking=["tls.expiry"], last_strike=LONG_AGO, at=AT)
    assert (taken.event, taken.strike) == (event, strike)


@pytest.mark.parametrize("state", [EntryState.WARNED, EntryState.AT_RISK])
def test_the_next_rung_waits_for_the_interval(state):
    taken = step(state, Health.FAILING, blocking=["tls.expiry"], last_strike=LONG_AGO + timedelta(seconds=1), at=AT)
    assert taken.event is None


@pytest.mark.parametrize("state", [state for state in EntryState if is_watched(state)])
def test_what_could_not_look_is_neither_strike_nor_recovery(state):
    assert step(state, Health.INCONCLUSIVE, blocking=[], last_strike=None, at=AT).event is None


@pytest.mark.parametrize("state", [EntryState.LIVE, EntryState.WARNED, EntryState.AT_RISK])
def test_a_name_in_other_hands_calls_the_reviewer_at_once(state):
    taken = step(state, Health.FAILING, blocking=["dns.dangling"], last_strike=AT, at=AT)
    assert taken.event is EntryEvent.CALL_REVIEW


def test_a_passed_check_clears_strikes_but_not_a_call_for_review():
    cleared = [step(state, Health.HEALTHY, blocking=[], last_strike=AT, at=AT).event for state in EntryState]
    assert dict(zip(EntryState, cleared, strict=True)) == {
        state: EntryEvent.CLEAR if state in (EntryState.WARNED, EntryState.AT_RISK) else None for state in EntryState
    }


def test_a_definite_fault_outweighs_a_doubt():
    assert health(["tls.expiry"], ["http.status"]) is Health.FAILING
    assert health([], ["http.status"]) is Health.INCONCLUSIVE
    assert health([], []) is Health.HEALTHY


looks = st.tuples(
    st.sampled_from(Health), st.lists(st.sampled_from(["tls.expiry", "dns.dangling"]), max_size=2), st.integers(1, 200)
)


@given(st.lists(looks, max_size=30))
def test_no_series_of_looks_ever_takes_an_entry_out_of_the_list(series):
    state, last_strike, at = EntryState.LIVE, None, AT
    for seen, blocking, hours in series:
        at += timedelta(hours=hours)
        taken = step(state, seen, blocking=blocking, last_strike=last_strike, at=at)
        if taken.event is not None:
            state = next_state(state, taken.event)
        if taken.strike:
            last_strike = at
        assert state in LISTED
