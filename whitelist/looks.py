"""What to look at for an application beside its URL, and when what was seen is too old to be judged.

Reports say what was seen last; a decision must not rest on what was seen long ago, nor on a look that somebody else
asked for and that left the application's own app out.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from whitelist import probing
from whitelist.models import Probe
from whitelist.policy import app_identifier
from whitelist.policy import content as shape
from whitelist.policy.second_look import REPORT_LIFETIME

# What was seen becomes a report within seconds; a report that has not come by then failed, and waiting helps nobody.
_REPORTED_WITHIN = timedelta(minutes=2)


def extras_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a look for this draft or revision looks at beyond the URL, as `probing.ask` takes it."""
    said = shape.read(content)
    app = said["app"] if said["kind"] == "app" else None
    return {platform: app["identifier"] for platform in app_identifier.platforms(**app)} if app else {}


def ask(url: bytes, content: Mapping[str, Any], *, reason: str, at: datetime) -> Probe:
    """A look at everything that `content` asks for at `url` (canonical bytes of an https URL)."""
    return probing.ask(url, reason=reason, at=at, extras=extras_of(content))


def ask_where_stale(url: bytes, content: Mapping[str, Any], *, reason: str, at: datetime) -> Probe | None:
    """The same, only where what was seen cannot be judged: nothing, too old, or not all of it; else None."""
    return None if is_fresh(url, content, at=at) else ask(url, content, reason=reason, at=at)


def is_fresh(url: bytes, content: Mapping[str, Any], *, at: datetime) -> bool:
    """Whether the newest look at `url` is younger than a report may be, and looked at everything `content` names."""
    newest = probing.newest(url)
    if newest is None or newest.looked_at is None or at >= newest.looked_at + REPORT_LIFETIME:
        return False
    return all(newest.extras.get(name) == wanted for name, wanted in extras_of(content).items())


def awaited(url: bytes, *, since: datetime, at: datetime) -> Probe | None:
    """The look at `url` that will make a report newer than the one of `since`: one that is still to be taken, or that
    was taken a moment ago and is not reported on yet. None when nothing is awaited."""
    waiting = probing.waiting(url)
    if waiting is not None:
        return waiting
    newest = probing.newest(url)
    if newest is None or newest.looked_at is None or newest.looked_at <= since:
        return None
    return newest if at - newest.looked_at < _REPORTED_WITHIN else None
