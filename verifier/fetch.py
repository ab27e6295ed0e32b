"""Fetches a revocation list from the address its distribution point is configured with."""

from django.conf import settings

from portal import http


def crl(url: str) -> bytes:
    """The list's bytes. Raises portal.http.FetchFailed: besides its own codes `fetch.redirected` (no redirect is
    followed, wherever it leads), `fetch.status` for every other answer but 200, and `fetch.is_a_page` for a page that
    stands where the list should, as a portal or a notice of maintenance does.
    """
    answer = http.get(url, max_bytes=settings.VERIFIER_CRL_MAX_BYTES, timeout=settings.VERIFIER_CRL_TIMEOUT)
    if 300 <= answer.status < 400:
        raise http.FetchFailed("fetch.redirected", str(answer.status))
    if answer.status != 200:
        raise http.FetchFailed("fetch.status", str(answer.status))
    if answer.body[:64].lstrip()[:1] == b"<":
        raise http.FetchFailed("fetch.is_a_page")
    return answer.body
