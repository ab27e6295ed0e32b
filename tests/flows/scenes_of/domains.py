"""An organisation that proves domains."""

from portal.accounts import services as accounts
from portal.providers.models import ServiceProvider
from tests.flows.scenes_of import people


def organisation_once(*, owner: str, number: str, name: str) -> dict:
    """The organisation of `owner`, registered by the first journey that needs it."""
    if ServiceProvider.objects.filter(memberships__user=accounts.by_email(owner)).exists():
        return {}
    return people.organisation(owner=owner, number=number, name=name)
