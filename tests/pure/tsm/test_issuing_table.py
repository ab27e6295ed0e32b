"""The state table of an order for phone certificates, every state against every event."""

import pytest

from testenv.tsm.commands import CommandName
from testenv.tsm.lifecycle import (
    FINAL,
    INITIAL,
    PATH,
    TRANSITIONS,
    Event,
    IllegalTransition,
    State,
    diagram,
    event_of,
    next_command,
    next_state,
)

FORWARD = {
    ("applied", "find_eligible"): "eligible",
    ("eligible", "confirm_identity"): "identity_confirmed",
    ("identity_confirmed", "install_applet"): "applet_installed",
    ("applet_installed", "make_keys"): "keys_made",
    ("keys_made", "issue_certificates"): "certificates_issued",
    ("certificates_issued", "store_certificates"): "stored",
}
REFUSALS = {(state, "refuse"): "refused" for state in ("applied", "eligible", "keys_made")}
FAILURES = {(state, "fail"): "failed" for state, _ in FORWARD}
EXPECTED = FORWARD | REFUSALS | FAILURES


@pytest.mark.parametrize("event", list(Event))
@pytest.mark.parametrize("state", list(State))
def test_every_pair_is_in_the_table_or_illegal(state: State, event: Event) -> None:
    expected = EXPECTED.get((state.value, event.value))
    if expected is None:
        with pytest.raises(IllegalTransition) as problem:
            next_state(state, event)
        assert (problem.value.state, problem.value.event) == (state, event)
    else:
        assert next_state(state, event).value == expected


def test_following_the_commands_leads_from_application_to_stored() -> None:
    state, seen = INITIAL, [INITIAL]
    commands: list[CommandName] = []
    while (command := next_command(state)) is not None:
        commands.append(command)
        state = next_state(state, event_of(command))
        seen.append(state)
    assert tuple(seen) == PATH
    assert commands == list(CommandName)
    assert state is State.STORED


def test_final_states_ask_for_nothing_and_know_no_event() -> None:
    assert FINAL == {State.STORED, State.REFUSED, State.FAILED}
    for state in FINAL:
        assert next_command(state) is None
        assert not [event for event in Event if (state, event) in TRANSITIONS]


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        TRANSITIONS[State.STORED, Event.FAIL] = State.APPLIED  # type: ignore[index]


def test_the_diagram_has_one_line_for_each_row_of_the_table() -> None:
    lines = [line.split() for line in diagram().splitlines()]
    assert {(state, event): to for state, _, event, _, to in lines} == EXPECTED
    assert len(lines) == len(EXPECTED)
