"""A certificate as a frozen value.  ``parse`` is the only door: what comes out of it is well-formed RFC 5280 version
3, and nothing further in ever parses the bytes again.

Well-formed is not trusted: nothing here says who signed it or whether its kind is one we know.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509 import Certificate as X509Certificate
from cryptography.x509 import Name

from verifier.pki import der, names, oids
from verifier.pki.errors import PARSER_ERRORS, MalformedCertificate
from verifier.pki.subject import BasicAttributes
from verifier.pki.subject import decode as decode_attributes

MAX_CERTIFICATE_BYTES = 16 * 1024

# Extensions this package understands well enough to honour when marked critical (RFC 5280 section 4.2).
UNDERSTOOD_EXTENSIONS = frozenset(
    (
        oids.KEY_USAGE,
        oids.BASIC_CONSTRAINTS,
        oids.CERTIFICATE_POLICIES,
        oids.SUBJECT_ALTERNATIVE_NAME,
        oids.ISSUER_ALTERNATIVE_NAME,
        oids.CRL_DISTRIBUTION_POINTS,
        oids.AUTHORITY_KEY_IDENTIFIER,
        oids.SUBJECT_KEY_IDENTIFIER,
        oids.AUTHORITY_INFORMATION_ACCESS,
    )
)

_KEY_USAGE_BITS = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A parsed certificate.  Equality is equality of ``der``.

    Times are aware UTC.  ``key_id`` is the SHA-1 of the subject public key bits (RFC 5280 section 4.2.1.2 method 1),
    computed from the key itself; ``subject_key_id`` and ``authority_key_id`` are what the extensions say, or None.
    ``public_key`` is None if the key's algorithm is not known to the library.  ``key_usage`` is None without the
    extension. ``policies`` are dotted OIDs.  ``crl_dp_names`` are the directory names of the CRL distribution points.
    ``tbs``, ``signature_algorithm`` and ``signature`` are slices of the received bytes.
    """

    der: bytes = field(repr=False)
    sha256: bytes = field(compare=False)
    x509: X509Certificate = field(compare=False, repr=False)
    tbs: bytes = field(compare=False, repr=False)
    signature_algorithm: str = field(compare=False)
    signature: bytes = field(compare=False, repr=False)
    serial: int = field(compare=False)
    issuer: Name = field(compare=False)
    subject: Name = field(compare=False)
    issuer_key: bytes = field(compare=False, repr=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    public_key: CertificatePublicKeyTypes | None = field(compare=False, repr=False)
    key_id: bytes = field(compare=False)
    subject_key_id: bytes | None = field(compare=False)
    authority_key_id: bytes | None = field(compare=False)
    is_ca: bool = field(compare=False)
    key_usage: frozenset[str] | None = field(compare=False)
    key_usage_is_critical: bool = field(compare=False)
    policies: tuple[str, ...] = field(compare=False)
    policies_are_critical: bool = field(compare=False)
    crl_dp_names: tuple[Name, ...] = field(compare=False)
    unknown_critical_extensions: tuple[str, ...] = field(compare=False)

    @property
    def subject_key(self) -> bytes:
        """The subject in normalised DER, made for comparing; only those of CAs are ever compared."""
        return names.normalised(self.subject)

    @property
    def basic_attributes(self) -> BasicAttributes | None:
        """The basic four attributes, or None without them.  Raises ``MalformedSubject`` if they are not as the
        profile says.
        """
        found = _by_type(self.x509.extensions).get(x509.SubjectAlternativeName)
        return decode_attributes(found.value) if found else None


def parse(data: bytes) -> Certificate:
    """Parse one DER certificate of at most 16 KiB.

    Raises ``MalformedCertificate`` for everything that is not one certificate and nothing else: not DER, truncated,
    trailing bytes, another version than 3, a serial outside 1…2^159 (RFC 5280 section 4.1.2.2: positive, 20 octets),
    dates that do not exist, a repeated extension, an extension that does not parse, inner and outer algorithm that
    differ.
    """
    if len(data) > MAX_CERTIFICATE_BYTES:
        raise MalformedCertificate("too_large")
    try:
        return _parse(data)
    except x509.DuplicateExtension as error:
        raise MalformedCertificate("repeated_extension") from error
    except x509.InvalidVersion as error:
        raise MalformedCertificate("version") from error
    # The library answers hostile bytes with a variety of exceptions; each of them means the same here.
    except PARSER_ERRORS as error:
        raise MalformedCertificate("trailing_bytes" if _has_trailing_bytes(data) else "not_der") from error


def _parse(data: bytes) -> Certificate:
    tbs, algorithm, signature = der.split_signed(data)
    _check_envelope(tbs, algorithm)
    parsed = x509.load_der_x509_certificate(data)
    if parsed.version is not x509.Version.v3:
        raise MalformedCertificate("version")
    extensions = _extensions(parsed)
    found = _by_type(extensions)
    usage = found.get(x509.KeyUsage)
    policies = found.get(x509.CertificatePolicies)
    constraints = found.get(x509.BasicConstraints)
    key_identifier = found.get(x509.SubjectKeyIdentifier)
    authority = found.get(x509.AuthorityKeyIdentifier)
    _check_authority(authority)
    points = found.get(x509.CRLDistributionPoints)
    not_before, not_after = _window(parsed)
    issuer = parsed.issuer
    return Certificate(
        der=bytes(data),
        sha256=hashlib.sha256(data).digest(),
        x509=parsed,
        tbs=tbs,
        signature_algorithm=parsed.signature_algorithm_oid.dotted_string,
        signature=signature,
        serial=parsed.serial_number,
        issuer=issuer,
        subject=parsed.subject,
        issuer_key=names.normalised(issuer),
        not_before=not_before,
        not_after=not_after,
        public_key=_public_key(parsed),
        key_id=_key_id(tbs),
        subject_key_id=key_identifier.value.digest if key_identifier else None,
        authority_key_id=authority.value.key_identifier if authority else None,
        is_ca=bool(constraints and constraints.value.ca),
        key_usage=_usage_bits(usage.value) if usage else None,
        key_usage_is_critical=bool(usage and usage.critical),
        policies=tuple(item.policy_identifier.dotted_string for item in policies.value) if policies else (),
        policies_are_critical=bool(policies and policies.critical),
        crl_dp_names=tuple(_directory_names(points.value if points else ())),
        unknown_critical_extensions=tuple(
            item.oid.dotted_string
            for item in extensions
            if item.critical and item.oid.dotted_string not in UNDERSTOOD_EXTENSIONS
        ),
    )


def _check_envelope(tbs: bytes, algorithm: bytes) -> None:
    """Checks on the raw bytes that the library leaves to its caller or answers too softly."""
    pos, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
    if pos == end or tbs[pos] != 0xA0:
        raise MalformedCertificate("version")  # RFC 5280 section 4.1.2.1: without the field it is version 1
    _, pos = der.read(tbs, pos, end)
    start, pos = der.read(tbs, pos, end, der.INTEGER)
    serial = int.from_bytes(tbs[start:pos], "big", signed=True)
    if serial <= 0 or pos - start > 20:
        raise MalformedCertificate("serial")
    inner, _ = der.element(tbs, pos, end, der.SEQUENCE)
    if inner != algorithm:
        raise MalformedCertificate("signature_algorithm")  # RFC 5280 section 4.1.1.2


def _extensions(parsed: x509.Certificate) -> x509.Extensions:
    try:
        return parsed.extensions
    except x509.DuplicateExtension:
        raise
    except PARSER_ERRORS as error:
        raise MalformedCertificate("extension") from error


def _check_authority(authority: x509.Extension[x509.AuthorityKeyIdentifier] | None) -> None:
    """The issuer's serial, where one is named, is positive (RFC 5280 section 4.1.2.2): the library only warns."""
    serial = authority.value.authority_cert_serial_number if authority else None
    if serial is not None and serial <= 0:
        raise MalformedCertificate("extension")


def _window(parsed: x509.Certificate) -> tuple[datetime, datetime]:
    try:
        return parsed.not_valid_before_utc, parsed.not_valid_after_utc
    except PARSER_ERRORS as error:
        raise MalformedCertificate("dates") from error


def _public_key(parsed: x509.Certificate) -> CertificatePublicKeyTypes | None:
    try:
        return parsed.public_key()
    except PARSER_ERRORS:
        return None  # judged later, as a key the profile does not allow


def _key_id(tbs: bytes) -> bytes:
    """SHA-1 over the subjectPublicKey BIT STRING's bytes; the seventh field of a version 3 TBSCertificate."""
    pos, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
    for _ in range(6):
        _, pos = der.read(tbs, pos, end)
    pos, end = der.read(tbs, pos, end, der.SEQUENCE)
    _, pos = der.read(tbs, pos, end, der.SEQUENCE)
    start, stop = der.read(tbs, pos, end, der.BIT_STRING)
    return hashlib.sha1(tbs[start + 1 : stop], usedforsecurity=False).digest()


def _usage_bits(usage: x509.KeyUsage) -> frozenset[str]:
    bits = {name for name in _KEY_USAGE_BITS if getattr(usage, name)}
    if usage.key_agreement:
        bits.update(name for name in ("encipher_only", "decipher_only") if getattr(usage, name))
    return frozenset(bits)


def _directory_names(points: Iterable[x509.DistributionPoint]) -> Iterable[x509.Name]:
    for point in points:
        for name in point.full_name or ():
            if isinstance(name, x509.DirectoryName):
                yield name.value


def _by_type(extensions: x509.Extensions) -> dict[type[x509.ExtensionType], x509.Extension[Any]]:
    return {type(item.value): item for item in extensions}


def _has_trailing_bytes(data: bytes) -> bool:
    try:
        _, stop = der.read(data, 0, len(data), der.SEQUENCE)
    except der.DerError:
        return False
    return stop < len(data)
