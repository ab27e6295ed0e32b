"""The register of entries: making one, numbering it, and telling readers and workers that the list has changed."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from portal.audit import services as audit
from portal.jobs import services as jobs
from whitelist.models import Entry, ListMarker, NumberSeries
from whitelist.policy import canonical, workflow
from whitelist.policy.workflow import EntryEvent, EntryState
from whitelist.refusals import Overtaken

PURPOSES = ("user_authentication", "signature")
WAYS_IN = ("app_link", "browser_link", "qr")


def standing(environment: Any, url: bytes) -> Entry | None:
    return Entry.objects.standing().filter(environment=environment, url=url).first()


def is_taken(environment: Any, url: bytes, *, but_for: Entry | None = None) -> bool:
    """True when the URL is listed, suspended or about to be listed; `but_for`: the entry that may be replaced."""
    found = Entry.objects.exclude(state=EntryState.REMOVED).filter(environment=environment, url=url)
    return found.exclude(pk=but_for.pk).exists() if but_for else found.exists()


def create(
    environment: Any,
    *,
    url: bytes,
    kind: str,
    purposes: Sequence[str],
    ways_in: Sequence[str],
    by: Any,
    rules: str,
    **grant: Any,
) -> Entry:
    text = url.decode("ascii")
    series, form = ("entry", "E-{:05d}") if environment.is_production else ("sandbox entry", "E-T{:05d}")
    return Entry.objects.create(
        public_id=form.format(next_number(series)),
        environment=environment,
        world=environment.kind,
        provider=grant.pop("provider", environment.provider),
        url=url,
        url_text=text,
        canonicaliser=canonical.VERSION,
        host=_host(text),
        kind=kind,
        purposes=sorted(set(purposes) & set(PURPOSES)),
        ways_in=sorted(set(ways_in) & set(WAYS_IN)),
        entered_by=by,
        rule_set_version=rules,
        # In a sandbox an entry is listed at once; in production by the publication of the next list version.
        state=EntryState.APPROVED if environment.is_production else EntryState.LIVE,
        created_at=timezone.now(),
        **grant,
    )


def _host(url: str) -> str:
    """The host of a canonical URL as it stands there, brackets included."""
    authority = urlsplit(url).netloc
    return authority if authority.endswith("]") else authority.rpartition(":")[0] or authority


def next_number(series: str) -> int:
    row = hold(series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def hold(series: str) -> NumberSeries:
    """The row of the series, locked until the transaction ends: who counts under it counts alone."""
    NumberSeries.objects.get_or_create(name=series)
    return NumberSeries.objects.select_for_update().get(name=series)


def lock(entry: Entry) -> Entry:
    """The entry's row as it is now, held until the transaction ends."""
    return Entry.objects.select_for_update(of=("self",)).select_related("provider", "environment").get(pk=entry.pk)


def reached(entry: Entry, event: EntryEvent) -> EntryState:
    """The state after `event`; raises Overtaken when the entry's state does not allow it."""
    try:
        return workflow.next_state(EntryState(entry.state), event)
    except workflow.IllegalTransition:
        raise Overtaken("entry.not_possible_now") from None


def move(locked: Entry, event: EntryEvent) -> str:
    """Move a locked entry by the table and have the list published anew; the state it left. Raises Overtaken."""
    left, following = locked.state, reached(locked, event)
    Entry.objects.filter(pk=locked.pk, state=left).update(state=following)
    locked.state = following.value
    mark_changed(locked.environment)
    ask_for_publication(locked.environment)
    return left


def record_change(
    action: str, locked: Entry, left: str, *, by: Any, reason: str = "", details: dict[str, Any] | None = None
) -> None:
    """The trail's line of an act on an entry that left the state `left` for the one it has now; with its URL."""
    audit.record(
        action,
        locked,
        by=by,
        provider=locked.provider,
        reason=reason,
        before={"state": left},
        after={"state": str(locked.state)},
        details={"url": locked.url_text, **(details or {})},
    )


def tell(entry: Entry, kind: str, *, key: str) -> None:
    """One mail to each owner of the entry's provider; the same `key` is told once."""
    jobs.enqueue(
        "whitelist.send_entry_mail",
        entry.pk,
        kind,
        lane="mail",
        key=f"whitelist.send_entry_mail:{entry.public_id}:{kind}:{key}",
    )


def mark_changed(environment: Any) -> None:
    ListMarker.objects.update_or_create(environment=environment, defaults={"stamp": uuid.uuid4()})


def ask_for_publication(environment: Any) -> None:
    jobs.enqueue(
        "whitelist.publish_list", environment.pk, lane="ca", key=f"whitelist.publish_list:{environment.public_id}"
    )
