"""Words for the organisations that a platform operator's return server serves."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: Final[dict[str, Promise]] = {
    "served.not_an_operator": _("Only a platform operator's return server serves other organisations."),
    "served.not_standing": _("This return server has been removed."),
    "served.no_delegation": _("One of them has no delegation in force. Nothing was changed."),
}


def refusal(code: str) -> str:
    return str(REFUSALS[code])
