"""The lives of an application and of an entry, as tables; and who may decide.

An application asks, an entry grants: approving an application makes an entry, and changing one's mind makes another.
States are past participles, events imperatives. A new state is a new row here, a sentence in whitelist.messages, and
nothing else: `diagram` draws the table, and the tests walk all of it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

FIRST_APPROVAL_LIFETIME = timedelta(days=7)


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    FIRST_APPROVED = "first_approved"
    APPROVED = "approved"
    PUBLISHED = "published"
    CHANGES_REQUESTED = "changes_requested"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ApplicationEvent(StrEnum):
    SUBMIT = "submit"
    START_REVIEW = "start_review"
    HAND_BACK = "hand_back"
    APPROVE_FIRST = "approve_first"
    APPROVE_SECOND = "approve_second"
    VOID_APPROVAL = "void_approval"
    REQUEST_CHANGES = "request_changes"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"


class EntryState(StrEnum):
    LIVE = "live"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class EntryEvent(StrEnum):
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REMOVE = "remove"


APPLICATION: Mapping[tuple[ApplicationState, ApplicationEvent], ApplicationState] = {
    (ApplicationState.DRAFT, ApplicationEvent.SUBMIT): ApplicationState.SUBMITTED,
    (ApplicationState.DRAFT, ApplicationEvent.WITHDRAW): ApplicationState.WITHDRAWN,
    (ApplicationState.SUBMITTED, ApplicationEvent.START_REVIEW): ApplicationState.IN_REVIEW,
    (ApplicationState.SUBMITTED, ApplicationEvent.WITHDRAW): ApplicationState.WITHDRAWN,
    (ApplicationState.IN_REVIEW, ApplicationEvent.HAND_BACK): ApplicationState.SUBMITTED,
    (ApplicationState.IN_REVIEW, ApplicationEvent.APPROVE_FIRST): ApplicationState.FIRST_APPROVED,
    (ApplicationState.IN_REVIEW, ApplicationEvent.REQUEST_CHANGES): ApplicationState.CHANGES_REQUESTED,
    (ApplicationState.IN_REVIEW, ApplicationEvent.REFUSE): ApplicationState.REFUSED,
    (ApplicationState.IN_REVIEW, ApplicationEvent.WITHDRAW): ApplicationState.WITHDRAWN,
    (ApplicationState.FIRST_APPROVED, ApplicationEvent.APPROVE_SECOND): ApplicationState.APPROVED,
    (ApplicationState.FIRST_APPROVED, ApplicationEvent.VOID_APPROVAL): ApplicationState.IN_REVIEW,
    (ApplicationState.FIRST_APPROVED, ApplicationEvent.REQUEST_CHANGES): ApplicationState.CHANGES_REQUESTED,
    (ApplicationState.FIRST_APPROVED, ApplicationEvent.REFUSE): ApplicationState.REFUSED,
    (ApplicationState.FIRST_APPROVED, ApplicationEvent.WITHDRAW): ApplicationState.WITHDRAWN,
    (ApplicationState.APPROVED, ApplicationEvent.PUBLISH): ApplicationState.PUBLISHED,
    (ApplicationState.CHANGES_REQUESTED, ApplicationEvent.SUBMIT): ApplicationState.SUBMITTED,
    (ApplicationState.CHANGES_REQUESTED, ApplicationEvent.WITHDRAW): ApplicationState.WITHDRAWN,
}

ENTRY: Mapping[tuple[EntryState, EntryEvent], EntryState] = {
    (EntryState.LIVE, EntryEvent.SUSPEND): EntryState.SUSPENDED,
    (EntryState.LIVE, EntryEvent.REMOVE): EntryState.REMOVED,
    (EntryState.SUSPENDED, EntryEvent.REINSTATE): EntryState.LIVE,
    (EntryState.SUSPENDED, EntryEvent.REMOVE): EntryState.REMOVED,
}

# Whose move it is: what a page says first about an application.
WAITS_FOR: Mapping[ApplicationState, str | None] = {
    ApplicationState.DRAFT: "applicant",
    ApplicationState.SUBMITTED: "reviewer",
    ApplicationState.IN_REVIEW: "reviewer",
    ApplicationState.FIRST_APPROVED: "reviewer",
    ApplicationState.APPROVED: "machine",
    ApplicationState.PUBLISHED: None,
    ApplicationState.CHANGES_REQUESTED: "applicant",
    ApplicationState.REFUSED: None,
    ApplicationState.WITHDRAWN: None,
}

StateT = TypeVar("StateT", ApplicationState, EntryState)


class IllegalTransition(Exception):
    """The event is not possible in this state; `state` and `event` say which."""

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"{event} is not possible in {state}")
        self.state = state
        self.event = event


def next_state(state: StateT, event: str) -> StateT:
    """The state after `event` (a member of the matching event enum, or its value). Raises IllegalTransition."""
    reached = _table_of(state).get((str(state), str(event)))
    if reached is None:
        raise IllegalTransition(str(state), str(event))
    return type(state)(reached)


def possible_events(state: ApplicationState | EntryState) -> tuple[str, ...]:
    """The events that may happen in `state`, in the order of the table."""
    return tuple(event for source, event in _table_of(state) if source == state)


def is_final(state: ApplicationState | EntryState) -> bool:
    return not possible_events(state)


def diagram(states: type[ApplicationState] | type[EntryState]) -> str:
    """The table of `states` as a Mermaid state diagram."""
    first: ApplicationState | EntryState = next(iter(states))  # type: ignore[assignment]  # iter() forgets which enum
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {source} --> {target}: {event}" for (source, event), target in _table_of(first).items()]
    lines += [f"    {state} --> [*]" for state in states if is_final(state)]
    return "\n".join(lines) + "\n"


def _table_of(state: ApplicationState | EntryState) -> dict[tuple[str, str], str]:
    if isinstance(state, ApplicationState):
        return {(str(source), str(event)): str(target) for (source, event), target in APPLICATION.items()}
    return {(str(source), str(event)): str(target) for (source, event), target in ENTRY.items()}


def may_decide(
    reviewer_id: int | None,
    first_reviewer_id: int | None,
    editor_ids: Collection[int | None],
    member_ids: Collection[int | None],
) -> str | None:
    """Four eyes: None when this person may record this decision, else the code of the refusal.

    reviewer_id: who wants to decide; None (nobody, a service) is refused.
    first_reviewer_id: who gave the first approval that still stands, None when there is none.
    editor_ids: everyone who edited any revision of the application; an unknown editor (None, or nobody at all) is
    refused, because nobody can then be shown to be somebody else.
    member_ids: everyone who belongs to the applicant or to the platform operator it stands behind.
    """
    if reviewer_id is None:
        return "review.reviewer_unknown"
    if not editor_ids or None in editor_ids:
        return "review.editor_unknown"
    if reviewer_id in editor_ids:
        return "review.edited_revision"
    if reviewer_id in member_ids:
        return "review.member_of_applicant"
    if reviewer_id == first_reviewer_id:
        return "review.same_reviewer"
    return None


def first_approval_refusal(bound_to: str, binding: str, *, given_at: datetime, at: datetime) -> str | None:
    """None when a first approval still carries a second one, else why it is void.

    bound_to: the binding (revision.binding) the first approval was given over; binding: the present one.
    given_at, at: aware times; a first approval lives FIRST_APPROVAL_LIFETIME.
    """
    if bound_to != binding:
        return "review.binding_changed"
    if at >= given_at + FIRST_APPROVAL_LIFETIME:
        return "review.first_approval_expired"
    return None
