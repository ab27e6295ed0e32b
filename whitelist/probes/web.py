"""A look at what an empty question to the declared path gets, and, where it was agreed to, at open redirects.

One GET, nothing followed, no cookies, no credentials. The marker of the redirect question leads to a name that never
exists (RFC 2606 section 2: .invalid), so that an open redirect carries nobody anywhere.
"""

import re
from dataclasses import replace
from urllib.parse import quote, urlencode, urljoin, urlsplit

from django.conf import settings

from portal import http
from portal.http import Answer, FetchFailed
from whitelist.policy.server_facts import OpenRedirect, Outcome, Redirect, WebFacts
from whitelist.probes import outcomes

MAX_BYTES = 64 * 1024
_HEADER_LIMIT = 500
MARKER = "jpki-portal-probe.invalid"
PARAMETERS = (
    "next", "url", "redirect", "redirect_uri", "redirect_url", "redirectUrl", "return", "return_url", "returnUrl",
    "return_to", "returnTo", "continue", "dest", "destination", "target", "goto", "forward", "callback", "r", "u",
)  # fmt: skip
_TRACES = re.compile(
    rb"Traceback \(most recent call last\)|^\s+at [\w.$]+\([\w.]+:\d+\)|Fatal error: |Stack trace:|"
    rb"System\.\w+Exception|ORA-\d{5}|SQLSTATE\[",
    re.MULTILINE,
)


def look(url: str, *, seconds: float, open_redirect: bool = False) -> WebFacts:
    """Facts about a GET of `url`. Asking for open redirects needs a proven domain and the applicant's consent."""
    try:
        answer = _ask(url, seconds)
    except FetchFailed as failure:
        return WebFacts(outcome=outcomes.of_failure(failure))
    facts = _facts(answer)
    if not open_redirect:
        return facts
    outcome, redirects = _redirects(url, seconds)
    return replace(facts, open_redirect=outcome, redirects=redirects)


def _ask(url: str, seconds: float) -> Answer:
    return http.get(
        url, max_bytes=MAX_BYTES, timeout=seconds, headers={"User-Agent": settings.PROBE_USER_AGENT}, cut=True
    )


def _facts(answer: Answer) -> WebFacts:
    headers = {name.lower(): _printable(value) for name, value in answer.headers.items()}
    return WebFacts(
        outcome=Outcome.ANSWERED,
        status=answer.status,
        location=headers.get("location"),
        content_type=headers.get("content-type"),
        hsts=headers.get("strict-transport-security"),
        cache_control=headers.get("cache-control"),
        frame_options=headers.get("x-frame-options"),
        content_security_policy=headers.get("content-security-policy"),
        referrer_policy=headers.get("referrer-policy"),
        server=headers.get("server"),
        body_kind=_kind(answer.body, headers.get("content-type", "")),
        shows_trace=_TRACES.search(answer.body) is not None,
    )


def _printable(value: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in value[:_HEADER_LIMIT])


def _kind(body: bytes, content_type: str) -> str:
    if not body.strip():
        return "empty"
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type.endswith(("/html", "xhtml+xml")) or body.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        return "html"
    if media_type.endswith(("/json", "+json")):
        return "json"
    return "text" if media_type.startswith("text/") else "other"


def _redirects(url: str, seconds: float) -> tuple[OpenRedirect, tuple[Redirect, ...]]:
    """One question with every usual parameter, each with a marker of its own: the answer tells which one was taken."""
    markers = {name: f"https://{MARKER}/{quote(name)}" for name in PARAMETERS}
    asked = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(markers)}"
    try:
        answer = _ask(asked, seconds)
    except FetchFailed as failure:
        conclusive = not outcomes.of_failure(failure).is_inconclusive
        return (OpenRedirect.NONE if conclusive else OpenRedirect.INCONCLUSIVE), ()
    location = {name.lower(): value for name, value in answer.headers.items()}.get("location", "")
    target = urlsplit(urljoin(url, location.strip()))
    if target.hostname != MARKER:
        return OpenRedirect.NONE, ()
    parameter = target.path.strip("/") if target.path.strip("/") in PARAMETERS else "?"
    return OpenRedirect.FOUND, (Redirect(parameter, _printable(location)),)
