"""Organisations, people's seats, legal standing, API keys. Django finds models here: here alone names are passed on."""

from portal.providers.models.clients import ApiClient
from portal.providers.models.organisations import Confirmable, ProviderChange, ServiceProvider
from portal.providers.models.ownership import OwnerRecovery, OwnershipOffer
from portal.providers.models.people import Invitation, Membership
from portal.providers.models.standing import Accreditation, Delegation, EndWarning

__all__ = [
    "Accreditation",
    "ApiClient",
    "Confirmable",
    "Delegation",
    "EndWarning",
    "Invitation",
    "Membership",
    "OwnerRecovery",
    "OwnershipOffer",
    "ProviderChange",
    "ServiceProvider",
]
