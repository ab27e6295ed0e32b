"""A look at a server's TLS: which versions it accepts, what certificate it shows, whether its chain leads to a root.

Each question is a handshake of its own, always to the same pinned address. The first one verifies nothing, so that a
bad certificate can be seen at all; nothing is ever sent over it.
"""

import socket
import ssl
import warnings
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID

from portal.egress import connection
from portal.egress.connection import Target
from portal.http import FetchFailed
from whitelist.policy.server_facts import Outcome, TlsFacts, Trust
from whitelist.probes import outcomes

_VERSIONS = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
_NAMES = {"TLSv1": "TLSv1", "TLSv1_1": "TLSv1.1", "TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}
# X509_V_FLAG_NO_CHECK_TIME: an expired certificate has its own fact; here only the chain is asked about.
_NO_CHECK_TIME = 0x200000


def look(host: str, port: int, *, deadline: float) -> TlsFacts:
    """Facts about the TLS server at `host`; `deadline` is on the monotonic clock. Raises nothing."""
    try:
        where = connection.target(host, port, scheme="https", deadline=deadline)
        version, chain = _shown(where, deadline)
    except FetchFailed as failure:
        return TlsFacts(outcome=outcomes.of_failure(failure))
    trust, words = _trust(where, chain, deadline)
    accepted, unknown = _versions(where, deadline)
    return TlsFacts(
        outcome=Outcome.ANSWERED,
        trust=trust,
        version=version,
        versions=accepted,
        unknown_versions=unknown,
        verify_message=words,
        address=where.address,
        **_certificate_facts(chain[0], host),
    )


def _shown(where: Target, deadline: float) -> tuple[str, list[x509.Certificate]]:
    """The negotiated version and the certificates sent, the leaf first."""
    with _handshake(where, _seeing(), deadline) as sock:
        chain = [x509.load_der_x509_certificate(der) for der in _sent(sock)]
        if not chain:
            raise FetchFailed("fetch.tls", "no certificate")
        return sock.version() or "", chain


def _sent(sock: ssl.SSLSocket) -> list[bytes]:
    """Every certificate the server sent. Python has a public name for this since 3.13; before, its inner object."""
    if hasattr(sock, "get_unverified_chain"):
        return list(sock.get_unverified_chain() or [])
    inner: Any = sock._sslobj  # type: ignore[attr-defined]
    return [ssl.PEM_cert_to_DER_cert(item.public_bytes()) for item in inner.get_unverified_chain() or []]


def _handshake(where: Target, context: ssl.SSLContext, deadline: float) -> ssl.SSLSocket:
    sock: socket.socket = connection.connect(where, deadline=deadline)
    return connection.secure(sock, where, deadline=deadline, context=context)


def _seeing(version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """A context that takes any certificate and, to see whether a server still speaks them, old versions too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = version or ssl.TLSVersion.TLSv1
        context.maximum_version = version or ssl.TLSVersion.TLSv1_3
    return context


def _trust(where: Target, chain: list[x509.Certificate], deadline: float) -> tuple[Trust, str]:
    context = connection.trusting()
    context.check_hostname = False
    context.set_ciphers("ALL:@SECLEVEL=0")  # a weak key has its own fact; here only the chain is asked about
    context.verify_flags |= _NO_CHECK_TIME
    try:
        with _handshake(where, context, deadline):
            return Trust.TRUSTED, ""
    except FetchFailed as failure:
        if failure.code != "fetch.tls":
            return Trust.UNKNOWN, failure.code
        return _why_untrusted(chain), failure.detail


def _why_untrusted(chain: list[x509.Certificate]) -> Trust:
    """Follow what was sent upwards: to a root that nobody trusts, or to a gap that AIA would fill."""
    last = chain[0]
    for _ in range(len(chain)):
        above = next((c for c in chain if c.subject == last.issuer and c is not last), None)
        if above is None or last.subject == last.issuer:
            break
        last = above
    if last.subject == last.issuer:
        return Trust.SELF_SIGNED if last is chain[0] else Trust.UNTRUSTED
    return Trust.INCOMPLETE_CHAIN if _names_its_issuer(last) else Trust.UNTRUSTED


def _names_its_issuer(certificate: x509.Certificate) -> bool:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return any(one.access_method == AuthorityInformationAccessOID.CA_ISSUERS for one in access)


def _versions(where: Target, deadline: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    accepted, unknown = [], []
    for version in _VERSIONS:
        try:
            _handshake(where, _seeing(version), deadline).close()
            accepted.append(_NAMES[version.name])
        except FetchFailed as failure:
            if failure.code == "fetch.timeout":
                unknown.append(_NAMES[version.name])
    return tuple(accepted), tuple(unknown)


def _certificate_facts(leaf: x509.Certificate, host: str) -> dict[str, Any]:
    names = _names(leaf)
    key, bits = _key(leaf)
    return {
        "names": names,
        "name_matches": any(_matches(name.lower(), host) for name in names),
        "subject": leaf.subject.rfc4514_string()[:300],
        "issuer": leaf.issuer.rfc4514_string()[:300],
        "not_before": leaf.not_valid_before_utc,
        "not_after": leaf.not_valid_after_utc,
        "key": key,
        "key_bits": bits,
        "signature_hash": leaf.signature_hash_algorithm.name if leaf.signature_hash_algorithm else "",
        "fingerprint": leaf.fingerprint(hashes.SHA256()).hex(),
    }


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(names.get_values_for_type(x509.DNSName)[:100])


def _matches(name: str, host: str) -> bool:
    """RFC 9525 section 6.3: the whole name, or `*` as the whole leftmost label."""
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return name == host


def _key(leaf: x509.Certificate) -> tuple[str, int | None]:
    try:
        key = leaf.public_key()
    except (UnsupportedAlgorithm, ValueError):
        return "unknown", None
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "ec", key.curve.key_size
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519", 256
    return ("ed448", 456) if isinstance(key, ed448.Ed448PublicKey) else ("other", None)
