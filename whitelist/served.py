"""One return server of a platform operator, many served organisations.

The entry is the operator's; whom it serves stands beside it, each by a delegation that is in force. So an organisation
joins or leaves without a new application and without the URL standing in the list twice; the day its delegation ends it
is served no longer, whether or not anybody has said so here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from portal.audit import services as audit
from portal.providers import seats
from whitelist.models import Entry, EntryService, ListVersion
from whitelist.refusals import Refused
from whitelist.serving import now


def may_serve(entry: Entry) -> list[seats.Served]:
    """Organisations with a delegation in force to the entry's operator that it does not serve yet, by name."""
    if entry.provider is None:
        return []
    served = {row.provider_id for row in serving(entry)}
    return [one for one in seats.served_by(entry.provider) if one.provider.pk not in served]


def serving(entry: Entry) -> list[EntryService]:
    """Who is served now: not taken out, and the delegation in force today (JST); by name."""
    return now(entry)


def entries_for(provider: Any) -> list[Entry]:
    """Standing entries of platform operators that serve this organisation now, newest first."""
    rows = EntryService.objects.filter(provider=provider, until=None).select_related("entry__provider").order_by("-id")
    found = [row.entry for row in rows if row.entry in Entry.objects.standing()]
    return [entry for entry in found if any(row.provider_id == provider.pk for row in serving(entry))]


def said_of(entry: Entry) -> list[dict[str, str]]:
    """What a revision says of the served organisations (`served_providers`)."""
    return [{"name": row.provider.name, "corporate_number": row.provider.corporate_number} for row in serving(entry)]


@transaction.atomic
def serve(entry: Entry, numbers: Sequence[str], *, by: Any, at: datetime) -> list[EntryService]:
    """Have the entry serve the organisations with these corporate numbers, all or none.

    Who is served already stays so. Raises Refused: served.not_an_operator, served.no_delegation, entry.not_standing.
    """
    locked = Entry.objects.select_for_update(of=("self",)).select_related("provider").get(pk=entry.pk)
    if locked.provider is None or not locked.provider.is_platform_operator:
        raise Refused("served.not_an_operator")
    if not Entry.objects.standing().filter(pk=locked.pk).exists():
        raise Refused("served.not_standing")
    in_force = {
        row.provider.corporate_number: row
        for row in seats.delegations_in_force(locked.provider).filter(provider__corporate_number__in=list(numbers))
    }
    if set(numbers) - set(in_force):
        raise Refused("served.no_delegation")
    return [_serve(locked, in_force[number], by, at) for number in dict.fromkeys(numbers)]


def _serve(entry: Entry, delegation: Any, by: Any, at: datetime) -> EntryService:
    row, is_new = EntryService.objects.get_or_create(
        entry=entry,
        provider=delegation.provider,
        until=None,
        defaults={"delegation": delegation, "since": at, "added_by": by},
    )
    if is_new:
        _record("entry.serves", row, by=by, delegation=delegation.pk)
    return row


def follow_publication(version: ListVersion) -> None:
    """New entries of platform operators begin to serve whom their revision names, or whom their predecessor serves.

    An entry that comes back from a suspension keeps those it has. Who no longer delegates is left out: a delegation
    that ended while the application was looked at gives nothing.
    """
    new = Entry.objects.filter(environment=version.environment, public_id__in=version.added, revision__isnull=False)
    for entry in new.filter(provider__is_platform_operator=True, services=None).select_related("provider", "revision"):
        _begin(entry, at=version.published_at)


def _begin(entry: Entry, *, at: datetime) -> None:
    assert entry.revision is not None
    assert entry.provider is not None  # a platform operator's: see above
    said = entry.revision.content
    numbers = {one["corporate_number"] for one in said["served_providers"]}
    if said["changes_entry"]:
        before = Entry.objects.select_related("provider").get(public_id=said["changes_entry"])
        numbers = {row.provider.corporate_number for row in serving(before)}
    standing = {row.provider.corporate_number for row in seats.delegations_in_force(entry.provider)}
    serve(entry, sorted(numbers & standing), by=entry.revision.created_by, at=at)


@transaction.atomic
def stop(row: EntryService, *, by: Any, at: datetime) -> bool:
    """The organisation is served no longer; False if that was so already."""
    changed = EntryService.objects.filter(pk=row.pk, until=None).update(until=at)
    if changed:
        _record("entry.serves_no_longer", row, by=by)
    return bool(changed)


def _record(action: str, row: EntryService, *, by: Any, **details: int) -> None:
    serves = action == "entry.serves"
    audit.record(
        action,
        row.entry,
        by=by,
        provider=row.entry.provider,
        before={"serves": not serves},
        after={"serves": serves},
        details={"provider": row.provider.public_id, **details},
    )
