"""The organisation's own applications, as its pages find them."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils import timezone

from whitelist.models import Application


def own(provider: Any, public_id: str) -> Application:
    """The provider's application; Http404 for everybody else's."""
    application = (
        Application.objects.filter(provider=provider, public_id=public_id)
        .select_related("provider", "current_revision", "published_in", "live_entry__revision")
        .first()
    )
    if application is None:
        raise Http404
    return application


def now() -> datetime:
    return timezone.now().replace(microsecond=0)
