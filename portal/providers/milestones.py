"""What the home page's list asks this app."""

from django.utils.translation import gettext as _

from portal.milestones import Milestone
from portal.providers import members, messages, services
from portal.providers.accreditation import Entitled
from portal.providers.models import ServiceProvider


def organisation(provider: ServiceProvider) -> Milestone:
    """Done once registered; the detail says what its entitlement still lacks."""
    today = services.entitlement_now(provider)
    lacking = "" if isinstance(today, Entitled) else f" – {messages.sentence(today.code)}"
    return Milestone(done=True, detail=f"{provider.name}{lacking}", url_name="providers:provider-detail")


def second_owner(provider: ServiceProvider) -> Milestone:
    """Done with two owners; waits while an invitation to an owner is open."""
    owners = members.owner_count(provider)
    if owners >= 2:
        return Milestone(done=True, detail=_("%(n)d owners") % {"n": owners}, url_name="providers:member-list")
    if members.open_invitations(provider).filter(role="owner").exists():
        detail = _("The invited person has not accepted yet.")
        return Milestone(False, detail, "providers:member-list", waiting=_("Waiting for the invited person"))
    detail = _("So that nothing stands still when one person is away.")
    return Milestone(done=False, detail=detail, url_name="providers:member-invite")
