"""What a case is, beside what is live already: its lane, the criteria asked of it, and what would change."""

from collections.abc import Collection
from typing import Any

from whitelist.models import Application, Entry, Revision
from whitelist.policy import content as shape
from whitelist.policy import lanes
from whitelist.policy.criteria import Criterion, criteria_of
from whitelist.policy.lanes import Choice


def live_content(application: Application) -> dict[str, Any] | None:
    """What the entry says that this application has had published and would change; None when nothing is live."""
    entry = application.live_entry
    return shape.read(entry.revision.content) if entry is not None and entry.revision is not None else None


def criteria_for(revision: Revision) -> tuple[Criterion, ...]:
    """The criteria a reviewer ticks for this revision."""
    said, before = shape.read(revision.content), live_content(revision.application)
    changed = {found.key for found in shape.diff(before, said)} if before is not None else None
    return criteria_of(said["kind"], changed)


def lane_of(application: Application, findings: Collection[str]) -> Choice:
    """The lane of a submitted application; findings: codes of the warnings of its check report."""
    assert application.current_revision is not None
    said, before = shape.read(application.current_revision.content), live_content(application)
    domain = lanes.registrable_domain(said["url"])
    listed = Entry.objects.listed().filter(provider=application.provider_id, world="production")
    known = {lanes.registrable_domain(url) for url in listed.values_list("url_text", flat=True)}
    return lanes.choose(
        said,
        before=before,
        findings=findings,
        is_first=not known,
        # Two people have judged that it is the organisation's own, when an entry there is published.
        is_domain_proven=domain in known,
    )
