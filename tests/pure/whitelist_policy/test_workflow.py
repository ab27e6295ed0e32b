from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy.workflow import (
    APPLICATION,
    ENTRY,
    FIRST_APPROVAL_LIFETIME,
    LISTED,
    STANDING,
    WAITS_FOR,
    ApplicationEvent,
    ApplicationState,
    EntryEvent,
    EntryState,
    IllegalTransition,
    diagram,
    event_of,
    first_approval_refusal,
    is_final,
    may_decide,
    next_state,
    possible_events,
)

ROOT = Path(__file__).parents[3]
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
    events = "check edit check submit start_review request_changes edit submit start_review approve_first"
    for event in events.split():
        state = next_state(state, event)
    assert state is ApplicationState.FIRST_APPROVED
    assert next_state(state, "void_approval") is ApplicationState.IN_REVIEW
    for event in ("approve_second", "start_publishing", "publish"):
        state = next_state(state, event)
    assert state is ApplicationState.PUBLISHED
    assert possible_events(state) == ("reopen",)


def test_the_story_of_an_entry():
    state = EntryState.APPROVED
    for event in ("publish", "warn", "escalate", "call_review", "clear", "suspend", "reinstate", "retire", "remove"):
        assert (state in LISTED) == (state not in (EntryState.APPROVED, EntryState.SUSPENDED))
        state = next_state(state, event)
    assert is_final(state)


def test_automation_takes_nothing_off_the_list():
    """Warning, escalating and calling a reviewer lead from listed to listed; only people's events lead out."""
    leading_out = {event for (source, event), target in ENTRY.items() if source in LISTED and target not in LISTED}
    assert leading_out == {EntryEvent.SUSPEND, EntryEvent.REMOVE}
    assert STANDING - LISTED == {EntryState.SUSPENDED}


def test_nothing_is_published_without_two_approvals():
    """Every way from draft to published leads through both approval events."""
    for skipped in ("approve_first", "approve_second"):
        left_out = {skipped, "refuse_reopening", "cancel_reopening"}  # these need a live entry: see below
        reached, frontier = set(), [ApplicationState.DRAFT]
        while frontier:
            state = frontier.pop()
            reached.add(state)
            frontier += [
                target
                for (source, event), target in APPLICATION.items()
                if source is state and event not in left_out and target not in reached
            ]
        assert ApplicationState.PUBLISHED not in reached


@pytest.mark.parametrize("event", list(ApplicationEvent))
def test_only_what_is_published_is_given_back(event):
    given_back = {"refuse": "refuse_reopening", "withdraw": "cancel_reopening"}
    assert event_of(event, has_live_entry=True) == given_back.get(event, event)
    if event in given_back.values():
        with pytest.raises(IllegalTransition):
            event_of(event, has_live_entry=False)
    else:
        assert event_of(event, has_live_entry=False) is event


def test_a_reopening_ends_where_it_began():
    """Whatever an applicant or a reviewer does to a reopened application, it ends published."""
    ends = {ApplicationState.PUBLISHED}
    reached, frontier = set(), [ApplicationState.REOPENED]
    while frontier:
        state = frontier.pop()
        if state in reached | ends:
            continue
        reached.add(state)
        for event in possible_events(state):
            frontier.append(next_state(state, event_of(ApplicationEvent(event), has_live_entry=True)))
    assert not reached & {ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
    open_to_cancel = {state for state, event in APPLICATION if event is ApplicationEvent.CANCEL_REOPENING}
    assert reached - open_to_cancel == {ApplicationState.APPROVED, ApplicationState.PUBLISHING}


def test_decided_states_wait_for_nobody():
    assert set(WAITS_FOR) == set(ApplicationState)
    decided = {state for state in ApplicationState if WAITS_FOR[state] is None}
    assert decided == {state for state in ApplicationState if is_final(state)} | {ApplicationState.PUBLISHED}


@pytest.mark.parametrize(("states", "events", "table"), MACHINES)
def test_the_diagram_draws_the_whole_table(states, events, table):
    lines = diagram(states).splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert all(f"    {source} --> {target}: {event}" in lines for (source, event), target in table.items())
    assert sum(line.endswith("--> [*]") for line in lines) == sum(is_final(state) for state in states)


@pytest.mark.parametrize("states", [ApplicationState, EntryState])
def test_the_diagram_in_the_documents_is_the_table(states):
    assert f"```mermaid\n{diagram(states)}```" in (ROOT / "docs" / "workflow.md").read_text("utf-8")


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
