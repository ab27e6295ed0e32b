"""Entries in a test environment, made by the real verb."""

from portal.accounts import services as accounts
from portal.environments import services as environments
from portal.providers.models import ServiceProvider
from whitelist import services as whitelist


def entered(*, provider: str, by: str, urls: list[str]) -> list[str]:
    """Listed at once in a sandbox of the organisation; the ids of the entries."""
    found, person = ServiceProvider.objects.get(public_id=provider), accounts.by_email(by)
    sandbox = environments.sandbox_of(found) or environments.request_sandbox(found)[0]
    return [
        whitelist.enter_in_sandbox(
            sandbox, url=url, purposes=["user_authentication"], ways_in=["app_link"], by=person
        ).public_id
        for url in urls
    ]
