"""The second navigation of the organisation's pages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _


def sections() -> list[dict[str, Any]]:
    """Items for `second_navigation` of the base template."""
    return [
        {"label": _("Overview"), "url": reverse("providers:provider-detail")},
        {"label": _("Members"), "url": reverse("providers:member-list")},
        {"label": _("API keys"), "url": reverse("providers:client-list")},
        {"label": _("Record of operations"), "url": reverse("audit:event-list")},
    ]
