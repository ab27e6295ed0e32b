"""Fetches a revocation list from the address its distribution point is configured with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from django.conf import settings

from portal import http

# What a server gives to recognise its list by, and the header to ask with (RFC 9110 sections 8.8 and 13.1).
_ASKED_BY = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
_LONGEST_VALIDATOR = 200


@dataclass(frozen=True)
class Fetched:
    """Whether a list came, or the server says that it has not changed; and what to ask with the next time."""

    has_come: bool
    validators: dict[str, str]


def crl(url: str, *, into: IO[bytes], validators: Mapping[str, str] | None = None) -> Fetched:
    """Ask for the list, which is written into the file as it comes; with `validators` of the list at hand only for
    another one.

    Raises portal.http.FetchFailed: besides its own codes `fetch.redirected` (no redirect is followed, wherever it
    leads), `fetch.status` for every other answer, and `fetch.is_a_page` for a page that stands where the list should,
    as a portal or a notice of maintenance does.
    """
    asking = {_ASKED_BY[name]: value for name, value in (validators or {}).items() if name in _ASKED_BY}
    answer = http.get(
        url,
        max_bytes=settings.VERIFIER_CRL_MAX_BYTES,
        timeout=settings.VERIFIER_CRL_TIMEOUT,
        headers=asking,
        into=into,
    )
    if answer.status == 304 and asking:
        return Fetched(False, dict(validators or {}))
    if 300 <= answer.status < 400 and answer.status != 304:
        raise http.FetchFailed("fetch.redirected", str(answer.status))
    if answer.status != 200:
        raise http.FetchFailed("fetch.status", str(answer.status))
    into.seek(0)
    if into.read(64).lstrip()[:1] == b"<":
        raise http.FetchFailed("fetch.is_a_page")
    return Fetched(True, _validators(answer.headers))


def _validators(headers: Mapping[str, str]) -> dict[str, str]:
    given = {name.lower(): value for name, value in headers.items()}
    found = {name: given.get(name.lower(), "") for name in _ASKED_BY}
    return {name: value for name, value in found.items() if _is_sendable(value)}


def _is_sendable(value: str) -> bool:
    return 0 < len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable()
