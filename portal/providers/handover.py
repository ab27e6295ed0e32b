"""Handing ownership over: an owner offers it to a member, who accepts; the two change roles in one moment.

So the number of owners never falls, also where two are required.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.audit import services as audit
from portal.providers import mail
from portal.providers.models import Membership, OwnershipOffer, ServiceProvider
from portal.providers.refusals import Refused

OFFER_DAYS = 7


def open_offers(provider: ServiceProvider, *, at: datetime | None = None) -> Any:
    """Offers that can still be accepted at the aware moment `at` (now), newest first."""
    open_ones = provider.ownership_offers.filter(accepted_at=None, closed_at=None, expires_at__gt=at or timezone.now())
    return open_ones.select_related("offered_by", "offered_to").order_by("-id")


@transaction.atomic
def offer(seat: Membership, *, by: User) -> OwnershipOffer:
    """`by`, an owner, offers their ownership to the member on `seat`; the same offer again gives the standing one.

    Raises Refused: organisation.owners_only, ownership.already_owner, membership.gone.
    """
    held = ServiceProvider.hold(seat.provider_id)
    own = held.memberships.filter(user=by, role=Membership.Role.OWNER).first()
    if own is None:
        raise Refused("organisation.owners_only")
    member = held.memberships.filter(pk=seat.pk).select_related("user").first()
    if member is None:
        raise Refused("membership.gone")
    if member.role == Membership.Role.OWNER:
        raise Refused("ownership.already_owner")
    standing = open_offers(held).filter(offered_by=by, offered_to=member.user).first()
    if standing is not None:
        return standing  # type: ignore[no-any-return]
    now = timezone.now()
    made = OwnershipOffer.objects.create(
        provider=held,
        offered_by=by,
        offered_to=member.user,
        created_at=now,
        expires_at=now + timedelta(days=OFFER_DAYS),
    )
    audit.record("ownership.offered", made, by=by, provider=held, details={"person": member.user.pk})
    mail.tell_person(member.user, held, "ownership_offered", about=str(made.pk), person=str(by), days=OFFER_DAYS)
    return made


@transaction.atomic
def accept(made: OwnershipOffer, *, by: User) -> None:
    """The member becomes an owner, who offered a member. Raises Refused: ownership.over, ownership.not_yours."""
    if made.offered_to_id != by.pk:
        raise Refused("ownership.not_yours")
    held = ServiceProvider.hold(made.provider_id)
    if not open_offers(held).filter(pk=made.pk).update(accepted_at=timezone.now()):
        raise Refused("ownership.over")
    seats = held.memberships.filter(user_id__in=[made.offered_by_id, made.offered_to_id])
    roles = dict(seats.values_list("user_id", "role"))
    if roles != {made.offered_by_id: Membership.Role.OWNER, made.offered_to_id: Membership.Role.MEMBER}:
        raise Refused("ownership.over")
    seats.filter(user=made.offered_to_id).update(role=Membership.Role.OWNER)
    seats.filter(user=made.offered_by_id).update(role=Membership.Role.MEMBER)
    before, after = {"owner": made.offered_by_id}, {"owner": made.offered_to_id}
    audit.record("ownership.handed_over", made, by=by, provider=held, before=before, after=after)


@transaction.atomic
def close(made: OwnershipOffer, *, by: User) -> None:
    """Declined by the one it was made to, or taken back by the one who made it. Raises Refused as `accept`."""
    if by.pk not in {made.offered_to_id, made.offered_by_id}:
        raise Refused("ownership.not_yours")
    open_ones = OwnershipOffer.objects.filter(pk=made.pk, accepted_at=None, closed_at=None)
    if not open_ones.update(closed_at=timezone.now()):
        raise Refused("ownership.over")
    action = "ownership.declined" if by.pk == made.offered_to_id else "ownership.withdrawn"
    before, after = {"state": "open"}, {"state": "closed"}
    audit.record(action, made, by=by, provider=made.provider, before=before, after=after)
