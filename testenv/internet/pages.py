"""What the web servers of the stand-in internet answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from testenv.internet import behaviour
from testenv.internet.behaviour import Behaviour
from testenv.internet.zone import Zone

_PROTECTIVE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_TRACE = "Traceback (most recent call last):\n  File \"/srv/app/views.py\", line 10, in receive\nKeyError: 'result'\n"
_PARAMETERS = ("next", "url", "return", "returnTo", "redirect", "redirect_uri", "continue", "dest")


@dataclass(frozen=True)
class Page:
    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def page(host: str, target: str, written: Zone) -> Page:
    """The answer of `host` to a GET of `target`. A file that somebody put there goes before the host's own ways."""
    if (file := written.file_at(host, urlsplit(target).path)) is not None:
        return Page(200, file.body, file.content_type, _PROTECTIVE)
    made = _PAGES.get(behaviour.of(host, written.hosts))
    if made is not None:
        return made(target)
    if urlsplit(target).path.startswith("/.well-known/"):
        return Page(404, "not found\n", headers=_PROTECTIVE)
    # A return server takes POST: an empty question is refused, politely.
    return Page(405, '{"error": "method_not_allowed"}\n', "application/json", {**_PROTECTIVE, "Allow": "POST"})


def _open_redirect(target: str) -> Page:
    asked = parse_qs(urlsplit(target).query)
    where = next((asked[name][0] for name in _PARAMETERS if name in asked), None)
    return Page(302, "", headers={**_PROTECTIVE, "Location": where}) if where else Page(400, "", headers=_PROTECTIVE)


_PAGES: dict[Behaviour, Callable[[str], Page]] = {
    Behaviour.REDIRECTING: lambda _: Page(302, headers={**_PROTECTIVE, "Location": "https://elsewhere.example.com/"}),
    Behaviour.METADATA: lambda _: Page(302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}),
    Behaviour.OPEN_REDIRECT: _open_redirect,
    Behaviour.BROKEN: lambda _: Page(500, _TRACE, headers=_PROTECTIVE),
    Behaviour.HTML: lambda _: Page(200, "<!doctype html><title>Welcome</title>\n", "text/html", _PROTECTIVE),
    Behaviour.BARE: lambda _: Page(400, ""),
}
