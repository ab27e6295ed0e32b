"""A certificate revocation list as a frozen value (RFC 5280 section 5), made for lists of 10^5 entries and more.

The list's frame (issuer, times, extensions) is read by `cryptography`, which is handed the list without its entries;
the entries are walked once, over the received bytes, into sorted columns (``crl_walk``), and looked up by bisection
(``crl_columns``).  ``signed_parts`` and ``tbs_digest`` work on the raw bytes, so that the signature can be checked
before the walk and without encoding or copying anything.  A list may come as bytes or as a memory map.

Taken: complete lists of one CA for one distribution point.  Refused by name: delta lists (``crl.delta``), indirect
lists (``crl.indirect``), lists limited to some reasons or to other than user certificates
(``crl.unsupported_scope``), and unknown critical extensions in the list or in an entry
(``crl.unknown_critical_extension``), as RFC 5280 section 5.2 and 5.3 demand.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from cryptography import x509

from verifier.pki import crl_walk, der, names, oids
from verifier.pki.crl_columns import Buffer, Columns
from verifier.pki.errors import PARSER_ERRORS, MalformedCrl, RefusedCrl
from verifier.pki.reasons import RevocationReason

T = TypeVar("T", bound=x509.ExtensionType)

DEFAULT_MAX_CRL_BYTES = 512 * 1024 * 1024
# Everything in a list but its entries: names, a handful of extensions, a signature.
_MAX_FRAME = 64 * 1024

_UNDERSTOOD_EXTENSIONS = frozenset(
    (
        oids.AUTHORITY_KEY_IDENTIFIER,
        oids.CRL_NUMBER,
        oids.ISSUING_DISTRIBUTION_POINT,
        oids.ISSUER_ALTERNATIVE_NAME,
        oids.FRESHEST_CRL,  # where deltas are; the list itself is complete without them
    )
)


class RevokedEntry(NamedTuple):
    """One line of the list.  ``revoked_at`` is aware UTC; ``reason`` is UNSPECIFIED when the entry gives none."""

    serial: int
    reason: RevocationReason
    revoked_at: datetime


@dataclass(frozen=True, slots=True)
class Crl:
    """A parsed list.  Times are aware UTC; equality is equality of ``sha256``.

    ``number`` is the CRL number or None; ``authority_key_id`` the AKI's key identifier or None; ``dp_name`` the
    directory name in issuingDistributionPoint or None; ``issuer_key`` and ``dp_key`` are the same names in normalised
    DER, made for comparing.
    """

    sha256: bytes
    issuer: x509.Name = field(compare=False)
    issuer_key: bytes = field(compare=False, repr=False)
    authority_key_id: bytes | None = field(compare=False)
    number: int | None = field(compare=False)
    this_update: datetime = field(compare=False)
    next_update: datetime = field(compare=False)
    dp_name: x509.Name | None = field(compare=False)
    dp_key: bytes | None = field(compare=False, repr=False)
    columns: Columns = field(compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.columns)

    def lookup(self, serial: int) -> RevokedEntry | None:
        """The entry for a serial, or None.  Should a list name a serial twice, a final reason goes before a hold."""
        return look_up(self.columns, serial)

    def entries(self) -> Iterator[RevokedEntry]:
        """All entries, in the order of the columns."""
        return (RevokedEntry(serial, reason, _moment(seconds)) for serial, seconds, reason in self.columns.rows())


def look_up(columns: Columns, serial: int) -> RevokedEntry | None:
    """The entry for a serial, or None."""
    row = columns.find(serial)
    if row < 0:
        return None
    return RevokedEntry(serial, columns.reason(row), _moment(columns.seconds[row]))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class SignedParts(NamedTuple):
    """What a signature check needs: the AlgorithmIdentifier (DER), the signature, and the raw to-be-signed bytes, of
    which nothing is copied."""

    algorithm: bytes
    signature: bytes
    tbs: memoryview


def signed_parts(data: Buffer, *, max_bytes: int = DEFAULT_MAX_CRL_BYTES) -> SignedParts:
    """Cut the list without walking its entries.  Raises ``MalformedCrl``; inner and outer algorithm must be the same
    bytes.
    """
    view = memoryview(data)
    frame = _cut(view, max_bytes)
    return SignedParts(frame.algorithm, frame.signature, view[frame.tbs[0] : frame.tbs[1]])


def parse(data: Buffer, *, max_bytes: int = DEFAULT_MAX_CRL_BYTES) -> Crl:
    """Parse one DER list of at most ``max_bytes``.

    Raises ``MalformedCrl`` (not DER, trailing bytes, version 1, no nextUpdate, times or serials that cannot be,
    repeated extensions) or ``RefusedCrl`` (a kind of list this package does not take; see the module's text).  The
    signature is not checked here.
    """
    view = memoryview(data)
    frame = _cut(view, max_bytes)
    try:
        return _parse(view, frame)
    except x509.DuplicateExtension as error:
        raise MalformedCrl("repeated_extension") from error
    except x509.InvalidVersion as error:
        raise MalformedCrl("version") from error
    except PARSER_ERRORS as error:
        raise MalformedCrl(_why(error)) from error


def _parse(view: memoryview, frame: "_Frame") -> Crl:
    parsed = x509.load_der_x509_crl(frame.without_entries(view))
    extensions = parsed.extensions
    _refuse_unknown_critical(extensions)
    dp_name = _distribution_point(extensions)
    authority = _value(extensions, x509.AuthorityKeyIdentifier)
    number = _value(extensions, x509.CRLNumber)
    this_update, next_update = parsed.last_update_utc, parsed.next_update_utc
    if next_update is None:
        raise MalformedCrl("next_update")  # RFC 5280 section 5.1.2.5: it must be there, and freshness rests on it
    if next_update < this_update:
        raise MalformedCrl("dates")
    issuer = names.forms(bytes(view[frame.fields[1] : frame.fields[2]]), lambda: parsed.issuer)
    return Crl(
        sha256=hashlib.sha256(view).digest(),
        issuer=issuer.name,
        issuer_key=issuer.key,
        authority_key_id=authority.key_identifier if authority else None,
        number=number.crl_number if number else None,
        this_update=this_update,
        next_update=next_update,
        dp_name=dp_name,
        dp_key=names.normalised(dp_name) if dp_name else None,
        columns=crl_walk.columns(view, frame.entries[1], frame.entries[2]),
    )


class _Frame(NamedTuple):
    """Where things stand in a CertificateList (RFC 5280 section 5.1).

    ``tbs`` spans the whole to-be-signed element and ``body`` its content.  ``fields`` are three positions: where its
    algorithm begins, where its issuer does, and where the issuer ends.  ``entries`` are three more: of the header of
    revokedCertificates, of its content and of its end (all the same where there is none).  ``tail`` is what stands
    behind ``tbs``.
    """

    tbs: tuple[int, int]
    body: tuple[int, int]
    fields: tuple[int, int, int]
    entries: tuple[int, int, int]
    algorithm: bytes
    signature: bytes
    tail: bytes

    def without_entries(self, view: memoryview) -> bytes:
        """The same list with revokedCertificates left out; only its frame is worth reading."""
        body = bytes(view[self.body[0] : self.entries[0]]) + bytes(view[self.entries[2] : self.body[1]])
        return der.encode(der.SEQUENCE, der.encode(der.SEQUENCE, body) + self.tail)


def _cut(view: memoryview, max_bytes: int) -> _Frame:
    if len(view) > max_bytes:
        raise MalformedCrl("too_large")
    try:
        tbs, algorithm, signature = der.signed_spans(view)
        frame = _Frame(
            tbs=tbs,
            body=(body := der.read(view, *tbs)),
            fields=(fields := _fields(view, *body)),
            entries=_entries(view, fields[2], body[1]),
            algorithm=bytes(view[algorithm[0] : algorithm[1]]),
            signature=bytes(view[signature[0] : signature[1]]),
            tail=bytes(view[tbs[1] :]),
        )
    except ValueError as error:
        raise MalformedCrl(_why(error)) from error
    if len(frame.tail) > _MAX_FRAME or body[1] - frame.entries[2] + frame.entries[0] - body[0] > _MAX_FRAME:
        raise MalformedCrl("too_large")
    if bytes(view[fields[0] : fields[1]]) != frame.algorithm:
        raise MalformedCrl("signature_algorithm")
    return frame


def _fields(view: memoryview, pos: int, end: int) -> tuple[int, int, int]:
    """Behind the version: where the algorithm begins, where the issuer does, and where the issuer ends."""
    start, algorithm = der.read(view, pos, end)
    if view[pos] != der.INTEGER or bytes(view[start:algorithm]) != b"\x01":
        raise MalformedCrl("version")
    _, issuer = der.read(view, algorithm, end, der.SEQUENCE)
    return algorithm, issuer, der.read(view, issuer, end, der.SEQUENCE)[1]


def _entries(view: memoryview, pos: int, end: int) -> tuple[int, int, int]:
    """Behind the issuer: the moments, of which the second may be absent, and the entries, which may be as well."""
    _, pos = der.read(view, pos, end)
    if pos < end and view[pos] in (der.UTC_TIME, der.GENERALIZED_TIME):
        _, pos = der.read(view, pos, end)
    if pos < end and view[pos] == der.SEQUENCE:
        return pos, *der.read(view, pos, end)
    return pos, pos, pos


def _refuse_unknown_critical(extensions: x509.Extensions) -> None:
    for item in extensions:
        oid = item.oid.dotted_string
        if oid == oids.DELTA_CRL_INDICATOR:
            raise RefusedCrl("crl.delta", oid)
        if item.critical and oid not in _UNDERSTOOD_EXTENSIONS:
            raise RefusedCrl("crl.unknown_critical_extension", oid)


def _distribution_point(extensions: x509.Extensions) -> x509.Name | None:
    point = _value(extensions, x509.IssuingDistributionPoint)
    if point is None:
        return None
    if point.indirect_crl:
        raise RefusedCrl("crl.indirect", "issuing_distribution_point")
    if point.only_contains_ca_certs or point.only_contains_attribute_certs or point.only_some_reasons:
        raise RefusedCrl("crl.unsupported_scope", "issuing_distribution_point")
    for name in point.full_name or ():
        if isinstance(name, x509.DirectoryName):
            return name.value
    return None


def _value(extensions: x509.Extensions, kind: type[T]) -> T | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _why(error: Exception) -> str:
    return "trailing_bytes" if str(error) == "trailing bytes" else "not_der"
