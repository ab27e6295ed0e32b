"""A look at the file by which a host vouches for an app.

Android: https://host/.well-known/assetlinks.json (Digital Asset Links, statement list). iOS:
https://host/.well-known/apple-app-site-association (Apple, Associated Domains). Both must come from the host itself
without a redirect, as JSON.
"""

import json
from typing import Any

from django.conf import settings

from portal import http
from portal.http import Answer, FetchFailed
from whitelist.policy.server_facts import AppLinkFacts, Outcome
from whitelist.probes import outcomes

MAX_BYTES = 128 * 1024  # Apple fetches no larger file
PATHS = {"android": "/.well-known/assetlinks.json", "ios": "/.well-known/apple-app-site-association"}
_LISTED = 200
_RELATION = "delegate_permission/common.handle_all_urls"


def look(host: str, platform: str, identifier: str, *, seconds: float) -> AppLinkFacts:
    """Facts about the association file of `identifier` (package, or application id with its team) at `host`."""
    url = f"https://{host}{PATHS[platform]}"
    try:
        answer = http.get(url, max_bytes=MAX_BYTES, timeout=seconds, headers={"User-Agent": settings.PROBE_USER_AGENT})
    except FetchFailed as failure:
        return AppLinkFacts(platform, url, outcomes.of_failure(failure))
    headers = {name.lower(): value[:500] for name, value in answer.headers.items()}
    found, fingerprints, is_json = _read(answer, platform, identifier)
    return AppLinkFacts(
        platform=platform,
        url=url,
        outcome=Outcome.ANSWERED,
        status=answer.status,
        location=headers.get("location"),
        content_type=headers.get("content-type"),
        is_json=is_json,
        identifiers=tuple(sorted(found)[:_LISTED]),
        fingerprints=tuple(sorted(fingerprints)[:_LISTED]),
        names_app=identifier in found or (platform == "ios" and _has_bundle(identifier, found)),
    )


def _read(answer: Answer, platform: str, identifier: str) -> tuple[set[str], set[str], bool]:
    if answer.status != 200:
        return set(), set(), False
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return set(), set(), False
    if platform == "android":
        return (*_android(document, identifier), isinstance(document, list))
    return _ios(document), set(), isinstance(document, dict)


def _android(document: Any, identifier: str) -> tuple[set[str], set[str]]:
    packages: set[str] = set()
    fingerprints: set[str] = set()
    for statement in document if isinstance(document, list) else []:
        target = statement.get("target") if isinstance(statement, dict) else None
        if not isinstance(target, dict) or _RELATION not in _texts(statement.get("relation")):
            continue
        packages |= set(_texts([target.get("package_name")]))
        if target.get("package_name") == identifier:
            fingerprints |= {text.upper() for text in _texts(target.get("sha256_cert_fingerprints"))}
    return packages, fingerprints


def _ios(document: Any) -> set[str]:
    links = document.get("applinks") if isinstance(document, dict) else None
    details = links.get("details") if isinstance(links, dict) else None
    found: set[str] = set()
    for detail in details if isinstance(details, list) else []:
        if isinstance(detail, dict):
            found |= {*_texts([detail.get("appID")]), *_texts(detail.get("appIDs"))}
    return found


def _has_bundle(identifier: str, found: set[str]) -> bool:
    """Whether an application id of the file is the bundle id behind a team: TEAMID1234.jp.example.bank."""
    return any(application.partition(".")[2] == identifier for application in found)


def _texts(value: Any) -> list[str]:
    return [item[:300] for item in value if isinstance(item, str)] if isinstance(value, list) else []
