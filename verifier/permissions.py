"""Who may ask for a judgement, and who may see one."""

import time
from datetime import UTC, date, datetime
from typing import Any

from portal.providers import services as providers
from portal.providers.accreditation import Entitled, NotEntitled, jst_day
from portal.providers.models import ServiceProvider
from portal.providers.services import ApiPrincipal
from verifier.models import Verification, VerificationSet

# As long as a key's principal is kept: an end declared by an operator takes effect within that time.
_KEEP_SECONDS = 5.0
_standings: dict[tuple[int | None, date], tuple[float, Entitled | NotEntitled]] = {}


class EntitlementMissing(Exception):
    """The provider may not receive revocation facts of real certificates on that day; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def require_entitled(principal: ApiPrincipal, environment: Any) -> None:
    """In production only an SP entitled on this day (JST) is answered: Act No. 153 of 2002, Art. 17.

    A sandbox holds no real certificates and asks nothing. Raises EntitlementMissing.
    """
    if not environment.is_production:
        return
    standing = _standing(principal.provider_id, jst_day(datetime.now(UTC)))
    if isinstance(standing, NotEntitled):
        raise EntitlementMissing(standing.code)


def _standing(provider_id: int | None, day: date) -> Entitled | NotEntitled:
    kept = _standings.get((provider_id, day))
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    provider = ServiceProvider.objects.filter(pk=provider_id).first() if provider_id is not None else None
    # A key without an organisation is the public demonstration's and has no business with real certificates.
    standing = NotEntitled("provider.basis_unknown") if provider is None else providers.entitlement(provider, on=day)
    if len(_standings) > 10_000:
        _standings.clear()
    _standings[provider_id, day] = (time.monotonic() + _KEEP_SECONDS, standing)
    return standing


def forget() -> None:
    """Look at every provider's standing anew on next use."""
    _standings.clear()


def visible_to(principal: ApiPrincipal) -> VerificationSet:
    """The judgements an API key may read: its own provider's in its own environment."""
    return Verification.objects.of(provider_id=principal.provider_id, environment_id=principal.environment_id)
