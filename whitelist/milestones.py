"""What the home page's list asks the whitelist."""

from typing import Any

from django.utils.translation import gettext as _

from portal.environments import services as environments
from portal.milestones import Milestone
from whitelist import services
from whitelist.messages import case_words
from whitelist.models import Application, Entry
from whitelist.policy import workflow
from whitelist.policy.workflow import ApplicationState


def entry(provider: Any) -> Milestone:
    """Done with one live entry in the test environment."""
    sandbox = environments.sandbox_of(provider)
    if sandbox is None:
        return Milestone(done=False, detail=_("After the test environment is made."))
    count = services.live_entries(sandbox).count()
    if count:
        detail = _("%(n)d live in the test environment") % {"n": count}
        return Milestone(done=True, detail=detail, url_name="whitelist:entry-list")
    return Milestone(done=False, detail=_("Live at once, checked while you type."), url_name="whitelist:entry-add")


def application(provider: Any) -> Milestone:
    """Done once sent; open again while a correction is asked for."""
    newest = _newest(provider)
    if newest is None:
        return Milestone(done=False, detail=_("Two reviewers look at it."), url_name="whitelist:application-new")
    state = str(case_words.APPLICATION_STATES[newest.state])
    detail = f"{newest.public_id} {state}"
    is_sent = workflow.WAITS_FOR[newest.status] != "applicant"
    return Milestone(done=is_sent, detail=detail, url_name="whitelist:application-list")


def has_production_entry(provider: Any) -> bool:
    """Whether a production entry of this provider is listed or suspended: it then needs two owners."""
    return Entry.objects.standing().filter(provider=provider, world="production").exists()


def live(provider: Any) -> Milestone:
    """Done when a production entry is published; waits for J-LIS while an application is with the reviewers."""
    if Entry.objects.listed().filter(provider=provider, world="production").exists():
        return Milestone(done=True, detail=_("Your entry is on the published list."), url_name="whitelist:entry-list")
    newest = _newest(provider)
    turn = workflow.WAITS_FOR[newest.status] if newest else None
    waiting = str(case_words.WAITS_FOR[turn]) if turn in ("reviewer", "machine") else ""
    return Milestone(done=False, detail=_("After two approvals, by publication of the list."), waiting=waiting)


def _newest(provider: Any) -> Application | None:
    """The application that counts: the newest one that was not withdrawn."""
    found = Application.objects.filter(provider=provider).exclude(state=ApplicationState.WITHDRAWN)
    return found.order_by("-id").first()
