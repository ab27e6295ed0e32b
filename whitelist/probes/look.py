"""One look at a return server: name, TLS, web, association files, within one time for all of it."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from whitelist.policy.server_facts import DnsFacts, Outcome, ServerFacts, TlsFacts, Trust
from whitelist.probes import app_links, names, tls, web

SECONDS = 30.0
_NAMES_SECONDS = 10.0
_TLS_SECONDS = 10.0
_WEB_SECONDS = 5.0


def look(url: str, extras: Mapping[str, Any], *, at: datetime) -> ServerFacts:
    """What is seen of `url` now; each part is looked at only when the one before it came through."""
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or 443
    deadline = time.monotonic() + SECONDS
    dns = names.look(host, port=port, deadline=_within(_NAMES_SECONDS, deadline))
    facts = ServerFacts(url=url, host=host, looked_at=at, dns=dns)
    if not _can_be_called(dns):
        return facts
    shown = tls.look(host, port, deadline=_within(_TLS_SECONDS, deadline))
    if not _can_be_asked(shown, at):
        return ServerFacts(url=url, host=host, looked_at=at, dns=dns, tls=shown)
    return ServerFacts(
        url=url,
        host=host,
        looked_at=at,
        dns=dns,
        tls=shown,
        web=web.look(url, seconds=_WEB_SECONDS, open_redirect=extras.get("open_redirect") is True),
        app_links=tuple(
            app_links.look(host, platform, str(extras[platform]), seconds=_WEB_SECONDS)
            for platform in app_links.PATHS
            if extras.get(platform)
        ),
    )


def _within(seconds: float, deadline: float) -> float:
    return min(deadline, time.monotonic() + seconds)


def _can_be_called(dns: DnsFacts) -> bool:
    return dns.outcome is Outcome.ANSWERED and not dns.not_public


def _can_be_asked(shown: TlsFacts, at: datetime) -> bool:
    """HTTP is spoken only over a connection that proves itself: what comes over another says nothing about the host."""
    in_time = shown.not_before is not None and shown.not_after is not None and shown.not_before <= at <= shown.not_after
    return shown.trust is Trust.TRUSTED and shown.name_matches is True and in_time
