"""A certificate of any profile, as a path validator needs it: every extension that RFC 5280 section 6 reads.

``verifier.pki.certificate`` is the strict door for the certificates of JPKI holders.  This one takes what RFC 5280
lets CAs of other makes issue, negative serial numbers included (section 4.1.2.2: to be handled gracefully), so that
the rules can be judged against test suites and validators of other hands.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from verifier.pki import der, names, oids
from verifier.pki import tbs as tbs_certificate
from verifier.pki.certificate import Certificate
from verifier.pki.errors import PARSER_ERRORS, MalformedCertificate
from verifier.pki.extensions import Extensions, NotOurs
from verifier.validation.paths import distribution_points
from verifier.validation.paths.distribution_points import DistributionPoint
from verifier.validation.paths.name_forms import Names
from verifier.validation.paths.signatures import KEY_ALGORITHMS, Scheme, is_usable, scheme_of

MAX_BYTES = 64 * 1024

# Extensions that are processed here, and so may be critical (RFC 5280 section 6.1.4 (o), 6.1.5 (f)).  With a purpose
# to compare with, extendedKeyUsage is one more.
UNDERSTOOD = frozenset(
    (
        oids.SUBJECT_KEY_IDENTIFIER,
        oids.AUTHORITY_KEY_IDENTIFIER,
        oids.KEY_USAGE,
        oids.BASIC_CONSTRAINTS,
        oids.CERTIFICATE_POLICIES,
        oids.POLICY_MAPPINGS,
        oids.POLICY_CONSTRAINTS,
        oids.INHIBIT_ANY_POLICY,
        oids.NAME_CONSTRAINTS,
        oids.SUBJECT_ALTERNATIVE_NAME,
        oids.ISSUER_ALTERNATIVE_NAME,
        oids.CRL_DISTRIBUTION_POINTS,
        oids.AUTHORITY_INFORMATION_ACCESS,
    )
)


class Told(NamedTuple):
    """What is told by the extensions that are not the holder's own; each has a property of ``PathCertificate``."""

    is_ca: bool
    path_length: int | None
    key_usage: x509.KeyUsage | None
    purposes: frozenset[str] | None
    policies: frozenset[str] | None
    mappings: Mapping[str, frozenset[str]]
    require_explicit_policy: int | None
    inhibit_policy_mapping: int | None
    inhibit_any_policy: int | None
    points: x509.CRLDistributionPoints | None
    unknown_critical: tuple[str, ...]


