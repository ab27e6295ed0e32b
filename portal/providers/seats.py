"""Where a person sits now: a seat of their own, or for a service provider that their platform operator stands for.

The choice is kept in the session as two public ids and proven again at every request, so it ends in the moment the
seat or the delegation ends. Acting for another organisation never makes an owner: its people, its keys and its legal
basis stay its own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from django.db.models import Q
from django.utils import timezone

from portal.audit import services as audit
from portal.providers.accreditation import Entitled, jst_day
from portal.providers.models import Delegation, Membership, ServiceProvider
from portal.providers.services import entitlement_now


class Choice(TypedDict):
    """Public ids: the organisation worked for, and the operator whose seat opens it ("" for a seat of one's own)."""

    provider: str
    operator: str


def own_seats(user: Any) -> Any:
    """The person's own seats, first taken first."""
    return Membership.objects.filter(user=user).select_related("provider").order_by("id")


def delegations_in_force(operator: ServiceProvider) -> Any:
    """Delegations to the operator that count today (JST), by the name of whom it serves."""
    today = jst_day(timezone.now())
    return (
        Delegation.objects.filter(operator=operator, accepted_at__isnull=False, ended_on=None, valid_from__lte=today)
        .filter(Q(valid_until=None) | Q(valid_until__gte=today))
        .select_related("provider", "operator")
        .order_by("provider__name", "id")
    )


def resolve(user: Any, choice: Choice) -> Membership | None:
    """The seat a choice stands for at this moment; None when the person may not (or no longer) sit there.

    For a served organisation it is a seat that is never saved: a member's, with `acting_operator` set.
    """
    if not choice["operator"]:
        found: Membership | None = own_seats(user).filter(provider__public_id=choice["provider"]).first()
        return found
    own = own_seats(user).filter(provider__public_id=choice["operator"]).first()
    if own is None or not _may_stand_in_front(own.provider):
        return None
    delegation = delegations_in_force(own.provider).filter(provider__public_id=choice["provider"]).first()
    if delegation is None:
        return None
    seat = Membership(provider=delegation.provider, user=own.user, role=Membership.Role.MEMBER)
    seat.acting_operator = own.provider
    return seat


def _may_stand_in_front(operator: ServiceProvider) -> bool:
    return operator.is_platform_operator and isinstance(entitlement_now(operator), Entitled)


def choice_of(seat: Membership) -> Choice:
    """What the session keeps of a seat."""
    operator = seat.acting_operator
    return {"provider": seat.provider.public_id, "operator": operator.public_id if operator else ""}


def label(seat: Membership) -> str:
    """One text for a seat, for pages to say which one they were made for."""
    choice = choice_of(seat)
    return "@".join(part for part in (choice["provider"], choice["operator"]) if part)


def choice_from(text: str) -> Choice:
    """The choice a `label` stands for; whether the person may is for `resolve` to say."""
    provider, _, operator = text.partition("@")
    return {"provider": provider, "operator": operator}


def may_change(user: Any) -> bool:
    """Whether there is another seat to change to: a second one of one's own, or an operator's served organisations."""
    own = list(own_seats(user))
    return len(own) > 1 or any(seat.provider.is_platform_operator for seat in own)


@dataclass(frozen=True)
class Served:
    """An organisation the operator may act for now; `valid_until` is the delegation's last day (JST), None: open."""

    provider: ServiceProvider
    valid_until: date | None
    label: str


def served_by(operator: ServiceProvider, *, matching: str = "") -> list[Served]:
    """Whom the operator may act for today; `matching` is a part of the name or of the corporate number."""
    if not _may_stand_in_front(operator):
        return []
    rows = delegations_in_force(operator)
    if matching:
        named = Q(provider__name__icontains=matching) | Q(provider__name_english__icontains=matching)
        rows = rows.filter(named | Q(provider__corporate_number__startswith=matching))
    return [Served(row.provider, row.valid_until, f"{row.provider.public_id}@{operator.public_id}") for row in rows]


def record_change(seat: Membership, *, by: Any) -> None:
    """The trail says when somebody begins to act for another organisation."""
    if seat.acting_operator is not None:
        details = {"operator": seat.acting_operator.public_id}
        audit.record("seat.acting_began", seat.provider, by=by, provider=seat.provider, details=details)
