"""What was seen of a return server: frozen values without any verdict.

A probe fills them in, a check report keeps them as JSON, the rules judge them. `Outcome` parts three things that are
easily mixed up: the other side said no (a fact), nobody answered (no fact at all: inconclusive), and we did not ask.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from whitelist.policy import fact_json


class Outcome(StrEnum):
    """How one look ended."""

    ANSWERED = "answered"
    NO_NAME = "no_name"  # NXDOMAIN: the name does not exist (RFC 8020)
    NO_DATA = "no_data"  # the name exists, but has nothing of this type (RFC 2308 section 2.2)
    REFUSED_ADDRESS = "refused_address"  # it leads to an address that we never connect to
    REFUSED_CONNECTION = "refused_connection"  # the port is closed
    HANDSHAKE_FAILED = "handshake_failed"  # something listens, but no TLS came about
    SERVER_FAILED = "server_failed"  # SERVFAIL, REFUSED, a broken answer
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # no route, connection reset
    NOT_ASKED = "not_asked"

    @property
    def is_inconclusive(self) -> bool:
        """Nobody answered: not a failing of the server that could be held against anyone."""
        return self in (Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.SERVER_FAILED)


class Trust(StrEnum):
    """What the trust store says about the chain the server sent."""

    TRUSTED = "trusted"
    # The chain sent stops below a root: the last certificate names where its issuer can be fetched (AIA, RFC 5280
    # section 4.2.2.1), but that issuer was neither sent nor is it in the store. We do not fetch it: browsers of phones
    # may, other servers and the app do not. A chain that was sent up to a root outside the store is UNTRUSTED.
    INCOMPLETE_CHAIN = "incomplete_chain"
    UNTRUSTED = "untrusted"
    SELF_SIGNED = "self_signed"
    UNKNOWN = "unknown"  # no certificate was seen


class OpenRedirect(StrEnum):
    NOT_ASKED = "not_asked"  # asked only of proven domains, with the applicant's consent
    NONE = "none"
    FOUND = "found"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class AddressAnswer:
    """What one server said when asked for the host's addresses.

    role: "authority" (a name server of the zone) or "resolver"; server: its name or address.
    ttl: seconds the answer may be kept, None without one.
    """

    role: str
    server: str
    outcome: Outcome
    addresses: tuple[str, ...] = ()
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class DnsFacts:
    """The name.

    outcome: of the resolvers together. addresses: union over all answers, sorted; not_public: those of them that lead
    to private, reserved or translated space. ttl: the lowest seen. cname_chain: targets in order. dangling_target: the
    last target when it does not exist. caa: properties as `flags tag "value"` (RFC 8659) found at caa_at, None when the
    question was not answered. is_signed: the zone is signed (DNSKEY, RFC 4034), None when not known.
    """

    host: str
    outcome: Outcome
    addresses: tuple[str, ...] = ()
    not_public: tuple[str, ...] = ()
    ttl: int | None = None
    answers: tuple[AddressAnswer, ...] = ()
    zone: str | None = None
    cname_chain: tuple[str, ...] = ()
    dangling_target: str | None = None
    caa: tuple[str, ...] | None = None
    caa_at: str | None = None
    is_signed: bool | None = None

    @property
    def answers_differ(self) -> bool:
        """Two servers that both answered named different addresses."""
        return len({frozenset(answer.addresses) for answer in self.answers if answer.addresses}) > 1


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """The handshake and the leaf certificate.

    versions: TLS versions the server accepts ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"); unknown_versions: those that
    could not be tried. names: DNS names of the certificate; name_matches: after RFC 9525, None without a certificate.
    key: "rsa", "ec", "ed25519" …, key_bits its size; signature_hash: "sha256" …, "" where the algorithm has none.
    verify_message: the library's own words, for the technical detail only. fingerprint: SHA-256 of the leaf, hex.
    """

    outcome: Outcome
    trust: Trust = Trust.UNKNOWN
    version: str = ""
    versions: tuple[str, ...] = ()
    unknown_versions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    name_matches: bool | None = None
    subject: str = ""
    issuer: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    key: str = ""
    key_bits: int | None = None
    signature_hash: str = ""
    fingerprint: str = ""
    verify_message: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirecting answer to a request that carried our marker in `parameter`."""

    parameter: str
    location: str


@dataclass(frozen=True, slots=True)
class WebFacts:
    """What an empty GET of the declared path got. Nothing is followed.

    location: the Location header as sent, None without one. Headers are as sent, None without one.
    body_kind: "empty", "html", "json", "text" or "other"; shows_trace: the body reads like a stack trace.
    """

    outcome: Outcome
    status: int | None = None
    location: str | None = None
    content_type: str | None = None
    hsts: str | None = None
    cache_control: str | None = None
    frame_options: str | None = None
    content_security_policy: str | None = None
    referrer_policy: str | None = None
    server: str | None = None
    body_kind: str = "empty"
    shows_trace: bool = False
    open_redirect: OpenRedirect = OpenRedirect.NOT_ASKED
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class AppLinkFacts:
    """The association file of an app-link entry: /.well-known/assetlinks.json or apple-app-site-association.

    platform: "android" or "ios". is_json: it could be read as the document it should be. identifiers: packages or
    application ids it names; fingerprints: certificate fingerprints named for the entry's package (upper case, colons).
    names_app: the entry's own identifier is among them.
    """

    platform: str
    url: str
    outcome: Outcome
    status: int | None = None
    location: str | None = None
    content_type: str | None = None
    is_json: bool = False
    identifiers: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    names_app: bool = False


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """All that one probe saw. A part that was not looked at (an earlier one failed) is None.

    url: the canonical URL looked at; looked_at: when, UTC, whole seconds; vantage: the name of the place of looking.
    app_links: empty for browser entries.
    """

    url: str
    host: str
    looked_at: datetime
    dns: DnsFacts
    tls: TlsFacts | None = None
    web: WebFacts | None = None
    app_links: tuple[AppLinkFacts, ...] = ()
    vantage: str = field(default="portal")

    @property
    def is_inconclusive(self) -> bool:
        """Somewhere on the way nobody answered, so nothing can be said about what lies behind."""
        parts = [part.outcome for part in (self.dns, self.tls, self.web) if part is not None]
        return any(outcome.is_inconclusive for outcome in parts)

    def as_json(self) -> dict[str, Any]:
        """The facts as plain JSON values (fit for whitelist.policy.revision.canonical_json)."""
        return dict(fact_json.plain(self))


def from_json(value: dict[str, Any]) -> ServerFacts:
    """The facts that `as_json` wrote. Raises ValueError when they do not fit."""
    facts = fact_json.build(ServerFacts, value)
    assert isinstance(facts, ServerFacts)
    return facts
