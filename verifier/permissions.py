"""Who may ask for a judgement, and who may see one."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from portal.providers import services as providers
from portal.providers.services import ApiPrincipal
from verifier.models import Verification, VerificationSet

_JST = timezone(timedelta(hours=9), "JST")


class NotEntitled(Exception):
    """The provider may not receive revocation facts of real certificates on that day; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def require_entitled(principal: ApiPrincipal, environment: Any) -> None:
    """In production only an SP entitled on this day (JST) is answered: Act No. 153 of 2002, Art. 17.

    A sandbox holds no real certificates and asks nothing. Raises NotEntitled.
    """
    if not environment.is_production:
        return
    today = datetime.now(UTC).astimezone(_JST).date()
    standing = providers.entitlement(principal.provider_id, on=today)
    if not standing.allowed:
        raise NotEntitled(standing.reason)


def visible_to(principal: ApiPrincipal) -> VerificationSet:
    """The judgements an API key may read: its own provider's in its own environment."""
    return Verification.objects.of(provider_id=principal.provider_id, environment_id=principal.environment_id)
