"""A new owner when no owner can log in: asked for, confirmed by two reviewers, done after a delay.

The delay, and a mail at each step to all owners, is what protects against a takeover: an owner who can log in after all
stops it with one press. None of the confirming two asked for it or belongs to the organisation; the database holds that
they are two people and neither is the one who asked.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import services as audit
from portal.providers import mail, members, permissions
from portal.providers.confirmation import may_decide
from portal.providers.models import Membership, OwnerRecovery, ServiceProvider
from portal.providers.refusals import Refused


@transaction.atomic
def ask(provider: ServiceProvider, *, email: str, reason: str, by: User) -> OwnerRecovery:
    """A member of the organisation, or a reviewer it has turned to, asks that `email` becomes an owner.

    `email` is a member's address, or that of somebody to be invited as an owner. Raises Refused: recovery.not_yours,
    recovery.owner_can_invite, recovery.open_already.
    """
    held = ServiceProvider.hold(provider.pk)
    if permissions.is_owner(by, held):
        raise Refused("recovery.owner_can_invite")
    if not (by.is_reviewer or held.memberships.filter(user=by).exists()):
        raise Refused("recovery.not_yours")
    if open_recovery(held) is not None:
        raise Refused("recovery.open_already")
    made = OwnerRecovery.objects.create(
        provider=held, email=email.strip().lower(), reason=reason.strip(), asked_by=by, asked_at=timezone.now()
    )
    audit.record("recovery.asked", made, by=by, provider=held)
    mail.tell_owners(held, "recovery_asked", about=str(made.pk), email=made.email)
    return made


def open_recovery(provider: ServiceProvider) -> OwnerRecovery | None:
    return provider.recoveries.filter(done_at=None, stopped_at=None).select_related("asked_by").first()


@transaction.atomic
def confirm(made: OwnerRecovery, *, by: User, at: datetime) -> OwnerRecovery:
    """A reviewer has made sure who asks; the second starts the delay (settings.OWNER_RECOVERY_HOURS).

    `at`: the aware moment. Raises Refused: review.not_a_reviewer, review.own_organisation, recovery.own_request,
    recovery.two_people, recovery.over.
    """
    may_decide(made.provider, by)
    locked = OwnerRecovery.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if not locked.is_open or locked.second_by_id is not None:
        raise Refused("recovery.over")
    if by.pk == locked.asked_by_id:
        raise Refused("recovery.own_request")
    if by.pk == locked.first_by_id:
        raise Refused("recovery.two_people")
    if locked.first_by_id is None:
        locked.first_by, locked.first_at = by, at
        _record("recovery.first_confirmed", locked, "asked", "first_confirmed", by=by)
    else:
        locked.second_by, locked.second_at = by, at
        locked.due_at = at + timedelta(hours=settings.OWNER_RECOVERY_HOURS)
        _record("recovery.second_confirmed", locked, "first_confirmed", "second_confirmed", by=by)
        hours = settings.OWNER_RECOVERY_HOURS
        mail.tell_owners(locked.provider, "recovery_confirmed", about=str(locked.pk), email=locked.email, hours=hours)
    locked.save()
    return locked


@transaction.atomic
def stop(made: OwnerRecovery, *, by: User) -> None:
    """An owner who can log in, or a reviewer, ends it. Raises Refused: recovery.over, recovery.not_yours."""
    if not permissions.is_owner(by, made.provider):
        if not by.is_reviewer:
            raise Refused("recovery.not_yours")
        may_decide(made.provider, by)
    locked = OwnerRecovery.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if not locked.is_open:
        raise Refused("recovery.over")
    OwnerRecovery.objects.filter(pk=locked.pk).update(stopped_at=timezone.now(), stopped_by=by)
    _record("recovery.stopped", locked, locked.stage, "stopped", by=by)


def _record(action: str, made: OwnerRecovery, before: str, after: str, *, by: User | str) -> None:
    audit.record(action, made, by=by, provider=made.provider, before={"state": before}, after={"state": after})


def due(at: datetime) -> list[int]:
    """Ids of recoveries whose delay has passed at the aware moment `at`."""
    waiting = OwnerRecovery.objects.filter(done_at=None, stopped_at=None, due_at__lte=at)
    return list(waiting.order_by("id").values_list("pk", flat=True))


@transaction.atomic
def complete(recovery_id: int, *, at: datetime) -> bool:
    """Make the owner, once the delay has passed; False if there is nothing to do (any more)."""
    made = (
        OwnerRecovery.objects.select_for_update(of=("self",))
        .select_related("provider", "second_by")
        .get(pk=recovery_id)
    )
    if not made.is_open or made.due_at is None or made.due_at > at:
        return False
    assert made.second_by is not None  # due_at is set together with it
    ServiceProvider.hold(made.provider_id)
    seat = made.provider.memberships.filter(user__email__iexact=made.email).first()
    if seat is not None:
        made.provider.memberships.filter(pk=seat.pk).update(role=Membership.Role.OWNER)
    elif not members.open_invitations(made.provider).filter(email__iexact=made.email).exists():
        members.invite(made.provider, email=made.email, role=Membership.Role.OWNER, by=made.second_by)
    OwnerRecovery.objects.filter(pk=made.pk).update(done_at=at)
    _record("recovery.done", made, "second_confirmed", "done", by="worker")
    mail.tell_owners(made.provider, "recovery_done", about=str(made.pk), email=made.email)
    return True
