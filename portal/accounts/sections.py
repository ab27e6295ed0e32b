"""The second navigation of the pages about staff."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _


def staff_sections() -> list[dict[str, Any]]:
    """{label, url} for `{% navigation_items %}`."""
    return [
        {"label": _("Staff"), "url": reverse("staff:person-list")},
        {"label": _("Everybody"), "url": reverse("staff:account-list")},
        {"label": _("Roles on their way"), "url": reverse("staff:grant-list")},
        {"label": _("Recoveries"), "url": reverse("staff:recovery-list")},
    ]
