"""What leads to a page that is there for a moment only: a mail's link, a draft that two people have open."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils import timezone

from portal.accounts import services as accounts
from portal.providers.permissions import provider_of
from tests.applications import content
from whitelist import applications, contacts


def contact_asked(*, owner: str, email: str) -> dict:
    """The path behind the link that `email` got as a contact of `owner`'s organisation."""
    by: Any = accounts.by_email(owner)
    at = timezone.now().replace(microsecond=0)
    asked = contacts.ask(provider_of(by), email=email, by=by, at=at)
    return {"path": reverse("whitelist:contact-confirm", args=[contacts.token_of(asked)])}


def draft(*, owner: str, url: str) -> dict:
    """A draft that is filled in and not sent."""
    by: Any = accounts.by_email(owner)
    made = applications.start_application(provider_of(by), form_key=uuid.uuid4(), content=content(url), by=by)
    return {"number": made.public_id}
