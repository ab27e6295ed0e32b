"""Words for the public check: why one has to come back later."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: Mapping[str, Promise | str] = {
    "check.too_many_from_address": _("Too many checks from your address"),
    "check.too_many_for_host": _("This host has been checked too often"),
}