@dataclass(frozen=True)
class PathCertificate:
    """A parsed certificate; equality is equality of ``der``.  Times are aware UTC.

    ``issuer_key`` and ``subject_key`` are names in normalised DER, made for comparing.
    ``scheme`` is None for a signature algorithm we do not take (``algorithm`` is its OID), ``public_key`` None for a
    key we do not take.  ``key_id`` is the SHA-1 of the key bits, ``subject_key_id`` and ``authority_key_id`` what the
    extensions say; ``told`` is what they say that it has in common with others.
    """

    der: bytes = field(repr=False)
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    algorithm: str = field(compare=False)
    scheme: Scheme | None = field(compare=False)
    serial: int = field(compare=False)
    issuer: x509.Name = field(compare=False, repr=False)
    issuer_key: bytes = field(compare=False, repr=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    spki: bytes = field(compare=False, repr=False)
    key_id: bytes = field(compare=False)
    public_key: CertificatePublicKeyTypes | None = field(compare=False, repr=False)
    subject_key_id: bytes | None = field(compare=False)
    authority_key_id: bytes | None = field(compare=False)
    subject: x509.Name = field(compare=False)
    alternative_names: x509.SubjectAlternativeName | None = field(compare=False, repr=False)
    name_constraints: x509.NameConstraints | None = field(compare=False, repr=False)
    told: Told = field(compare=False, repr=False)

    @property
    def is_ca(self) -> bool:
        """The CA flag of basicConstraints."""
        return self.told.is_ca

    @property
    def path_length(self) -> int | None:
        """pathLenConstraint, or None."""
        return self.told.path_length

    @property
    def key_usage(self) -> x509.KeyUsage | None:
        """keyUsage, or None."""
        return self.told.key_usage

    @property
    def purposes(self) -> frozenset[str] | None:
        """extendedKeyUsage in dotted OIDs, or None."""
        return self.told.purposes

    @property
    def policies(self) -> frozenset[str] | None:
        """certificatePolicies in dotted OIDs, or None."""
        return self.told.policies

    @property
    def mappings(self) -> Mapping[str, frozenset[str]]:
        """policyMappings, empty without the extension."""
        return self.told.mappings

    @property
    def require_explicit_policy(self) -> int | None:
        """requireExplicitPolicy of policyConstraints, or None."""
        return self.told.require_explicit_policy

    @property
    def inhibit_policy_mapping(self) -> int | None:
        """inhibitPolicyMapping of policyConstraints, or None."""
        return self.told.inhibit_policy_mapping

    @property
    def inhibit_any_policy(self) -> int | None:
        """inhibitAnyPolicy, or None."""
        return self.told.inhibit_any_policy

    @property
    def unknown_critical(self) -> tuple[str, ...]:
        """Dotted OIDs of critical extensions that are not processed here."""
        return self.told.unknown_critical

    @cached_property
    def has_usable_key(self) -> bool:
        """True for a key of a kind and size that we take, which is asked of those who sign."""
        return is_usable(self.public_key)

    @cached_property
    def subject_key(self) -> bytes:
        """The subject in normalised DER, which is asked of few certificates but those of CAs."""
        return names.normalised(self.subject)

    @cached_property
    def distribution_points(self) -> tuple[DistributionPoint, ...]:
        """Where revocation is told.  Raises ``NotOurs`` for a point that names nothing."""
        return distribution_points.of_certificate(self.told.points, self.issuer)

    @property
    def is_self_issued(self) -> bool:
        """Issuer and subject are the same entity (RFC 5280 section 3.2): a name, whatever the key."""
        return self.issuer_key == self.subject_key

    @property
    def names(self) -> Names:
        """Everything the certificate calls its subject, for name constraints to judge."""
        return Names.of(self.subject, self.alternative_names)

    def answers_to(self, authority_key_id: bytes | None) -> bool:
        """False if the identifier names another key than this one's, as its SKI says it or computed from the key."""
        return authority_key_id is None or authority_key_id in (self.subject_key_id, self.key_id)


def parse(data: bytes) -> PathCertificate:
    """Parse one DER certificate of at most 64 KiB, of any version.  Raises ``MalformedCertificate`` and nothing
    else."""
    if len(data) > MAX_BYTES:
        raise MalformedCertificate("too_large")
    try:
        return _parse(bytes(data))
    except NotOurs as error:
        raise MalformedCertificate("extension") from error
    except x509.DuplicateExtension as error:
        raise MalformedCertificate("repeated_extension", error.oid.dotted_string) from error
    except x509.InvalidVersion as error:
        raise MalformedCertificate("version") from error
    except PARSER_ERRORS as error:
        raise MalformedCertificate("not_der") from error


def of(certificate: Certificate) -> PathCertificate:
    """The same certificate for the rules of paths, without reading its bytes again.  Raises ``MalformedCertificate``
    for an extension that only these rules read."""
    try:
        return _assembled(
            certificate.der,
            certificate.tbs,
            certificate.signature,
            certificate.x509,
            certificate.extensions,
            algorithm=certificate.signature_algorithm,
            serial=certificate.serial,
            issuer=(certificate.issuer, certificate.issuer_key),
            window=(certificate.not_before, certificate.not_after),
            subject=certificate.subject,
            key=(certificate.spki, certificate.key_id, _of_our_algorithms(certificate.public_key)),
        )
    except PARSER_ERRORS as error:
        raise MalformedCertificate("extension") from error


def _parse(data: bytes) -> PathCertificate:
    tbs, algorithm, signature = der.split_signed(data)
    frame = tbs_certificate.cut(tbs)
    if frame.algorithm != algorithm:
        raise MalformedCertificate("signature_algorithm")  # RFC 5280 section 4.1.1.2
    start, stop = frame.serial
    if start == stop:
        raise MalformedCertificate("serial")
    serial = int.from_bytes(tbs[start:stop], "big", signed=True)
    parsed = x509.load_der_x509_certificate(data if serial > 0 else _with_positive_serial(data, start))
    issuer = parsed.issuer
    key_id = hashlib.sha1(frame.key_bits, usedforsecurity=False).digest()
    read = _assembled(
        data,
        tbs,
        signature,
        parsed,
        Extensions(parsed.extensions),
        algorithm=parsed.signature_algorithm_oid.dotted_string,
        serial=serial,
        issuer=(issuer, names.normalised(issuer)),
        window=(parsed.not_valid_before_utc, parsed.not_valid_after_utc),
        subject=parsed.subject,
        key=(frame.spki, key_id, _public_key(parsed)),
    )
    _ = read.distribution_points  # whatever is wrong with them is told here
    return read


def _assembled(
    data: bytes,
    tbs: bytes,
    signature: bytes,
    parsed: x509.Certificate,
    found: Extensions,
    *,
    algorithm: str,
    serial: int,
    issuer: tuple[x509.Name, bytes],
    window: tuple[datetime, datetime],
    subject: x509.Name,
    key: tuple[bytes, bytes, CertificatePublicKeyTypes | None],
) -> PathCertificate:
    key_identifier = found.value(x509.SubjectKeyIdentifier)
    authority = found.value(x509.AuthorityKeyIdentifier)
    spki, key_id, public_key = key
    return PathCertificate(
        der=data,
        tbs=tbs,
        signature=signature,
        algorithm=algorithm,
        scheme=scheme_of(parsed),
        serial=serial,
        issuer=issuer[0],
        issuer_key=issuer[1],
        not_before=window[0],
        not_after=window[1],
        spki=spki,
        key_id=key_id,
        public_key=public_key,
        subject_key_id=key_identifier.digest if key_identifier else None,
        authority_key_id=authority.key_identifier if authority else None,
        subject=subject,
        alternative_names=found.value(x509.SubjectAlternativeName),
        name_constraints=_name_constraints(found, tbs),
        told=found.told(_told),
    )


def _told(found: Extensions) -> Told:
    constraints = found.value(x509.BasicConstraints)
    policy = found.value(x509.PolicyConstraints)
    inhibit_any = found.value(x509.InhibitAnyPolicy)
    return Told(
        is_ca=bool(constraints and constraints.ca),
        path_length=constraints.path_length if constraints else None,
        key_usage=found.value(x509.KeyUsage),
        purposes=found.purposes(),
        policies=found.policies(),
        mappings=found.mappings(),
        require_explicit_policy=policy.require_explicit_policy if policy else None,
        inhibit_policy_mapping=policy.inhibit_policy_mapping if policy else None,
        inhibit_any_policy=inhibit_any.skip_certs if inhibit_any else None,
        points=found.value(x509.CRLDistributionPoints),
        unknown_critical=found.critical_beyond(UNDERSTOOD),
    )


def _with_positive_serial(data: bytes, serial_start: int) -> bytes:
    """The same certificate for the library to read, its serial made positive: the library will not read others.  The
    serial and the signed bytes are taken from what was received."""
    tbs_start, _ = der.read(data, 0, len(data), der.SEQUENCE)
    at = tbs_start + serial_start
    return data[:at] + b"\x01" + data[at + 1 :]


def _name_constraints(found: Extensions, tbs: bytes) -> x509.NameConstraints | None:
    """The library does not hand out a subtree's minimum and maximum, which RFC 5280 section 4.2.1.10 fixes at 0 and
    absent; where they are anything else the extension encodes to other bytes than those received."""
    constraints = found.value(x509.NameConstraints)
    if constraints is not None and constraints.public_bytes() not in tbs:
        raise NotOurs("name constraints")
    return constraints


def _of_our_algorithms(key: CertificatePublicKeyTypes | None) -> CertificatePublicKeyTypes | None:
    return key if isinstance(key, (RSAPublicKey, EllipticCurvePublicKey)) else None


def _public_key(parsed: x509.Certificate) -> CertificatePublicKeyTypes | None:
    if parsed.public_key_algorithm_oid.dotted_string not in KEY_ALGORITHMS:
        return None
    try:
        return parsed.public_key()
    except PARSER_ERRORS:
        return None
