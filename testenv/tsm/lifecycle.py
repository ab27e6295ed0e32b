"""The issuing of phone certificates as a table: states, events, and the one command each state waits for.

Order of the steps: application, identity check by the card's signature, applet, key pair inside the Secure Element,
certificate by the CA, writing it to the phone (Digital Agency briefing, June 2022). The state stands for work already
done, so an order that was interrupted anywhere goes on by asking `next_command` again.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from testenv.tsm.commands import CommandName


class State(StrEnum):
    APPLIED = "applied"
    ELIGIBLE = "eligible"
    IDENTITY_CONFIRMED = "identity_confirmed"
    APPLET_INSTALLED = "applet_installed"
    KEYS_MADE = "keys_made"
    CERTIFICATES_ISSUED = "certificates_issued"
    STORED = "stored"
    REFUSED = "refused"  # a rule said no: the holder has to change something and apply anew
    FAILED = "failed"  # a step broke for good: our side has to look at it


class Event(StrEnum):
    FIND_ELIGIBLE = "find_eligible"
    CONFIRM_IDENTITY = "confirm_identity"
    INSTALL_APPLET = "install_applet"
    MAKE_KEYS = "make_keys"
    ISSUE_CERTIFICATES = "issue_certificates"
    STORE_CERTIFICATES = "store_certificates"
    REFUSE = "refuse"
    FAIL = "fail"


class IllegalTransition(Exception):
    """Our own mistake: an event the state does not know."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{event.value} in state {state.value}")
        self.state = state
        self.event = event


_FORWARD: tuple[tuple[State, CommandName, Event, State], ...] = (
    (State.APPLIED, CommandName.CHECK_ELIGIBILITY, Event.FIND_ELIGIBLE, State.ELIGIBLE),
    (State.ELIGIBLE, CommandName.CONFIRM_IDENTITY, Event.CONFIRM_IDENTITY, State.IDENTITY_CONFIRMED),
    (State.IDENTITY_CONFIRMED, CommandName.INSTALL_APPLET, Event.INSTALL_APPLET, State.APPLET_INSTALLED),
    (State.APPLET_INSTALLED, CommandName.MAKE_KEYS, Event.MAKE_KEYS, State.KEYS_MADE),
    (State.KEYS_MADE, CommandName.ISSUE_CERTIFICATES, Event.ISSUE_CERTIFICATES, State.CERTIFICATES_ISSUED),
    (State.CERTIFICATES_ISSUED, CommandName.STORE_CERTIFICATES, Event.STORE_CERTIFICATES, State.STORED),
)

# A rule may still say no when the certificate is due: the card can be revoked while the order waits. Once certificates
# exist nothing is refused any more, only revoked.
_REFUSABLE = (State.APPLIED, State.ELIGIBLE, State.KEYS_MADE)

TRANSITIONS: Mapping[tuple[State, Event], State] = MappingProxyType(
    {(state, event): to for state, _, event, to in _FORWARD}
    | {(state, Event.REFUSE): State.REFUSED for state in _REFUSABLE}
    | {(state, Event.FAIL): State.FAILED for state, _, _, _ in _FORWARD}
)

_COMMANDS: Mapping[State, CommandName] = MappingProxyType({state: command for state, command, _, _ in _FORWARD})
_EVENTS: Mapping[CommandName, Event] = MappingProxyType({command: event for _, command, event, _ in _FORWARD})

INITIAL = State.APPLIED
PATH: tuple[State, ...] = (*(state for state, _, _, _ in _FORWARD), State.STORED)
FINAL = frozenset(State) - frozenset(_COMMANDS)


def next_state(state: State, event: Event) -> State:
    """The state after `event`. Raises IllegalTransition when the table has no such row."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(state, event) from None


def next_command(state: State) -> CommandName | None:
    """What is to be done in `state`; None when the order is at an end."""
    return _COMMANDS.get(state)


def event_of(command: CommandName) -> Event:
    """The event that says `command` was done."""
    return _EVENTS[command]


def diagram() -> str:
    """The table as text, one transition a line: `state -- event --> state`, the way forward first."""
    width = max(len(state) for state in State)
    arrow = max(len(event) for event in Event)
    return "\n".join(f"{a.value:<{width}} -- {e.value:<{arrow}} --> {b.value}" for (a, e), b in TRANSITIONS.items())
