"""A certificate of any profile, as a path validator needs it: every extension that RFC 5280 section 6 reads.

``verifier.pki.certificate`` is the strict door for the certificates of JPKI holders.  This one takes what RFC 5280
lets CAs of other makes issue, negative serial numbers included (section 4.1.2.2: to be handled gracefully), so that
the rules can be judged against test suites and validators of other hands.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from verifier.pki import der, names, oids
from verifier.pki.errors import PARSER_ERRORS, MalformedCertificate
from verifier.validation.paths import distribution_points
from verifier.validation.paths.distribution_points import DistributionPoint
from verifier.validation.paths.extensions import Extensions, NotOurs
from verifier.validation.paths.name_forms import Names
from verifier.validation.paths.signatures import KEY_ALGORITHMS, Scheme, scheme_of

MAX_BYTES = 64 * 1024

# Extensions that are processed here, and so may be critical (RFC 5280 section 6.1.4 (o), 6.1.5 (f)).
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
    )
)


@dataclass(frozen=True, slots=True)
class PathCertificate:
    """A parsed certificate; equality is equality of ``der``.  Times are aware UTC.

    ``issuer_key`` and ``subject_key`` are names in normalised DER, made for comparing.
    ``scheme`` is None for a signature algorithm we do not take (``algorithm`` is its OID), ``public_key`` None for a
    key we do not take.  ``key_id`` is the SHA-1 of the key bits, ``subject_key_id`` and ``authority_key_id`` what the
    extensions say.  ``policies``, ``key_usage`` and the constraints are None where the extension is absent.
    """

    der: bytes = field(repr=False)
    tbs: bytes = field(compare=False, repr=False)
    signature: bytes = field(compare=False, repr=False)
    algorithm: str = field(compare=False)
    scheme: Scheme | None = field(compare=False)
    serial: int = field(compare=False)
    issuer: x509.Name = field(compare=False)
    issuer_key: bytes = field(compare=False, repr=False)
    subject_key: bytes = field(compare=False, repr=False)
    not_before: datetime = field(compare=False)
    not_after: datetime = field(compare=False)
    spki: bytes = field(compare=False, repr=False)
    key_id: bytes = field(compare=False)
    public_key: CertificatePublicKeyTypes | None = field(compare=False, repr=False)
    subject_key_id: bytes | None = field(compare=False)
    authority_key_id: bytes | None = field(compare=False)
    is_ca: bool = field(compare=False)
    path_length: int | None = field(compare=False)
    key_usage: x509.KeyUsage | None = field(compare=False, repr=False)
    subject: x509.Name = field(compare=False)
    alternative_names: x509.SubjectAlternativeName | None = field(compare=False, repr=False)
    name_constraints: x509.NameConstraints | None = field(compare=False, repr=False)
    policies: frozenset[str] | None = field(compare=False)
    mappings: Mapping[str, frozenset[str]] = field(compare=False, repr=False)
    require_explicit_policy: int | None = field(compare=False)
    inhibit_policy_mapping: int | None = field(compare=False)
    inhibit_any_policy: int | None = field(compare=False)
    distribution_points: tuple[DistributionPoint, ...] = field(compare=False, repr=False)
    unknown_critical: tuple[str, ...] = field(compare=False)

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
        raise MalformedCertificate("repeated_extension") from error
    except x509.InvalidVersion as error:
        raise MalformedCertificate("version") from error
    except PARSER_ERRORS as error:
        raise MalformedCertificate("not_der") from error


@dataclass(frozen=True, slots=True)
class _Frame:
    """Slices of a TBSCertificate (RFC 5280 section 4.1): where the serial stands, the raw AlgorithmIdentifier, the raw
    SubjectPublicKeyInfo and the bits of the key in it."""

    serial: tuple[int, int]
    algorithm: bytes
    spki: bytes
    key_bits: bytes

    @classmethod
    def cut(cls, tbs: bytes) -> "_Frame":
        pos, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
        if pos < end and tbs[pos] == 0xA0:
            _, pos = der.read(tbs, pos, end)
        serial = der.read(tbs, pos, end, der.INTEGER)
        algorithm, pos = der.element(tbs, serial[1], end, der.SEQUENCE)
        for _ in range(3):
            _, pos = der.read(tbs, pos, end, der.SEQUENCE)
        spki, _ = der.element(tbs, pos, end, der.SEQUENCE)
        pos, end = der.read(spki, 0, len(spki), der.SEQUENCE)
        _, pos = der.read(spki, pos, end, der.SEQUENCE)
        start, stop = der.read(spki, pos, end, der.BIT_STRING)
        return cls(serial, algorithm, spki, spki[start + 1 : stop])


def _parse(data: bytes) -> PathCertificate:
    tbs, algorithm, signature = der.split_signed(data)
    frame = _Frame.cut(tbs)
    if frame.algorithm != algorithm:
        raise MalformedCertificate("signature_algorithm")  # RFC 5280 section 4.1.1.2
    start, stop = frame.serial
    if start == stop:
        raise MalformedCertificate("serial")
    serial = int.from_bytes(tbs[start:stop], "big", signed=True)
    parsed = x509.load_der_x509_certificate(data if serial > 0 else _with_positive_serial(data, start))
    found = Extensions(parsed.extensions)
    subject = parsed.subject
    constraints = found.value(x509.BasicConstraints)
    policy = found.value(x509.PolicyConstraints)
    inhibit_any = found.value(x509.InhibitAnyPolicy)
    key_identifier = found.value(x509.SubjectKeyIdentifier)
    authority = found.value(x509.AuthorityKeyIdentifier)
    issuer = parsed.issuer
    return PathCertificate(
        der=data,
        tbs=tbs,
        signature=signature,
        algorithm=parsed.signature_algorithm_oid.dotted_string,
        scheme=scheme_of(parsed),
        serial=serial,
        issuer=issuer,
        issuer_key=names.normalised(issuer),
        subject_key=names.normalised(subject),
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        spki=frame.spki,
        key_id=hashlib.sha1(frame.key_bits, usedforsecurity=False).digest(),
        public_key=_public_key(parsed),
        subject_key_id=key_identifier.digest if key_identifier else None,
        authority_key_id=authority.key_identifier if authority else None,
        is_ca=bool(constraints and constraints.ca),
        path_length=constraints.path_length if constraints else None,
        key_usage=found.value(x509.KeyUsage),
        subject=subject,
        alternative_names=found.value(x509.SubjectAlternativeName),
        name_constraints=_name_constraints(found, tbs),
        policies=found.policies(),
        mappings=found.mappings(),
        require_explicit_policy=policy.require_explicit_policy if policy else None,
        inhibit_policy_mapping=policy.inhibit_policy_mapping if policy else None,
        inhibit_any_policy=inhibit_any.skip_certs if inhibit_any else None,
        distribution_points=distribution_points.of_certificate(found.value(x509.CRLDistributionPoints), issuer),
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


def _public_key(parsed: x509.Certificate) -> CertificatePublicKeyTypes | None:
    if parsed.public_key_algorithm_oid.dotted_string not in KEY_ALGORITHMS:
        return None
    try:
        return parsed.public_key()
    except PARSER_ERRORS:
        return None
