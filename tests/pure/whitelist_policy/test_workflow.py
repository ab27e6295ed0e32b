from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy.workflow import (
    APPLICATION,
    ENTRY,
    FIRST_APPROVAL_LIFETIME,
    WAITS_FOR,
    ApplicationEvent,
    ApplicationState,
    EntryEvent,
    EntryState,
    IllegalTransition,
    diagram,
    first_approval_refusal,
    is_final,
    may_decide,
    next_state,
    possible_events,
)

MACHINES = [(ApplicationState, ApplicationEvent, APPLICATION), (EntryState, EntryEvent, ENTRY)]
HANAKO, TARO, REIKO, RENJI = 1, 2, 11, 12


@pytest.mark.parametrize(("states", "events", "table"), MACHINES)
def test_every_pair_goes_where_the_table_says_or_is_refused(states, events, table):
    for state in states:
        for event in events:
            if (state, event) in table:
                reached = next_state(state, event)
                assert reached is table[state, event]
                assert next_state(state, event.value) is reached
                assert event in possible_events(state)
            else:
                with pytest.raises(IllegalTransition) as refusal:
                    next_state(state, event)
                assert (refusal.value.state, refusal.value.event) == (state, event)


@pytest.mark.parametrize(("states", "events", "table"), MACHINES)
def test_every_state_is_reached_and_every_event_used(states, events, table):
    assert set(table.values()) | {next(iter(states))} == set(states)
    assert {event for _, event in table} == set(events)


def test_an_event_of_the_other_machine_is_refused():
    with pytest.raises(IllegalTransition):
        next_state(EntryState.LIVE, "submit")


def test_the_story_of_an_application():
    state = ApplicationState.DRAFT
    for event in ("submit", "start_review", "request_changes", "submit", "start_review", "approve_first"):
        state = next_state(state, event)
    assert state is ApplicationState.FIRST_APPROVED
    assert next_state(state, "void_approval") is ApplicationState.IN_REVIEW
    state = next_state(next_state(state, "approve_second"), "publish")
    assert state is ApplicationState.PUBLISHED
    assert is_final(state)


def test_nothing_is_published_without_two_approvals():
    """Every way from draft to published leads through both approval events."""
    for skipped in ("approve_first", "approve_second"):
        reached, frontier = set(), [ApplicationState.DRAFT]
        while frontier:
            state = frontier.pop()
            reached.add(state)
            frontier += [
                target
                for (source, event), target in APPLICATION.items()
                if source is state and event != skipped and target not in reached
            ]
        assert ApplicationState.PUBLISHED not in reached


def test_final_states_wait_for_nobody():
    assert set(WAITS_FOR) == set(ApplicationState)
    assert all((WAITS_FOR[state] is None) == is_final(state) for state in ApplicationState)


@pytest.mark.parametrize(("states", "events", "table"), MACHINES)
def test_the_diagram_draws_the_whole_table(states, events, table):
    lines = diagram(states).splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert all(f"    {source} --> {target}: {event}" in lines for (source, event), target in table.items())
    assert sum(line.endswith("--> [*]") for line in lines) == sum(is_final(state) for state in states)


@pytest.mark.parametrize(
    ("reviewer", "first", "editors", "members", "code"),
    [
        (REIKO, None, {HANAKO}, {HANAKO, TARO}, None),
        (RENJI, REIKO, {HANAKO}, {HANAKO, TARO}, None),
        (REIKO, REIKO, {HANAKO}, {HANAKO, TARO}, "review.same_reviewer"),
        (REIKO, None, {HANAKO, REIKO}, {HANAKO}, "review.edited_revision"),
        (TARO, None, {HANAKO}, {HANAKO, TARO}, "review.member_of_applicant"),
        (None, None, {HANAKO}, {HANAKO}, "review.reviewer_unknown"),
        (REIKO, None, set(), {HANAKO}, "review.editor_unknown"),
        (REIKO, None, {None}, {HANAKO}, "review.editor_unknown"),
    ],
)
def test_four_eyes(reviewer, first, editors, members, code):
    assert may_decide(reviewer, first, editors, members) == code


@given(
    st.none() | st.integers(0, 5),
    st.none() | st.integers(0, 5),
    st.sets(st.none() | st.integers(0, 5)),
    st.sets(st.none() | st.integers(0, 5)),
)
def test_who_may_decide_is_always_a_known_stranger(reviewer, first, editors, members):
    if may_decide(reviewer, first, editors, members) is None:
        assert reviewer is not None
        assert reviewer not in editors | members | {first}
        assert editors
        assert None not in editors


def test_a_first_approval_is_void_when_anything_changed_or_a_week_passed():
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert first_approval_refusal("a", "a", given_at=at, at=at) is None
    assert first_approval_refusal("a", "b", given_at=at, at=at) == "review.binding_changed"
    late = at + FIRST_APPROVAL_LIFETIME
    assert first_approval_refusal("a", "a", given_at=at, at=late - timedelta(seconds=1)) is None
    assert first_approval_refusal("a", "a", given_at=at, at=late) == "review.first_approval_expired"
