"""Changing what is published: the same application again, while its entry stays on the list."""

from typing import Any

from django.db import transaction

from whitelist import applications
from whitelist.models import Application, Entry
from whitelist.policy.workflow import LISTED, ApplicationEvent, ApplicationState
from whitelist.refusals import Refused


def may_reopen(application: Application) -> bool:
    """Whether the application has a listed entry that a change can begin from."""
    entry = application.live_entry
    return application.status is ApplicationState.PUBLISHED and entry is not None and entry.state in LISTED


@transaction.atomic
def reopen(application: Application, *, by: Any) -> Application:
    """Begin a change of the published entry; the draft says what is published. Raises Overtaken or Refused."""
    locked = applications.lock(application)
    reached = applications.after(locked, ApplicationEvent.REOPEN)
    if not may_reopen(locked):
        raise Refused("application.entry_not_listed")
    locked.editors.add(by)
    before = applications.standing_of(locked)
    applications.update(locked, state=reached, draft=published_content(locked), decided_at=None)
    applications.record_change("application.reopened", locked, before, by=by)
    return locked


def published_content(application: Application) -> dict[str, Any]:
    """What the live entry of the application was granted for."""
    entry = application.live_entry
    assert entry is not None
    assert entry.revision is not None  # a production entry has its revision: a constraint says so
    return entry.revision.content


def change_of(entry: Entry) -> str:
    """How a change of this production entry stands: `may_begin`, `begun`, or empty where there is none to be had."""
    assert entry.revision is not None  # a production entry has its revision: a constraint says so
    application = entry.revision.application
    if application.live_entry_id != entry.pk:
        return ""
    if application.status is ApplicationState.PUBLISHED:
        return "may_begin" if may_reopen(application) else ""
    return "begun"
