"""A certificate as a frozen value.  ``parse`` is the only door: what comes out of it is well-formed RFC 5280 version
3, and nothing further in ever parses the bytes again.

Well-formed is not trusted: nothing here says who signed it or whether its kind is one we know.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509 import Certificate as X509Certificate
from cryptography.x509 import Name

from verifier.pki import der, names, oids, shared_extensions
from verifier.pki import tbs as tbs_certificate
from verifier.pki.algorithms import Algorithm, algorithm_of
from verifier.pki.errors import PARSER_ERRORS, MalformedCertificate
from verifier.pki.extensions import Extensions
from verifier.pki.names import Forms
from verifier.pki.subject import BasicAttributes
from verifier.pki.subject import decode as decode_attributes
from verifier.pki.tbs import Frame

MAX_CERTIFICATE_BYTES = 16 * 1024

# Extensions this package understands well enough to honour when marked critical (RFC 5280 section 4.2).
UNDERSTOOD_EXTENSIONS = frozenset(
    (
        oids.KEY_USAGE,
        oids.EXTENDED_KEY_USAGE,
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


class Told(NamedTuple):
    """What is told by the extensions that are not the holder's own; each has a property of ``Certificate``."""

    is_ca: bool
    key_usage: frozenset[str] | None
    key_usage_is_critical: bool
    extended_key_usage: frozenset[str] | None
    policies: tuple[str, ...]
    policies_are_critical: bool
    crl_points: tuple[Forms, ...]
    unknown_critical_extensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A parsed certificate.  Equality is equality of ``der``.

    Times are aware UTC.  ``key_id`` is the SHA-1 of the subject public key bits (RFC 5280 section 4.2.1.2 method 1),
    computed from the key itself; ``subject_key_id`` and ``authority_key_id`` are what the extensions say, or None.
    ``public_key`` is None if the key's algorithm is not known to the library, ``key_algorithm`` if it is of no row.
    ``told`` is what the extensions say that it has in common with others.
    ``tbs``, ``algorithm`` (the AlgorithmIdentifier), ``signature`` and ``spki`` are slices of the received bytes;
    ``signature_algorithm`` is the algorithm's dotted OID.
    """

    der: bytes = field(repr=False)
    sha256: bytes = field(compare=False)
    x509: X509Certificate = field(compare=False, repr=False)
    extensions: Extensions = field(compare=False, repr=False)
    tbs: bytes = field(compare=False, repr=False)
    algorithm: bytes = field(compare=False, repr=False)
    signature_algorithm: str = field(compare=False)
    signature: bytes = field(compare=False, repr=False)
    serial: int = field(compare=False)
    issuer: Name = field(compare=False)
    issuer_key: bytes = field(compare=False, repr=False)
    issuer_text: str = field(compare=False, repr=False)
    subject: Name = field(compare=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    public_key: CertificatePublicKeyTypes | None = field(compare=False, repr=False)
    key_algorithm: Algorithm | None = field(compare=False)
    spki: bytes = field(compare=False, repr=False)
    key_id: bytes = field(compare=False)
    subject_key_id: bytes | None = field(compare=False)
    authority_key_id: bytes | None = field(compare=False)
    told: Told = field(compare=False, repr=False)

    @property
    def is_ca(self) -> bool:
        """The CA flag of basicConstraints."""
        return self.told.is_ca

    @property
    def key_usage(self) -> frozenset[str] | None:
        """The names of the bits that are set, None without the extension."""
        return self.told.key_usage

    @property
    def key_usage_is_critical(self) -> bool:
        """True if the extension is there and critical."""
        return self.told.key_usage_is_critical

    @property
    def extended_key_usage(self) -> frozenset[str] | None:
        """Dotted OIDs, None without the extension."""
        return self.told.extended_key_usage

    @property
    def policies(self) -> tuple[str, ...]:
        """Dotted OIDs of certificatePolicies, in their order."""
        return self.told.policies

    @property
    def policies_are_critical(self) -> bool:
        """True if the extension is there and critical."""
        return self.told.policies_are_critical

    @property
    def crl_points(self) -> tuple[Forms, ...]:
        """The directory names of the CRL distribution points, in all their forms."""
        return self.told.crl_points

    @property
    def unknown_critical_extensions(self) -> tuple[str, ...]:
        """Dotted OIDs of critical extensions that are not understood here."""
        return self.told.unknown_critical_extensions

    @property
    def subject_key(self) -> bytes:
        """The subject in normalised DER, made for comparing; only those of CAs are ever compared."""
        return names.normalised(self.subject)

    @property
    def basic_attributes(self) -> BasicAttributes | None:
        """The basic four attributes, or None without them.  Raises ``MalformedSubject`` if they are not as the
        profile says.
        """
        found = self.extensions.value(x509.SubjectAlternativeName)
        return decode_attributes(found) if found else None

    @property
    def crl_dp_names(self) -> tuple[Name, ...]:
        """The directory names of the CRL distribution points."""
        return tuple(point.name for point in self.crl_points)


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
        raise MalformedCertificate("repeated_extension", error.oid.dotted_string) from error
    except x509.InvalidVersion as error:
        raise MalformedCertificate("version") from error
    # The library answers hostile bytes with a variety of exceptions; each of them means the same here.
    except PARSER_ERRORS as error:
        raise MalformedCertificate("trailing_bytes" if _has_trailing_bytes(data) else "not_der") from error


def _parse(data: bytes) -> Certificate:
    tbs, algorithm, signature = der.split_signed(data)
    frame = tbs_certificate.cut(tbs)
    _check_envelope(tbs, frame, algorithm)
    parsed = x509.load_der_x509_certificate(data)
    if parsed.version is not x509.Version.v3:
        raise MalformedCertificate("version")
    found = _extensions(tbs, frame.behind_key)
    key_identifier = found.value(x509.SubjectKeyIdentifier)
    authority = found.value(x509.AuthorityKeyIdentifier)
    _check_authority(authority)
    not_before, not_after = _window(parsed)
    issuer = names.forms(frame.issuer, lambda: parsed.issuer)
    public_key = _public_key(parsed)
    return Certificate(
        der=bytes(data),
        sha256=hashlib.sha256(data).digest(),
        x509=parsed,
        extensions=found,
        tbs=tbs,
        algorithm=algorithm,
        signature_algorithm=parsed.signature_algorithm_oid.dotted_string,
        signature=signature,
        serial=parsed.serial_number,
        issuer=issuer.name,
        issuer_key=issuer.key,
        issuer_text=issuer.text,
        subject=parsed.subject,
        not_before=not_before,
        not_after=not_after,
        public_key=public_key,
        key_algorithm=algorithm_of(public_key),
        spki=frame.spki,
        key_id=hashlib.sha1(frame.key_bits, usedforsecurity=False).digest(),
        subject_key_id=key_identifier.digest if key_identifier else None,
        authority_key_id=authority.key_identifier if authority else None,
        told=found.told(_told),
    )


def _told(found: Extensions) -> Told:
    usage = found.value(x509.KeyUsage)
    policies = found.value(x509.CertificatePolicies)
    constraints = found.value(x509.BasicConstraints)
    return Told(
        is_ca=bool(constraints and constraints.ca),
        key_usage=_usage_bits(usage) if usage else None,
        key_usage_is_critical=found.is_critical(oids.KEY_USAGE),
        extended_key_usage=found.purposes(),
        policies=tuple(item.policy_identifier.dotted_string for item in policies or ()),
        policies_are_critical=found.is_critical(oids.CERTIFICATE_POLICIES),
        crl_points=tuple(map(_forms, _directory_names(found.value(x509.CRLDistributionPoints)))),
        unknown_critical_extensions=found.critical_beyond(UNDERSTOOD_EXTENSIONS),
    )


def _check_envelope(tbs: bytes, frame: Frame, algorithm: bytes) -> None:
    """Checks on the raw bytes that the library leaves to its caller or answers too softly."""
    if not frame.has_version:
        raise MalformedCertificate("version")  # RFC 5280 section 4.1.2.1: without the field it is version 1
    start, stop = frame.serial
    if stop == start or stop - start > 20 or tbs[start] & 0x80 or not any(tbs[start:stop]):
        raise MalformedCertificate("serial")
    if frame.algorithm != algorithm:
        raise MalformedCertificate("signature_algorithm")  # RFC 5280 section 4.1.1.2


def _extensions(tbs: bytes, behind_key: int) -> Extensions:
    try:
        return shared_extensions.read(tbs, behind_key)
    except (MalformedCertificate, x509.DuplicateExtension):
        raise
    except PARSER_ERRORS as error:
        raise MalformedCertificate("extension") from error


def _check_authority(authority: x509.AuthorityKeyIdentifier | None) -> None:
    """The issuer's serial, where one is named, is positive (RFC 5280 section 4.1.2.2): the library only warns."""
    serial = authority.authority_cert_serial_number if authority else None
    if serial is not None and serial <= 0:
        raise MalformedCertificate("extension", oids.AUTHORITY_KEY_IDENTIFIER)


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


def _usage_bits(usage: x509.KeyUsage) -> frozenset[str]:
    bits = {name for name in _KEY_USAGE_BITS if getattr(usage, name)}
    if usage.key_agreement:
        bits.update(name for name in ("encipher_only", "decipher_only") if getattr(usage, name))
    return frozenset(bits)


def _directory_names(points: x509.CRLDistributionPoints | None) -> Iterable[x509.Name]:
    for point in points or ():
        for name in point.full_name or ():
            if isinstance(name, x509.DirectoryName):
                yield name.value


# Distribution points are few, and most often the very same value as with the certificate before.
@lru_cache(maxsize=256)
def _forms(name: x509.Name) -> Forms:
    return Forms(name, names.normalised(name), names.readable(name))


def _has_trailing_bytes(data: bytes) -> bool:
    try:
        _, stop = der.read(data, 0, len(data), der.SEQUENCE)
    except der.DerError:
        return False
    return stop < len(data)
