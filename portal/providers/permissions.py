"""Who may see and do what to a service provider. What one may not see does not exist (404)."""

from typing import Any

from django.http import Http404

from portal.providers.models import Membership, ServiceProvider


def provider_of(user: Any) -> ServiceProvider | None:
    """The provider the person works for: the first joined (one seat per person for now)."""
    seat = Membership.objects.filter(user=user).select_related("provider").order_by("id").first()
    return seat.provider if seat else None


def require_seat(user: Any, provider: ServiceProvider) -> Membership:
    """The person's seat at `provider`; Http404 for everybody else."""
    seat = Membership.objects.filter(user=user, provider=provider).first()
    if seat is None:
        raise Http404
    return seat


def is_owner(user: Any, provider: ServiceProvider) -> bool:
    return Membership.objects.filter(user=user, provider=provider, role=Membership.Role.OWNER).exists()


def member_ids(provider: ServiceProvider) -> set[int]:
    """User ids of everyone with a seat at the provider or at an operator it has delegated to."""
    operators = provider.delegations.values_list("operator_id", flat=True)
    return set(Membership.objects.filter(provider_id__in=[provider.pk, *operators]).values_list("user_id", flat=True))
