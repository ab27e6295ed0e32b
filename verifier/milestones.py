"""What the home page's list asks this app."""

from typing import Any

from django.utils.translation import gettext as _

from portal.milestones import Milestone
from verifier import services
from verifier.messages import kind_nouns


def first_valid(provider: Any) -> Milestone:
    """Done with the first valid verdict in the provider's sandbox; begun on the virtual phone."""
    first = services.log_of(provider, kind="sandbox").filter(verdict="valid").order_by("id").first()
    if first is None:
        detail = _("Let a persona log in at the sample service, and read the verdict.")
        return Milestone(done=False, detail=detail, url_name="testenv:request-list")
    return Milestone(done=True, detail=str(kind_nouns.PURPOSES[first.purpose]), url_name="verifier:verification-list")
