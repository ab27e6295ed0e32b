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
    CHECKED = "checked"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    FIRST_APPROVED = "first_approved"
    APPROVED = "approved"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    CHANGES_REQUESTED = "changes_requested"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


class ApplicationEvent(StrEnum):
    EDIT = "edit"
    CHECK = "check"
    SUBMIT = "submit"
    START_REVIEW = "start_review"
    HAND_BACK = "hand_back"
    APPROVE_FIRST = "approve_first"
    APPROVE_SECOND = "approve_second"
    VOID_APPROVAL = "void_approval"
    REQUEST_CHANGES = "request_changes"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    START_PUBLISHING = "start_publishing"
    PUBLISH = "publish"
    REOPEN = "reopen"
    REFUSE_REOPENING = "refuse_reopening"
    CANCEL_REOPENING = "cancel_reopening"


class EntryState(StrEnum):
    APPROVED = "approved"
    LIVE = "live"
    WARNED = "warned"
    AT_RISK = "at_risk"
    REVIEW_DUE = "review_due"
    SUSPENDED = "suspended"
    RETIRING = "retiring"
    REMOVED = "removed"


class EntryEvent(StrEnum):
    PUBLISH = "publish"
    WARN = "warn"
    ESCALATE = "escalate"
    CALL_REVIEW = "call_review"
    CLEAR = "clear"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    RETIRE = "retire"
    KEEP = "keep"
    REMOVE = "remove"


_A, _B = ApplicationState, ApplicationEvent
APPLICATION: Mapping[tuple[ApplicationState, ApplicationEvent], ApplicationState] = {
    (_A.DRAFT, _B.EDIT): _A.DRAFT,
    (_A.DRAFT, _B.CHECK): _A.CHECKED,
    (_A.DRAFT, _B.WITHDRAW): _A.WITHDRAWN,
    (_A.CHECKED, _B.EDIT): _A.DRAFT,
    (_A.CHECKED, _B.CHECK): _A.CHECKED,
    (_A.CHECKED, _B.SUBMIT): _A.SUBMITTED,
    (_A.CHECKED, _B.WITHDRAW): _A.WITHDRAWN,
    (_A.SUBMITTED, _B.START_REVIEW): _A.IN_REVIEW,
    (_A.SUBMITTED, _B.WITHDRAW): _A.WITHDRAWN,
    (_A.SUBMITTED, _B.CANCEL_REOPENING): _A.PUBLISHED,
    (_A.IN_REVIEW, _B.HAND_BACK): _A.SUBMITTED,
    (_A.IN_REVIEW, _B.APPROVE_FIRST): _A.FIRST_APPROVED,
    (_A.IN_REVIEW, _B.REQUEST_CHANGES): _A.CHANGES_REQUESTED,
    (_A.IN_REVIEW, _B.REFUSE): _A.REFUSED,
    (_A.IN_REVIEW, _B.REFUSE_REOPENING): _A.PUBLISHED,
    (_A.IN_REVIEW, _B.WITHDRAW): _A.WITHDRAWN,
    (_A.IN_REVIEW, _B.CANCEL_REOPENING): _A.PUBLISHED,
    (_A.FIRST_APPROVED, _B.APPROVE_SECOND): _A.APPROVED,
    (_A.FIRST_APPROVED, _B.VOID_APPROVAL): _A.IN_REVIEW,
    (_A.FIRST_APPROVED, _B.REQUEST_CHANGES): _A.CHANGES_REQUESTED,
    (_A.FIRST_APPROVED, _B.REFUSE): _A.REFUSED,
    (_A.FIRST_APPROVED, _B.REFUSE_REOPENING): _A.PUBLISHED,
    (_A.FIRST_APPROVED, _B.WITHDRAW): _A.WITHDRAWN,
    (_A.FIRST_APPROVED, _B.CANCEL_REOPENING): _A.PUBLISHED,
    (_A.APPROVED, _B.START_PUBLISHING): _A.PUBLISHING,
    (_A.PUBLISHING, _B.PUBLISH): _A.PUBLISHED,
    (_A.CHANGES_REQUESTED, _B.EDIT): _A.CHANGES_REQUESTED,
    (_A.CHANGES_REQUESTED, _B.SUBMIT): _A.SUBMITTED,
    (_A.CHANGES_REQUESTED, _B.WITHDRAW): _A.WITHDRAWN,
    (_A.CHANGES_REQUESTED, _B.CANCEL_REOPENING): _A.PUBLISHED,
    (_A.PUBLISHED, _B.REOPEN): _A.REOPENED,
    (_A.REOPENED, _B.EDIT): _A.REOPENED,
    (_A.REOPENED, _B.SUBMIT): _A.SUBMITTED,
    (_A.REOPENED, _B.CANCEL_REOPENING): _A.PUBLISHED,
}

