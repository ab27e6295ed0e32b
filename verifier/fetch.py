"""Fetches a revocation list from the address its distribution point is configured with."""

from django.conf import settings

from portal import http


def crl(url: str) -> bytes:
    """The list's bytes; raises portal.http.FetchFailed, `fetch.status` for every answer but 200."""
    answer = http.get(url, max_bytes=settings.VERIFIER_CRL_MAX_BYTES, timeout=settings.VERIFIER_CRL_TIMEOUT)
    if answer.status != 200:
        raise http.FetchFailed("fetch.status", str(answer.status))
    return answer.body
