"""Everybody with an account, as operators see them; and accounts closed and opened again.

One operator closes an account at once, as one takes a role away at once. Opening it again gives back no role of staff:
such a role takes two people (portal.accounts.staff), and one alone must not hand it out by this way round.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.accounts import notices, recovery, sessions, staff
from portal.accounts.models import AccountClosure, User
from portal.accounts.refusals import Refused
from portal.accounts.services import change_role
from portal.audit import services as audit

# Names of the organisations each person has a seat at, by the person's id; told by the app that knows, when it starts.
affiliations: Final[list[Callable[[Iterable[int]], Mapping[int, list[str]]]]] = []


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a part of name or address, a role, "yes" or "no" for a second factor, "open" or "closed"."""

    text: str = ""
    role: str = ""
    factor: str = ""
    state: str = ""


def search(wanted: Wanted) -> QuerySet[User]:
    """People by name; each with `has_second_factor`. What is empty, or unknown, does not narrow the search."""
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    found = User.objects.annotate(has_second_factor=Exists(factors)).order_by("name", "pk")
    text = wanted.text.replace("\0", "").strip()
    if text:
        found = found.filter(Q(email__icontains=text) | Q(name__icontains=text))
    if wanted.role in User.Role.values:
        found = found.filter(role=wanted.role)
    if wanted.factor in {"yes", "no"}:
        found = found.filter(has_second_factor=wanted.factor == "yes")
    if wanted.state in {"open", "closed"}:
        found = found.filter(is_active=wanted.state == "open")
    return found


def organisations(people: Iterable[User]) -> dict[int, list[str]]:
    """Names of their organisations, by the person's id; nothing for whoever has none."""
    ids = [person.pk for person in people]
    named: dict[int, list[str]] = {}
    for ask in affiliations:
        for pk, names in ask(ids).items():
            named.setdefault(pk, []).extend(names)
    return named


@transaction.atomic
def close(user: User, *, reason: str, by: User, at: datetime) -> AccountClosure:
    """From now on `user` cannot log in: their sessions end, what they proposed and asked back falls.

    Whoever does it is an operator, is somebody else, and stays one: so the last operator cannot be closed out. Two who
    close each other in the same second take turns, and the later one is no operator any more.
    Raises Refused: staff.not_an_operator, people.oneself, people.closed_already.
    """
    held = _held(user, by)
    if not held.is_active:
        raise Refused("people.closed_already")
    User.objects.filter(pk=held.pk).update(is_active=False)
    sessions.end_all(held)
    recovery.close_of(held, by=by, at=at)
    staff.withdraw_proposals_of(held, by=by, at=at)
    made = AccountClosure.objects.create(user=held, reason=reason.strip(), closed_by=by, closed_at=at)
    audit.record("person.closed", held, by=by, before={"open": True}, after={"open": False})
    notices.tell(held, "account_closed")
    return made


@transaction.atomic
def reopen(user: User, *, reason: str, by: User, at: datetime) -> None:
    """The person can log in again, as a member: a role of staff they had is granted anew by two operators.

    Raises Refused: staff.not_an_operator, people.oneself, people.open_already.
    """
    held = _held(user, by)
    if held.is_active:
        raise Refused("people.open_already")
    User.objects.filter(pk=held.pk).update(is_active=True)
    if not held.is_member:
        change_role(held, role=User.Role.MEMBER, by=by)
    AccountClosure.objects.filter(user=held, reopened_at=None).update(
        reopened_by=by, reopened_at=at, reopening_reason=reason.strip()
    )
    audit.record("person.reopened", held, by=by, before={"open": False}, after={"open": True})
    notices.tell(held, "account_reopened")


def _held(user: User, by: User) -> User:
    """The person's row, after those of all operators: who acts must still be one when their turn comes."""
    list(User.objects.select_for_update().filter(role=User.Role.OPERATOR, is_active=True).order_by("pk"))
    held = User.objects.select_for_update().get(pk=user.pk)
    if not staff.is_operator(by):
        raise Refused("staff.not_an_operator")
    if held.pk == by.pk:
        raise Refused("people.oneself")
    return held
