"""Reviewers, operators and auditors: asked for by one operator, confirmed by another, taken by the person themselves.

A role is taken away by one operator at once. The first operator is named at the machine, exactly once.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.accounts import letters, sessions
from portal.accounts.models import FirstOperator, StaffGrant, User
from portal.accounts.refusals import Refused
from portal.accounts.services import by_email, change_role, create_person
from portal.audit import services as audit

PROPOSAL_DAYS: Final = 14
INVITATION_DAYS: Final = 7

# Other apps' reasons why a person may not become staff: each gives a code, or None. Registered when they start.
hindrances: Final[list[Callable[[User], str | None]]] = []


@transaction.atomic
def propose(*, email: str, name: str, role: str, reason: str, by: User, at: datetime) -> StaffGrant:
    """Ask for a role for the person at `email`; nothing is sent before another operator confirms.

    Raises Refused: staff.not_an_operator, staff.oneself, staff.has_role, staff.asked_already, and what hinders.
    """
    _require_operator(by)
    address = email.strip().lower()
    if address == by.email:
        raise Refused("staff.oneself")
    _require_free(address, role)
    # What has run out no longer stands in the way of a new proposal.
    StaffGrant.objects.filter(email=address, accepted_at=None, withdrawn_at=None, expires_at__lte=at).update(
        withdrawn_at=at
    )
    if StaffGrant.objects.open(at).filter(email=address).exists():
        raise Refused("staff.asked_already")
    grant = StaffGrant.objects.create(
        email=address,
        name=name.strip(),
        role=role,
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=at,
        expires_at=at + timedelta(days=PROPOSAL_DAYS),
    )
    audit.record("staff.proposed", grant, by=by, details={"role": role})
    return grant


@transaction.atomic
def confirm(grant: StaffGrant, *, by: User, at: datetime) -> StaffGrant:
    """The second pair of eyes: the invitation goes out by mail, in this transaction.

    Raises Refused: staff.not_an_operator, staff.over, staff.confirmed_already, staff.same_person, staff.oneself,
    staff.proposer_left; OSError or smtplib.SMTPException when the mail cannot be sent.
    """
    _require_operator(by)
    held = _hold(grant, at)
    if held.confirmed_at is not None:
        raise Refused("staff.confirmed_already")
    if held.proposed_by_id == by.pk:
        raise Refused("staff.same_person")
    if held.email == by.email:
        raise Refused("staff.oneself")
    if held.proposed_by is not None and not is_operator(held.proposed_by):
        raise Refused("staff.proposer_left")
    _require_free(held.email, held.role)
    token = secrets.token_urlsafe(32)
    held.confirmed_by, held.confirmed_at, held.token_digest = by, at, _digest(token)
    held.expires_at = at + timedelta(days=INVITATION_DAYS)
    held.save(update_fields=["confirmed_by", "confirmed_at", "token_digest", "expires_at"])
    _record_step("staff.confirmed", held, "proposed", "confirmed", by=by)
    link = settings.SITE_URL + reverse("staff:invitation", args=[token])
    letters.send("staff_invitation", [held.email], {"grant": held, "link": link, "days": INVITATION_DAYS})
    return held


@transaction.atomic
def withdraw(grant: StaffGrant, *, by: User, at: datetime) -> None:
    """One operator takes back what is not taken yet. Raises Refused: staff.not_an_operator, staff.over."""
    _require_operator(by)
    held = _hold(grant, at)
    before = "proposed" if held.confirmed_at is None else "confirmed"
    held.withdrawn_by, held.withdrawn_at = by, at
    held.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _record_step("staff.withdrawn", held, before, "withdrawn", by=by)


def by_token(token: str, *, at: datetime) -> StaffGrant | None:
    """The confirmed grant whose link this is, while it can still be taken."""
    return StaffGrant.objects.open(at).filter(token_digest=_digest(token), confirmed_at__isnull=False).first()


@transaction.atomic
def join(grant: StaffGrant, *, name: str, password: str, at: datetime) -> User:
    """An account for the invited address, which the link has proven. Raises Refused: staff.over, staff.has_account."""
    held = _hold(grant, at)
    if by_email(held.email) is not None:
        raise Refused("staff.has_account")
    return create_person(email=held.email, name=name, password=password, by=f"invitation {held.pk}")


@transaction.atomic
def accept(grant: StaffGrant, *, by: User, at: datetime) -> StaffGrant:
    """The subject takes the role, with their next request.

    Raises Refused: staff.over, staff.other_person, and what hinders.
    """
    held = _hold(grant, at)
    if held.confirmed_by is None:
        raise Refused("staff.over")
    if by.email != held.email:
        raise Refused("staff.other_person")
    # Held before the look at what hinders: a seat taken in the same moment waits, or is seen.
    _require_unhindered(User.objects.select_for_update(no_key=True).get(pk=by.pk))
    held.subject, held.accepted_at = by, at
    held.save(update_fields=["subject", "accepted_at"])
    change_role(by, role=held.role, by=by)
    _record_step("staff.accepted", held, "confirmed", "accepted", by=by)
    return held


@transaction.atomic
def revoke(user: User, *, reason: str, by: User, at: datetime) -> None:
    """One operator takes a role away at once: the person's sessions end, and what they had proposed falls.

    Raises Refused: staff.not_an_operator, staff.no_role, staff.last_operator.
    """
    operators = list(
        User.objects.select_for_update(no_key=True).filter(role=User.Role.OPERATOR, is_active=True).order_by("pk")
    )
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _require_operator(by)
    if held.is_member:
        raise Refused("staff.no_role")
    if [operator.pk for operator in operators] == [held.pk]:
        raise Refused("staff.last_operator")
    before = held.role
    change_role(held, role=User.Role.MEMBER, by=by)
    sessions.end_all(held)
    withdraw_proposals_of(held, by=by, at=at)
    grounds = {"grounds_given": bool(reason.strip())}
    audit.record("staff.revoked", held, by=by, before={"role": before}, after={"role": held.role}, details=grounds)


@transaction.atomic
def name_first_operator(
    *, email: str, name: str, second_email: str, second_name: str, password: str | None, at: datetime
) -> User:
    """The first operator of an installation, and the proposal of a second one for the first to confirm.

    Works once for ever: the one row of FirstOperator stays. Raises Refused: staff.first_named_already, staff.oneself.
    """
    first, second = email.strip().lower(), second_email.strip().lower()
    if first == second:
        raise Refused("staff.oneself")
    label = "command first_operator"
    user = by_email(first) or create_person(email=first, name=name, password=password, by=label)
    try:
        with transaction.atomic():
            FirstOperator.objects.create(id=1, user=user, made_at=at)
    except IntegrityError:
        raise Refused("staff.first_named_already") from None
    change_role(user, role=User.Role.OPERATOR, by=label)
    grant = StaffGrant.objects.create(
        email=second,
        name=second_name,
        role=User.Role.OPERATOR,
        reason="The second operator of this installation, named with the first.",
        from_installation=True,
        proposed_at=at,
        expires_at=at + timedelta(days=PROPOSAL_DAYS),
    )
    audit.record("staff.proposed", grant, by=label, details={"role": grant.role})
    return user


def people() -> "list[User]":
    """Everybody with a role of staff, operators first."""
    return list(User.objects.exclude(role=User.Role.MEMBER).order_by("role", "name", "pk"))


def _hold(grant: StaffGrant, at: datetime) -> StaffGrant:
    """Two who act on one grant in the same second take turns. Raises Refused staff.over when nothing is left to do."""
    held = StaffGrant.objects.select_for_update(of=("self",)).open(at).filter(pk=grant.pk).first()
    if held is None:
        raise Refused("staff.over")
    return held


def _record_step(action: str, grant: StaffGrant, before: str, after: str, *, by: User) -> None:
    told = {"role": grant.role}
    audit.record(action, grant, by=by, before={"state": before}, after={"state": after}, details=told)


def withdraw_proposals_of(user: User, *, by: User, at: datetime) -> None:
    """Inside a verb that sends `user` away: what they proposed and nobody confirmed falls."""
    StaffGrant.objects.open(at).filter(proposed_by=user, confirmed_at=None).update(withdrawn_at=at, withdrawn_by=by)


def is_operator(user: User | None) -> bool:
    """As the database has it now, not as the page began."""
    return user is not None and User.objects.filter(pk=user.pk, role=User.Role.OPERATOR, is_active=True).exists()


def _require_operator(user: User) -> None:
    if not is_operator(user):
        raise Refused("staff.not_an_operator")


def _require_free(address: str, role: str) -> None:
    known = by_email(address)
    if known is None:
        return
    if known.role == role:
        raise Refused("staff.has_role")
    _require_unhindered(known)


def _require_unhindered(user: User) -> None:
    if not user.is_active:
        raise Refused("staff.inactive")
    for hindrance in hindrances:
        if code := hindrance(user):
            raise Refused(code)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
