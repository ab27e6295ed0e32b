"""The second navigation of the section 登録・申請."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def second_navigation() -> list[dict[str, Any]]:
    return [
        {"label": _("Return servers"), "url": reverse("whitelist:entry-list")},
        {"label": _("Applications"), "url": reverse("whitelist:application-list")},
        {"label": _("Does it match?"), "url": reverse("whitelist:url-match")},
    ]
