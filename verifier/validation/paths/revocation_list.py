"""A revocation list of any scope: complete or delta, direct or indirect, for all reasons or some (RFC 5280 section 5).

``verifier.pki.crl`` is the fast door for the long lists of JPKI, which are of one kind.  This one takes every kind
that RFC 5280 section 6.3 can weigh, entry by entry, and is meant for lists that fit in memory.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from verifier.pki import der, names, oids
from verifier.pki.errors import PARSER_ERRORS, MalformedCrl, RefusedCrl
from verifier.pki.extensions import Extensions
from verifier.pki.reasons import RevocationReason
from verifier.validation.paths import distribution_points
from verifier.validation.paths.distribution_points import Scope
from verifier.validation.paths.signatures import Scheme, scheme_of

MAX_BYTES = 16 * 1024 * 1024

_UNDERSTOOD = frozenset(
    (
        oids.AUTHORITY_KEY_IDENTIFIER,
        oids.CRL_NUMBER,
        oids.ISSUING_DISTRIBUTION_POINT,
        oids.ISSUER_ALTERNATIVE_NAME,
        oids.DELTA_CRL_INDICATOR,
        oids.FRESHEST_CRL,
    )
)
_UNDERSTOOD_IN_ENTRIES = frozenset((oids.REASON_CODE, oids.INVALIDITY_DATE, oids.CERTIFICATE_ISSUER))


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A parsed list; equality is equality of its signed bytes and signature.  Times are aware UTC.

    ``base_number`` is set for a delta list alone.  ``scope_bytes`` is the issuingDistributionPoint as received, or
    None: a delta goes with the complete list whose scope is the same.  ``entries`` are filed by issuer (normalised
    DER) and serial, because an indirect list speaks for several issuers.
    """

    tbs: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    scheme: Scheme | None = field(compare=False)
    issuer_key: bytes = field(compare=False, repr=False)
    authority_key_id: bytes | None = field(compare=False)
    number: int | None = field(compare=False)
    base_number: int | None = field(compare=False)
    this_update: datetime = field(compare=False)
    next_update: datetime = field(compare=False)
    scope: Scope = field(compare=False, repr=False)
    scope_bytes: bytes | None = field(compare=False, repr=False)
    entries: dict[tuple[bytes, int], RevocationReason] = field(compare=False, repr=False)

    def is_fresh(self, at: datetime) -> bool:
        """Within thisUpdate and nextUpdate, both ends included."""
        return self.this_update <= at <= self.next_update

    def reason_for(self, issuer_key: bytes, serial: int) -> RevocationReason | None:
        """The reason given for a certificate of that issuer, or None if it is not in the list."""
        return self.entries.get((issuer_key, serial))


def parse(data: bytes) -> RevocationList:
    """Parse one DER list of at most 16 MiB.

    Raises ``MalformedCrl``, or ``RefusedCrl`` with ``crl.unknown_critical_extension`` (RFC 5280 sections 5.2 and 5.3:
    a list with a critical extension that is not processed must not be used to tell status).
    """
    if len(data) > MAX_BYTES:
        raise MalformedCrl("too_large")
    try:
        return _parse(bytes(data))
    except x509.DuplicateExtension as error:
        raise MalformedCrl("repeated_extension") from error
    except x509.InvalidVersion as error:
        raise MalformedCrl("version") from error
    except PARSER_ERRORS as error:
        raise MalformedCrl("not_der") from error


def _parse(data: bytes) -> RevocationList:
    tbs, algorithm, signature = der.split_signed(data)
    parsed = x509.load_der_x509_crl(data)
    if _inner_algorithm(tbs) != algorithm:
        raise MalformedCrl("signature_algorithm")
    if parsed.next_update_utc is None:
        raise MalformedCrl("next_update")  # RFC 5280 section 5.1.2.5
    found = Extensions(parsed.extensions)
    for oid in found.critical_beyond(_UNDERSTOOD):
        raise RefusedCrl("crl.unknown_critical_extension", oid)
    authority = found.value(x509.AuthorityKeyIdentifier)
    number = found.value(x509.CRLNumber)
    base = found.value(x509.DeltaCRLIndicator)
    point = found.value(x509.IssuingDistributionPoint)
    issuer = parsed.issuer
    issuer_key = names.normalised(issuer)
    return RevocationList(
        tbs=tbs,
        signature=signature,
        scheme=scheme_of(parsed),
        issuer_key=issuer_key,
        authority_key_id=authority.key_identifier if authority else None,
        number=number.crl_number if number else None,
        base_number=base.crl_number if base else None,
        this_update=parsed.last_update_utc,
        next_update=parsed.next_update_utc,
        scope=distribution_points.of_list(point, issuer),
        scope_bytes=point.public_bytes() if point else None,
        entries=_entries(parsed, issuer_key),
    )


def _inner_algorithm(tbs: bytes) -> bytes:
    pos, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
    if pos < end and tbs[pos] == der.INTEGER:
        _, pos = der.read(tbs, pos, end)
    algorithm, _ = der.element(tbs, pos, end, der.SEQUENCE)
    return algorithm


def _entries(parsed: x509.CertificateRevocationList, issuer_key: bytes) -> dict[tuple[bytes, int], RevocationReason]:
    """Entries with the issuer each speaks of: the one of the entry before it unless it names its own, and the list's
    issuer to begin with (RFC 5280 section 5.3.3)."""
    entries: dict[tuple[bytes, int], RevocationReason] = {}
    for entry in parsed:
        found = Extensions(entry.extensions)
        for oid in found.critical_beyond(_UNDERSTOOD_IN_ENTRIES):
            raise RefusedCrl("crl.unknown_critical_extension", oid)
        issuer = found.value(x509.CertificateIssuer)
        if issuer is not None:
            issuer_key = _issuer_key(issuer)
        given = found.value(x509.CRLReason)
        reason = RevocationReason.of(given.reason) if given is not None else RevocationReason.UNSPECIFIED
        key = (issuer_key, entry.serial_number)
        entries[key] = _graver(entries.get(key), reason)
    return entries


def _issuer_key(issuer: x509.CertificateIssuer) -> bytes:
    for name in issuer.get_values_for_type(x509.DirectoryName):
        return names.normalised(name)
    raise MalformedCrl("certificate_issuer")


def _graver(before: RevocationReason | None, reason: RevocationReason) -> RevocationReason:
    """A serial that is named twice keeps its final reason."""
    return before if before is not None and before.is_final else reason
