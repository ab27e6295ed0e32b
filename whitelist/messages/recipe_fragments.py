"""Which fragments mend which finding. The same in every language."""

from collections.abc import Mapping

from whitelist.messages import name_fragments, server_fragments
from whitelist.messages.fragment import SETTING, Fragment

_SETTING = (Fragment(SETTING, "ini", "RETURN_URL=https://@host@/jpki/return\n"),)

FRAGMENTS: Mapping[str, tuple[Fragment, ...]] = {
    "dns.resolves": name_fragments.ADDRESS,
    "dns.rebinding_ttl": name_fragments.ADDRESS,
    "dns.dangling": name_fragments.NO_ALIAS,
    "dns.caa": name_fragments.CAA,
    "dns.dnssec": name_fragments.SIGNED,
    "dns.txt_proof": name_fragments.PROOF,
    "http.file_proof": server_fragments.FILE,
    "tls.connect": server_fragments.CERTIFICATE,
    "tls.chain": server_fragments.RENEWAL,
    "tls.incomplete_chain": server_fragments.CERTIFICATE,
    "tls.name": server_fragments.CERTIFICATE,
    "tls.expiry": server_fragments.RENEWAL,
    "tls.expires_soon": server_fragments.RENEWAL,
    "tls.version": server_fragments.CERTIFICATE,
    "tls.key": server_fragments.RENEWAL,
    "tls.signature": server_fragments.RENEWAL,
    "http.status": server_fragments.ONLY_POST,
    "http.redirect_offsite": server_fragments.REDIRECT,
    "http.open_redirect": server_fragments.REDIRECT,
    "http.hsts": server_fragments.HEADERS,
    "http.headers": server_fragments.HEADERS,
    "app.assetlinks": server_fragments.ASSETLINKS,
    "app.aasa": server_fragments.AASA,
}


def fragments(code: str) -> tuple[Fragment, ...]:
    """The fragments for `code`; for the form of the URL, the setting of the reader's own system."""
    return FRAGMENTS.get(code, _SETTING if code.startswith("url.") else ())
