"""What a case is, beside what is live already: its lane, the criteria asked of it, and what would change."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from whitelist import domains
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


def lane_of(application: Application, findings: Collection[str], *, at: datetime) -> Choice:
    """The lane of a submitted application at `at` (aware); findings: codes of the warnings of its check report."""
    assert application.current_revision is not None
    return lane_for(application, application.current_revision.content, findings, at=at)


def lane_for(application: Application, said: Mapping[str, Any], findings: Collection[str], *, at: datetime) -> Choice:
    """The lane of an application that says `said`: of a revision, or of a draft about to be sent."""
    asked, provider = shape.read(said), application.provider
    listed = Entry.objects.listed().filter(provider=provider, world="production")
    known = {lanes.registrable_domain(url) for url in listed.values_list("url_text", flat=True)}
    # Proven, or judged by two people to be the organisation's own when they had an entry there published.
    is_known = lanes.registrable_domain(asked["url"]) in known or _is_proven(provider, asked["url"], at=at)
    return lanes.choose(
        asked, before=live_content(application), findings=findings, is_first=not known, is_domain_proven=is_known
    )


def _is_proven(provider: Any, url: str, *, at: datetime) -> bool:
    host = urlsplit(url).hostname
    proof = domains.proof_of(provider, host, at=at) if host else None
    return proof is not None and proof.state == "proven"
