"""The rule set as data: how grave each finding is in each world, and the lists the rules consult.

This is the seed. What two people confirmed since then stands in rows (whitelist.rule_sets) and goes before it.
A decision is bound to the version: whoever changes anything here gives it a new version.
The lists are this site's own settings (sandbox emulation; they are not J-LIS's), except where a source is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from whitelist.policy.finding import Severity, World

_BLOCK, _WARN, _INFO, _PASSED = Severity.BLOCK, Severity.WARN, Severity.INFO, Severity.PASSED


@dataclass(frozen=True)
class RuleSet:
    """severities: "code" or "code/variant" -> (in the sandbox, in production); a variant falls back on its code.

    brand_words are found anywhere in a label, brand_tokens only as a whole label or between hyphens."""

    version: str
    severities: Mapping[str, tuple[Severity, Severity]]
    url_bytes: int
    label_bytes: int
    host_bytes: int
    usual_ports: frozenset[int]
    reserved_names: frozenset[str]
    reserved_domains: Mapping[str, str]
    forbidden_schemes: frozenset[str]
    shorteners: frozenset[str]
    shared_hosts: frozenset[str]
    brand_words: tuple[str, ...]
    brand_tokens: frozenset[str]
    brand_owners: frozenset[str]

    def severity(self, code: str, variant: str, world: World) -> Severity:
        sandbox, production = self.severities.get(f"{code}/{variant}") or self.severities[code]
        return sandbox if world == "sandbox" else production

    def changed(self, version: str, severities: Mapping[str, tuple[Severity, Severity]]) -> "RuleSet":
        """The same rules under another version, with these severities in place of its own."""
        return replace(self, version=version, severities={**self.severities, **severities})


RULE_SET = RuleSet(
    version="2026-11/r3",
    severities={
        "url.parse": (_BLOCK, _BLOCK),
        "url.scheme.https": (_BLOCK, _BLOCK),
        "url.scheme.https/loopback": (_PASSED, _BLOCK),
        "url.scheme.custom": (_WARN, _WARN),
        "url.scheme.custom/forbidden": (_BLOCK, _BLOCK),
        "url.scheme.custom/not_reversed": (_BLOCK, _BLOCK),
        "url.wildcard": (_BLOCK, _BLOCK),
        "url.fragment": (_BLOCK, _BLOCK),
        "url.userinfo": (_BLOCK, _BLOCK),
        "url.host.ip": (_WARN, _BLOCK),
        "url.host.ip/loopback": (_PASSED, _BLOCK),
        "url.host.ip/notation": (_BLOCK, _BLOCK),
        "url.host.ip/zone": (_BLOCK, _BLOCK),
        "url.host.single_label": (_WARN, _BLOCK),
        "url.host.localhost": (_PASSED, _BLOCK),
        "url.host.reserved": (_WARN, _BLOCK),
        "url.port": (_INFO, _WARN),
        "url.port/loopback": (_PASSED, _WARN),
        "url.port/invalid": (_BLOCK, _BLOCK),
        "url.path.traversal": (_BLOCK, _BLOCK),
        "url.path.params": (_WARN, _WARN),
        "url.query": (_WARN, _BLOCK),
        "url.query/reserved": (_BLOCK, _BLOCK),
        "url.length": (_BLOCK, _BLOCK),
        "url.canonical": (_WARN, _WARN),
        "url.case": (_INFO, _INFO),
        "url.idn.alabel": (_WARN, _WARN),
        "url.idn.mixed_script": (_WARN, _BLOCK),
        "url.psl": (_BLOCK, _BLOCK),
        "url.shared_hosting": (_INFO, _WARN),
        "url.shortener": (_BLOCK, _BLOCK),
        "url.brand": (_WARN, _WARN),
        "dom.jp_attribute/administrative": (_INFO, _WARN),
        "dom.jp_attribute/private": (_INFO, _WARN),
        "dom.lookalike": (_INFO, _WARN),
        "dom.duplicate": (_INFO, _BLOCK),
        "dom.duplicate/operator": (_INFO, _WARN),
        "dns.resolves": (_WARN, _BLOCK),
        "dns.resolves/no_name": (_WARN, _BLOCK),
        "dns.resolves/not_public": (_WARN, _BLOCK),
        "dns.rebinding_ttl": (_INFO, _WARN),
        "dns.rebinding_ttl/differs": (_INFO, _INFO),
        "dns.dangling": (_WARN, _BLOCK),
        "dns.caa": (_INFO, _INFO),
        "dns.dnssec": (_INFO, _INFO),
        # Nothing is granted for a domain that the applicant does not hold, nor to somebody who cannot be reached.
        "dns.txt_proof": (_INFO, _BLOCK),
        "dns.txt_proof/waiting": (_INFO, _BLOCK),
        "list.contact": (_INFO, _BLOCK),
        "list.contact/old": (_INFO, _BLOCK),
        "tls.connect": (_INFO, _BLOCK),
        "tls.connect/closed": (_INFO, _WARN),
        "tls.chain": (_INFO, _BLOCK),
        "tls.chain/self_signed": (_INFO, _BLOCK),
        "tls.incomplete_chain": (_INFO, _BLOCK),
        "tls.name": (_INFO, _BLOCK),
        "tls.expiry": (_INFO, _BLOCK),
        "tls.expiry/not_yet": (_INFO, _BLOCK),
        "tls.expires_soon": (_INFO, _WARN),
        "tls.version": (_INFO, _BLOCK),
        "tls.version/old_too": (_INFO, _WARN),
        "tls.key": (_INFO, _BLOCK),
        "tls.signature": (_INFO, _BLOCK),
        "http.status": (_INFO, _INFO),
        "http.status/trace": (_INFO, _WARN),
        "http.status/server_error": (_INFO, _WARN),
        "http.status/not_found": (_INFO, _INFO),
        "http.redirect_offsite": (_WARN, _WARN),
        "http.redirect_offsite/http": (_WARN, _WARN),
        "http.open_redirect": (_WARN, _BLOCK),
        "http.hsts": (_INFO, _WARN),
        "http.hsts/short": (_INFO, _WARN),
        "http.headers": (_INFO, _WARN),
        "app.assetlinks": (_WARN, _BLOCK),
        "app.assetlinks/redirected": (_WARN, _BLOCK),
        "app.assetlinks/not_json": (_WARN, _BLOCK),
        "app.assetlinks/other_app": (_WARN, _BLOCK),
        "app.aasa": (_WARN, _BLOCK),
        "app.aasa/redirected": (_WARN, _BLOCK),
        "app.aasa/not_json": (_WARN, _BLOCK),
        "app.aasa/other_app": (_WARN, _BLOCK),
    },
    url_bytes=512,  # fits a QR code that a phone reads from a screen
    label_bytes=63,  # RFC 1035 section 2.3.4
    host_bytes=253,  # RFC 1035 section 2.3.4: 255 octets on the wire
    usual_ports=frozenset({443}),
    reserved_names=frozenset(
        [
            "request_id",
            "purpose",
            "medium",
            "status",
            "error",
            "code",
            "state",
            "nonce",
            "signature",
            "certificate",
            "message",
            "response",
            "id_token",
            "access_token",
            "samlresponse",
            "relaystate",
        ]
    ),
    reserved_domains={
        "local": "RFC 6762",
        "test": "RFC 6761",
        "invalid": "RFC 6761",
        "example": "RFC 6761",
        "onion": "RFC 7686",
        "alt": "RFC 9476",
        "home.arpa": "RFC 8375",
        "arpa": "RFC 3172",
        "internal": "ICANN Board resolution of 29 July 2024",
        "localdomain": "not delegated",
        "lan": "not delegated",
        "home": "ICANN Board resolution of 4 February 2018",
        "corp": "ICANN Board resolution of 4 February 2018",
        "mail": "ICANN Board resolution of 4 February 2018",
        "intranet": "not delegated",
        "private": "not delegated",
    },
    # Schemes that run code, read files or pack another target: never a way back to a service (RFC 7595 section 3.7).
    forbidden_schemes=frozenset(
        [
            "javascript",
            "data",
            "file",
            "intent",
            "vbscript",
            "about",
            "blob",
            "filesystem",
            "view-source",
            "android-app",
            "content",
            "jar",
            "mailto",
            "tel",
            "sms",
            "ftp",
            "ws",
            "wss",
            "chrome",
            "ms-settings",
        ]
    ),
    shorteners=frozenset(
        [
            "bit.ly",
            "t.co",
            "tinyurl.com",
            "goo.gl",
            "ow.ly",
            "is.gd",
            "v.gd",
            "buff.ly",
            "rebrand.ly",
            "cutt.ly",
            "x.gd",
            "lin.ee",
            "onl.bz",
            "ux.nu",
            "nav.cx",
            "amzn.to",
            "lnkd.in",
            "t.ly",
            "shorturl.at",
            "rb.gy",
            "tiny.cc",
            "s.id",
            "forms.gle",
            "onelink.me",
            "page.link",
            "app.link",
        ]
    ),
    # Shared by path or by name without a private row in the public suffix list.
    shared_hosts=frozenset({"sites.google.com", "docs.google.com", "script.google.com", "storage.googleapis.com"}),
    brand_words=("jpki", "mynaportal", "mynumber", "jlis", "digitalagency", "digitalgojp"),
    brand_tokens=frozenset({"myna"}),
    brand_owners=frozenset({"digital.go.jp", "myna.go.jp", "j-lis.go.jp", "jpki.go.jp", "kojinbango-card.go.jp"}),
)
