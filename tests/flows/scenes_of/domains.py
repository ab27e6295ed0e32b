"""An organisation that proves domains."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.accounts import services as accounts
from portal.providers.models import ServiceProvider
from testenv.internet import zone
from tests import domains
from tests.flows.scenes_of import people


def organisation_once(*, owner: str, number: str, name: str) -> dict:
    """The organisation of `owner`, registered by the first journey that needs it."""
    if ServiceProvider.objects.filter(memberships__user=accounts.by_email(owner)).exists():
        return {}
    return people.organisation(owner=owner, number=number, name=name)


def proven(*, owner: str, domain: str) -> dict:
    """The organisation of `owner` has proven the domain."""
    by = accounts.by_email(owner)
    return {"proof": held(ServiceProvider.objects.get(memberships__user=by), domain, by=by)}


def held(provider: ServiceProvider, domain: str, *, by: Any) -> str:
    """The provider has proven the domain, and the record that proves it stands; the public id of the proof."""
    zone_file = zone.folder(settings.VAR_DIR) / "zone.json"
    proof = domains.prove(provider, domain, by=by, at=timezone.now().replace(microsecond=0), zone_file=zone_file)
    return str(proof.public_id)