_E, _F = EntryState, EntryEvent
ENTRY: Mapping[tuple[EntryState, EntryEvent], EntryState] = {
    (_E.APPROVED, _F.PUBLISH): _E.LIVE,
    (_E.APPROVED, _F.REMOVE): _E.REMOVED,
    (_E.LIVE, _F.WARN): _E.WARNED,
    (_E.LIVE, _F.CALL_REVIEW): _E.REVIEW_DUE,
    (_E.LIVE, _F.SUSPEND): _E.SUSPENDED,
    (_E.LIVE, _F.RETIRE): _E.RETIRING,
    (_E.LIVE, _F.REMOVE): _E.REMOVED,
    (_E.WARNED, _F.ESCALATE): _E.AT_RISK,
    (_E.WARNED, _F.CALL_REVIEW): _E.REVIEW_DUE,
    (_E.WARNED, _F.CLEAR): _E.LIVE,
    (_E.WARNED, _F.SUSPEND): _E.SUSPENDED,
    (_E.WARNED, _F.RETIRE): _E.RETIRING,
    (_E.WARNED, _F.REMOVE): _E.REMOVED,
    (_E.AT_RISK, _F.CALL_REVIEW): _E.REVIEW_DUE,
    (_E.AT_RISK, _F.CLEAR): _E.LIVE,
    (_E.AT_RISK, _F.SUSPEND): _E.SUSPENDED,
    (_E.AT_RISK, _F.RETIRE): _E.RETIRING,
    (_E.AT_RISK, _F.REMOVE): _E.REMOVED,
    (_E.REVIEW_DUE, _F.CLEAR): _E.LIVE,
    (_E.REVIEW_DUE, _F.SUSPEND): _E.SUSPENDED,
    (_E.REVIEW_DUE, _F.RETIRE): _E.RETIRING,
    (_E.REVIEW_DUE, _F.REMOVE): _E.REMOVED,
    (_E.SUSPENDED, _F.REINSTATE): _E.LIVE,
    (_E.SUSPENDED, _F.REMOVE): _E.REMOVED,
    (_E.RETIRING, _F.KEEP): _E.LIVE,
    (_E.RETIRING, _F.SUSPEND): _E.SUSPENDED,
    (_E.RETIRING, _F.REMOVE): _E.REMOVED,
}

# What the list states: the app takes answers to these. Warnings never take an entry out of it; people do.
LISTED = frozenset({_E.LIVE, _E.WARNED, _E.AT_RISK, _E.REVIEW_DUE, _E.RETIRING})
# The URL is taken, whether the list states it now or not.
STANDING = LISTED | {_E.SUSPENDED}

# The same wish means another thing where something is published already: the old entry stays.
_IN_A_REOPENING = {_B.REFUSE: _B.REFUSE_REOPENING, _B.WITHDRAW: _B.CANCEL_REOPENING}

# Whose move it is: what a page says first about an application.
WAITS_FOR: Mapping[ApplicationState, str | None] = {
    _A.DRAFT: "applicant",
    _A.CHECKED: "applicant",
    _A.SUBMITTED: "reviewer",
    _A.IN_REVIEW: "reviewer",
    _A.FIRST_APPROVED: "reviewer",
    _A.APPROVED: "machine",
    _A.PUBLISHING: "machine",
    _A.PUBLISHED: None,
    _A.CHANGES_REQUESTED: "applicant",
    _A.REFUSED: None,
    _A.WITHDRAWN: None,
    _A.REOPENED: "applicant",
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


def event_of(event: ApplicationEvent, *, has_live_entry: bool) -> ApplicationEvent:
    """What `event` is for this application: refusing or withdrawing a reopened one gives back what is published.

    Raises IllegalTransition for the events of a reopening where nothing is published.
    """
    if has_live_entry:
        return _IN_A_REOPENING.get(event, event)
    if event in _IN_A_REOPENING.values():
        raise IllegalTransition("nothing published", event)
    return event


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
