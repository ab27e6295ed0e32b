"""Asking for a look at a return server, and what was seen last. The probe worker looks; the rules judge.

A host is looked at no more than settings.PROBES_PER_HOST_AND_HOUR times an hour: what is asked beyond that waits.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from portal.jobs import services as jobs
from whitelist.models import Probe
from whitelist.policy import server_facts
from whitelist.policy.server_facts import ServerFacts


@transaction.atomic
def ask(url: bytes, *, reason: str, at: datetime, extras: Mapping[str, Any] | None = None) -> Probe:
    """A look at `url` (canonical bytes of an https URL), soon; a look that already waits is returned instead, and
    sees to the new `extras` too.

    `reason` is a short code of who asks ("draft", "review", "recheck" …). `extras` names what else to look at: the
    identifier of an app under "android" or "ios", and "open_redirect": True only for a proven domain whose applicant
    agreed. `at` is now (aware, UTC). The probe's `due_at` says when it is this host's turn. Raises ValueError for a
    URL that is not https.
    """
    text = url.decode("ascii")
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("only https URLs are looked at")
    due = _turn(parts.hostname, at)
    wanted = dict(extras or {})
    values = {"url_text": text, "host": parts.hostname, "reason": reason, "extras": wanted}
    probe, is_new = Probe.objects.get_or_create(
        url=url, state=Probe.State.ASKED, defaults={**values, "asked_at": at, "due_at": due}
    )
    if is_new:
        jobs.enqueue("whitelist.probe_return_url", probe.pk, lane="probe", due=due if due > at else None)
    elif not wanted.items() <= probe.extras.items():
        probe.extras = {**probe.extras, **wanted}
        probe.save(update_fields=["extras"])
    return probe


def asked(probe_id: int) -> Probe | None:
    """The look to take now; None when it has been taken."""
    return Probe.objects.filter(pk=probe_id, state=Probe.State.ASKED).first()


def looked(probe_id: int) -> Probe | None:
    """The look that has been taken; None while it is awaited."""
    return Probe.objects.filter(pk=probe_id, state=Probe.State.LOOKED).first()


def newest(url: bytes) -> Probe | None:
    """The newest finished look at exactly these bytes, or None when nobody has looked yet."""
    return Probe.objects.filter(url=url, state=Probe.State.LOOKED).order_by("-looked_at", "-id").first()


def latest(url: bytes) -> ServerFacts | None:
    """What the newest finished look at exactly these bytes saw, or None when nobody has looked yet."""
    probe = newest(url)
    return None if probe is None or probe.facts_json is None else server_facts.from_json(probe.facts_json)


def waiting(url: bytes) -> Probe | None:
    """The look at these bytes that has been asked for and has not happened yet."""
    return Probe.objects.filter(url=url, state=Probe.State.ASKED).first()


def record(probe_id: int, facts: ServerFacts) -> None:
    """Keep what was seen and have the open cases about it reported on anew; a probe that has its facts keeps them."""
    is_first = Probe.objects.filter(pk=probe_id, state=Probe.State.ASKED).update(
        state=Probe.State.LOOKED, looked_at=facts.looked_at, facts_json=facts.as_json()
    )
    if is_first:
        jobs.enqueue("whitelist.report_on_look", probe_id, key=f"whitelist.report_on_look:{probe_id}")


def _turn(host: str, at: datetime) -> datetime:
    """When the host may be looked at next: `at`, or an hour after the N-th newest look."""
    newest = Probe.objects.filter(host=host, due_at__gt=at - timedelta(hours=1)).order_by("-due_at")
    limit = settings.PROBES_PER_HOST_AND_HOUR
    due = list(newest.values_list("due_at", flat=True)[:limit])
    return max(at, due[-1] + timedelta(hours=1)) if len(due) == limit else at
