"""How many owners an organisation must keep. Apps that stand above say when one is not enough."""

from collections.abc import Callable

from portal.providers.models import Membership, ServiceProvider
from portal.providers.refusals import Refused

Claim = Callable[[ServiceProvider], bool]
_claims: list[Claim] = []


def need_two_while(claim: Claim) -> None:
    """Register a condition under which an organisation needs two owners: something in production hangs on it."""
    if claim not in _claims:
        _claims.append(claim)


def required(provider: ServiceProvider) -> int:
    return 2 if any(claim(provider) for claim in _claims) else 1


def may_lose(provider: ServiceProvider, seat: Membership) -> None:
    """Call with the provider's row held. Raises Refused: membership.last_owner, membership.two_owners."""
    if seat.role != Membership.Role.OWNER:
        return
    left = provider.memberships.filter(role=Membership.Role.OWNER).exclude(pk=seat.pk).count()
    if left == 0:
        raise Refused("membership.last_owner")
    if left < required(provider):
        raise Refused("membership.two_owners")
