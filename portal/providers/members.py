"""Seats at a service provider: asked by mail, taken, changed, given up. An organisation always keeps an owner."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from portal.accounts import letters
from portal.accounts.languages import LANGUAGES
from portal.accounts.models import User
from portal.audit import services as audit
from portal.providers import owners
from portal.providers.models import Invitation, Membership, ServiceProvider
from portal.providers.services import Refused, may_take_a_seat

INVITATION_DAYS = 7


def seats(provider: ServiceProvider) -> Any:
    """Everyone with a seat, owners first, then by how long they have been there."""
    return provider.memberships.select_related("user").order_by("-role", "id")


def organisations_of(user_ids: Iterable[int]) -> dict[int, list[str]]:
    """Names of the organisations each of these people has a seat at."""
    named: dict[int, list[str]] = {}
    for seat in Membership.objects.filter(user_id__in=user_ids).select_related("provider").order_by("id"):
        named.setdefault(seat.user_id, []).append(seat.provider.name)
    return named


def seat_of_staff(user: User) -> str | None:
    """Why `user` may not become staff: nobody examines, or runs the site for, an organisation they belong to."""
    return "staff.has_a_seat" if Membership.objects.filter(user=user).exists() else None


def open_invitations(provider: ServiceProvider) -> Any:
    """Invitations that can still be accepted, newest first."""
    return provider.invitations.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()).order_by(
        "-id"
    )


@transaction.atomic
def invite(provider: ServiceProvider, *, email: str, role: str, by: User) -> Invitation:
    """Ask a person by mail to join; the link works for seven days, once, for that address only.

    The mail is sent inside the transaction: if it cannot be sent (OSError, smtplib.SMTPException), no invitation
    stands. Raises Refused: invitation.already_member, invitation.already_invited.
    """
    held = ServiceProvider.hold(provider.pk)
    address = email.strip().lower()
    if held.memberships.filter(user__email__iexact=address).exists():
        raise Refused("invitation.already_member")
    if open_invitations(held).filter(email__iexact=address).exists():
        raise Refused("invitation.already_invited")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        provider=held,
        email=address,
        role=role,
        token_digest=_digest(token),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    audit.record("invitation.sent", invitation, by=by, provider=held, details={"role": role})
    _send(invitation, token)
    return invitation


def by_token(token: str) -> Invitation | None:
    """The open invitation with this token, else None."""
    found = Invitation.objects.filter(token_digest=_digest(token)).select_related("provider", "invited_by").first()
    return found if found is not None and found.is_open(timezone.now()) else None


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Membership:
    """Take the seat. Raises Refused: invitation.other_person, invitation.over, invitation.already_member,
    person.is_staff."""
    if by.email.lower() != invitation.email.lower():
        raise Refused("invitation.other_person")
    may_take_a_seat(by)
    if Membership.objects.filter(provider_id=invitation.provider_id, user=by).exists():
        raise Refused("invitation.already_member")
    now = timezone.now()
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    if not taken.update(accepted_at=now):
        raise Refused("invitation.over")
    seat = Membership.objects.create(provider=invitation.provider, user=by, role=invitation.role)
    _record_role("membership.taken", seat, None, seat.role, by=by)
    return seat


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> bool:
    """Make an invitation void; False if it was accepted or withdrawn before."""
    changed = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    if changed:
        before, after = {"state": "open"}, {"state": "withdrawn"}
        audit.record(
            "invitation.withdrawn", invitation, by=by, provider=invitation.provider, before=before, after=after
        )
    return bool(changed)


@transaction.atomic
def change_role(seat: Membership, *, role: str, by: User) -> bool:
    """Make a seat an owner's or a member's; False if it already is. Raises Refused: membership.last_owner,
    .two_owners, .gone."""
    held = ServiceProvider.hold(seat.provider_id)
    current = held.memberships.filter(pk=seat.pk).first()
    if current is None:
        raise Refused("membership.gone")
    if current.role == role:
        return False
    owners.may_lose(held, current)
    held.memberships.filter(pk=seat.pk).update(role=role)
    _record_role("membership.role_changed", current, current.role, role, by=by)
    return True


@transaction.atomic
def remove(seat: Membership, *, by: User) -> None:
    """Take a seat away; the person keeps their account. Raises Refused: membership.last_owner,
    .two_owners, .gone."""
    held = ServiceProvider.hold(seat.provider_id)
    current = held.memberships.filter(pk=seat.pk).first()
    if current is None:
        raise Refused("membership.gone")
    owners.may_lose(held, current)
    _record_role("membership.removed", current, current.role, None, by=by)
    current.delete()


def _record_role(action: str, seat: Membership, old: str | None, new: str | None, *, by: User) -> None:
    """The role the person had here and the one they have now; None: no seat."""
    before, after, whose = {"role": old}, {"role": new}, {"person": seat.user_id}
    audit.record(action, seat, by=by, provider=seat.provider, before=before, after=after, details=whose)


def owner_addresses(provider: ServiceProvider) -> list[str]:
    """Addresses of the provider's active owners: who must hear of what happens to its entries."""
    owners = provider.memberships.filter(role=Membership.Role.OWNER, user__is_active=True).order_by("id")
    return list(owners.values_list("user__email", flat=True))


def owner_count(provider: ServiceProvider) -> int:
    return provider.memberships.filter(role=Membership.Role.OWNER).count()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _send(invitation: Invitation, token: str) -> None:
    link = settings.SITE_URL + reverse("providers:invitation-accept", args=[token])
    values = {"invitation": invitation, "link": link}
    subjects, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            subject = render_to_string("providers/email/invitation_subject.txt", values)
            subjects[language] = " ".join(subject.split())
            bodies[language] = render_to_string("providers/email/invitation_body.txt", values)
    letters.post(subjects, bodies, [invitation.email])
