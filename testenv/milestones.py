"""What the home page's list asks this app."""

from typing import Any

from django.utils.translation import gettext as _

from portal.environments import services as environments
from portal.environments.models import Environment
from portal.milestones import Milestone


def environment(provider: Any) -> Milestone:
    """Done once the sandbox is made; waits while a worker makes it."""
    sandbox = environments.sandbox_of(provider)
    if sandbox is None:
        detail = _("Certification authorities, personas and virtual phones of your own.")
        return Milestone(done=False, detail=detail, url_name="testenv:environment-detail")
    if sandbox.state == Environment.State.READY:
        return Milestone(done=True, detail=sandbox.public_id, url_name="testenv:environment-detail")
    if sandbox.state == Environment.State.FAILED:
        detail = _("The test environment could not be made.")
        return Milestone(done=False, detail=detail, url_name="testenv:environment-detail")
    return Milestone(False, sandbox.public_id, "testenv:environment-detail", waiting=_("Being made"))
