"""The rules on what the return server answers, and on the association files of an app."""

import re
from urllib.parse import urljoin, urlsplit

from whitelist.policy.server_facts import AppLinkFacts, OpenRedirect, ServerFacts, WebFacts
from whitelist.policy.server_rule import (
    Context,
    NotAsked,
    NothingToLookAt,
    Sight,
    Unanswered,
    answer,
    facts_rule,
    registrable,
)

# 180 days: shorter and a phone that is used twice a year forgets it (RFC 6797 section 6.1.1 leaves the length open).
SHORTEST_HSTS = 15_552_000

_MAX_AGE = re.compile(r'(?:^|;)\s*max-age\s*=\s*"?(\d{1,12})"?\s*(?:;|$)', re.IGNORECASE)


@facts_rule("http.status", "RFC 9110 section 15: an empty request is the client's mistake (4xx)")
def answers_an_empty_request(facts: ServerFacts, context: Context) -> Sight | None:
    web = answer(facts)
    if web.status is None:
        raise NothingToLookAt
    if web.shows_trace:
        return Sight(str(web.status), "trace")
    if web.status >= 500:
        return Sight(str(web.status), "server_error")
    if web.status == 404:
        return Sight("404", "not_found")
    return Sight(str(web.status)) if 200 <= web.status < 300 else None


@facts_rule("http.redirect_offsite", "RFC 9110 section 15.4; RFC 9700 section 4.11")
def stays_at_home(facts: ServerFacts, context: Context) -> Sight | None:
    """A redirect may lead within the registrable domain and stay with https."""
    web = answer(facts)
    if web.location is None or not 300 <= (web.status or 0) < 400:
        return None
    target = _target(facts.url, web.location)
    if target is None or registrable(target[1]) != registrable(facts.host):
        return Sight(web.location)
    return Sight(web.location, "http") if target[0] != "https" else None


@facts_rule("http.open_redirect", "RFC 9700 section 4.11; CWE-601")
def redirects_nobody_away(facts: ServerFacts, context: Context) -> Sight | None:
    """Asked only of proven domains, with the applicant's tick: until then the answer is open, not good."""
    web = answer(facts)
    if web.open_redirect is OpenRedirect.NOT_ASKED:
        raise NotAsked("not_asked")
    if web.open_redirect is OpenRedirect.INCONCLUSIVE:
        raise Unanswered("unreachable")
    if web.open_redirect is OpenRedirect.NONE:
        return None
    names = " ".join(sorted({redirect.parameter for redirect in web.redirects}))
    return Sight(names, "", {"names": names})


@facts_rule("http.hsts", "RFC 6797")
def asks_for_https(facts: ServerFacts, context: Context) -> Sight | None:
    web = answer(facts)
    if web.hsts is None:
        return Sight()
    found = _MAX_AGE.search(web.hsts)
    if found is None or int(found[1]) < SHORTEST_HSTS:
        return Sight(web.hsts, "short", {"limit": str(SHORTEST_HSTS)})
    return None


@facts_rule("http.headers", "RFC 9111 section 5.2.2.5; CSP Level 3, frame-ancestors; W3C Referrer Policy")
def guards_the_page(facts: ServerFacts, context: Context) -> Sight | None:
    """The return page is not kept, not framed, and does not tell its address to others."""
    missing = _missing(answer(facts))
    return Sight(", ".join(missing), "", {"missing": ", ".join(missing)}) if missing else None


def _missing(web: WebFacts) -> list[str]:
    missing = []
    if "no-store" not in (web.cache_control or "").lower():
        missing.append("Cache-Control: no-store")
    framed = (web.frame_options or "").strip().lower() not in ("deny", "sameorigin")
    if framed and "frame-ancestors" not in (web.content_security_policy or "").lower():
        missing.append("Content-Security-Policy: frame-ancestors 'none'")
    if (web.referrer_policy or "").strip().lower() in ("", "unsafe-url", "no-referrer-when-downgrade"):
        missing.append("Referrer-Policy: no-referrer")
    return missing


@facts_rule("app.assetlinks", "Digital Asset Links (developers.google.com/digital-asset-links)")
def android_association(facts: ServerFacts, context: Context) -> Sight | None:
    return _association(facts, "android")


@facts_rule("app.aasa", "Apple, Supporting associated domains (apple-app-site-association)")
def apple_association(facts: ServerFacts, context: Context) -> Sight | None:
    return _association(facts, "ios")


def _association(facts: ServerFacts, platform: str) -> Sight | None:
    """The file is there, is served as it must be (no redirect, JSON), and names the app.

    Where an identifier fits both platforms and the other one's file names it, nothing is missing here.
    """
    found = next((link for link in facts.app_links if link.platform == platform), None)
    others = [link for link in facts.app_links if link.platform != platform]
    if found is None or (_fault(found) and any(_fault(other) is None for other in others)):
        raise NothingToLookAt(applies=False)
    if found.outcome.is_inconclusive:
        raise Unanswered(found.outcome.value)
    variant = _fault(found)
    return None if variant is None else Sight(_observed(found, variant), variant)


def _fault(link: AppLinkFacts) -> str | None:
    if link.location is not None:
        return "redirected"
    if link.status != 200:
        return ""
    if not link.is_json:
        return "not_json"
    return None if link.names_app else "other_app"


def _observed(link: AppLinkFacts, variant: str) -> str:
    if variant == "redirected":
        return link.location or ""
    if variant == "other_app":
        return " ".join((*link.identifiers, *link.fingerprints))
    return str(link.status or link.outcome.value) if variant == "" else (link.content_type or "")


def _target(url: str, location: str) -> tuple[str, str] | None:
    """Scheme and host a Location leads to (RFC 9110 section 10.2.2), None when it cannot be read."""
    try:
        parts = urlsplit(urljoin(url, location))
        return (parts.scheme, parts.hostname) if parts.hostname else None
    except ValueError:
        return None
