"""What to look at for an application beside its URL, and when what was seen is too old to be judged.

Reports say what was seen last; a decision must not rest on what was seen long ago, nor on a look that somebody else
asked for and that left the application's own app out.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from whitelist import domains, probing
from whitelist.models import Probe
from whitelist.policy import app_identifier
from whitelist.policy import content as shape
from whitelist.policy.second_look import REPORT_LIFETIME

# What was seen becomes a report within seconds; a report that has not come by then failed, and waiting helps nobody.
_REPORTED_WITHIN = timedelta(minutes=2)


def extras_of(url: bytes, content: Mapping[str, Any], *, holder: Any, at: datetime) -> dict[str, Any]:
    """What a look for this draft or revision looks at beyond the URL, as `probing.ask` takes it.

    `holder` is the organisation whose draft or entry it is: redirects are tried with its tick, on its proven domain.
    """
    said = shape.read(content)
    app = said["app"] if said["kind"] == "app" else None
    extras: dict[str, Any] = {}
    if app:
        extras |= {platform: app["identifier"] for platform in app_identifier.platforms(**app)}
    if said["try_open_redirects"] and _has_proven(holder, url, at=at):
        extras["open_redirect"] = True
    return extras


def _has_proven(holder: Any, url: bytes, *, at: datetime) -> bool:
    proof = domains.proof_of(holder, urlsplit(url.decode("ascii")).hostname or "", at=at)
    return proof is not None and proof.state == "proven"


def ask(url: bytes, content: Mapping[str, Any], *, holder: Any, reason: str, at: datetime) -> Probe:
    """A look at everything that `content` of `holder` asks for at `url` (canonical bytes of an https URL)."""
    return probing.ask(url, reason=reason, at=at, extras=extras_of(url, content, holder=holder, at=at))


def ask_where_stale(url: bytes, content: Mapping[str, Any], *, holder: Any, reason: str, at: datetime) -> Probe | None:
    """The same, only where what was seen cannot be judged: nothing, too old, or not all of it; else None."""
    is_enough = is_fresh(url, content, holder=holder, at=at)
    return None if is_enough else ask(url, content, holder=holder, reason=reason, at=at)


def is_fresh(url: bytes, content: Mapping[str, Any], *, holder: Any, at: datetime) -> bool:
    """Whether the newest look at `url` is younger than a report may be, and looked at everything `content` names."""
    newest = probing.newest(url)
    if newest is None or newest.looked_at is None or at >= newest.looked_at + REPORT_LIFETIME:
        return False
    wanted = extras_of(url, content, holder=holder, at=at)
    return all(newest.extras.get(name) == value for name, value in wanted.items())


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
