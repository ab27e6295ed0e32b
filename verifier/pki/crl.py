"""A certificate revocation list as a frozen value (RFC 5280 section 5), made for lists of 10^5 entries and more.

The list's frame (issuer, times, extensions) is read by `cryptography`; the entries are walked once, over the received
bytes, into sorted columns, and looked up by bisection.  ``signed_parts`` gives the raw to-be-signed bytes, so that
the signature can be checked before the walk and without encoding anything again.

Taken: complete lists of one CA for one distribution point.  Refused by name: delta lists (``crl.delta``), indirect
lists (``crl.indirect``), lists limited to some reasons or to other than user certificates
(``crl.unsupported_scope``), and unknown critical extensions in the list or in an entry
(``crl.unknown_critical_extension``), as RFC 5280 section 5.2 and 5.3 demand.
"""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from cryptography import x509

from verifier.pki import der, names, oids
from verifier.pki.errors import PARSER_ERRORS, MalformedCrl, RefusedCrl
from verifier.pki.reasons import RevocationReason

T = TypeVar("T", bound=x509.ExtensionType)

DEFAULT_MAX_CRL_BYTES = 64 * 1024 * 1024

_UNDERSTOOD_EXTENSIONS = frozenset(
    (
        oids.AUTHORITY_KEY_IDENTIFIER,
        oids.CRL_NUMBER,
        oids.ISSUING_DISTRIBUTION_POINT,
        oids.ISSUER_ALTERNATIVE_NAME,
        oids.FRESHEST_CRL,  # where deltas are; the list itself is complete without them
    )
)

_ONE_OCTET_SHORTCUT = 0x80
# Extension blocks are nearly always one of seven byte strings; invalidity dates could make them all different.
_CACHE_LIMIT = 4096
_MAX_OID_OCTETS = 63


@dataclass(frozen=True, slots=True)
class RevokedEntry:
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
    _serials: Sequence[int] = field(compare=False, repr=False)
    _seconds: Sequence[int] = field(compare=False, repr=False)
    _reasons: bytes = field(compare=False, repr=False)

    def __len__(self) -> int:
        return len(self._serials)

    def lookup(self, serial: int) -> RevokedEntry | None:
        """The entry for a serial, or None.  Should a list name a serial twice, a final reason goes before a hold."""
        index = bisect_left(self._serials, serial)
        if index == len(self._serials) or self._serials[index] != serial:
            return None
        return self._entry(index)

    def entries(self) -> Iterator[RevokedEntry]:
        """All entries by rising serial."""
        return (self._entry(index) for index in range(len(self)))

    def _entry(self, index: int) -> RevokedEntry:
        return RevokedEntry(
            serial=self._serials[index],
            reason=RevocationReason(self._reasons[index]),
            revoked_at=datetime.fromtimestamp(self._seconds[index], UTC),
        )


@dataclass(frozen=True, slots=True)
class SignedParts:
    """What a signature check needs: the raw to-be-signed bytes, the dotted OID of the algorithm, the signature."""

    tbs: bytes = field(repr=False)
    algorithm: str
    signature: bytes = field(repr=False)


def signed_parts(data: bytes, *, max_bytes: int = DEFAULT_MAX_CRL_BYTES) -> SignedParts:
    """Cut the list without walking its entries.  Raises ``MalformedCrl``; inner and outer algorithm must be the same
    bytes.
    """
    if len(data) > max_bytes:
        raise MalformedCrl("too_large")
    try:
        tbs, algorithm, signature = der.split_signed(data)
        if _Frame.cut(tbs).algorithm != algorithm:
            raise MalformedCrl("signature_algorithm")
        start, stop = der.read(algorithm, 0, len(algorithm), der.SEQUENCE)
        start, stop = der.read(algorithm, start, stop, der.OBJECT_IDENTIFIER)
        return SignedParts(tbs, _dotted(algorithm[start:stop]), signature)
    except ValueError as error:
        raise MalformedCrl(_why(error)) from error


def parse(data: bytes, *, max_bytes: int = DEFAULT_MAX_CRL_BYTES) -> Crl:
    """Parse one DER list of at most ``max_bytes``.

    Raises ``MalformedCrl`` (not DER, trailing bytes, version 1, no nextUpdate, times or serials that cannot be,
    repeated extensions) or ``RefusedCrl`` (a kind of list this package does not take; see the module's text).  The
    signature is not checked here.
    """
    parts = signed_parts(data, max_bytes=max_bytes)
    try:
        return _parse(data, _Frame.cut(parts.tbs))
    except x509.DuplicateExtension as error:
        raise MalformedCrl("repeated_extension") from error
    except x509.InvalidVersion as error:
        raise MalformedCrl("version") from error
    except PARSER_ERRORS as error:
        raise MalformedCrl(_why(error)) from error


def _parse(data: bytes, frame: "_Frame") -> Crl:
    parsed = x509.load_der_x509_crl(data)
    extensions = parsed.extensions
    _refuse_unknown_critical(extensions)
    dp_name = _distribution_point(extensions)
    authority = _value(extensions, x509.AuthorityKeyIdentifier)
    number = _value(extensions, x509.CRLNumber)
    if parsed.next_update_utc is None:
        raise MalformedCrl("next_update")  # RFC 5280 section 5.1.2.5: it must be there, and freshness rests on it
    if parsed.next_update_utc < parsed.last_update_utc:
        raise MalformedCrl("dates")
    serials, seconds, reasons = _columns(frame.tbs, frame.entries)
    return Crl(
        sha256=hashlib.sha256(data).digest(),
        issuer=parsed.issuer,
        issuer_key=names.normalised(parsed.issuer),
        authority_key_id=authority.key_identifier if authority else None,
        number=number.crl_number if number else None,
        this_update=parsed.last_update_utc,
        next_update=parsed.next_update_utc,
        dp_name=dp_name,
        dp_key=names.normalised(dp_name) if dp_name else None,
        _serials=serials,
        _seconds=seconds,
        _reasons=reasons,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand in a TBSCertList (RFC 5280 section 5.1)."""

    tbs: bytes
    algorithm: bytes
    entries: tuple[int, int] | None

    @classmethod
    def cut(cls, tbs: bytes) -> "_Frame":
        pos, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
        start, pos = der.read(tbs, pos, end)
        if tbs[start - 2] != der.INTEGER or tbs[start:pos] != b"\x01":
            raise MalformedCrl("version")
        algorithm, pos = der.element(tbs, pos, end, der.SEQUENCE)
        _, pos = der.read(tbs, pos, end, der.SEQUENCE)
        _, pos = der.read(tbs, pos, end)
        if pos < end and tbs[pos] in (der.UTC_TIME, der.GENERALIZED_TIME):
            _, pos = der.read(tbs, pos, end)
        if pos < end and tbs[pos] == der.SEQUENCE:
            return cls(tbs, algorithm, der.read(tbs, pos, end))
        return cls(tbs, algorithm, None)


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


# --- entries --------------------


# While the list is walked and sorted an entry is one integer: serial, then rank of the reason (8 bits), then biased
# seconds (40 bits).  Integers, unlike tuples, are no work for the garbage collector, which at 10^6 entries is most of
# the time.
_SERIAL_SHIFT = 48
_RANK_SHIFT = 40
_BIAS = 1 << 39


def _columns(tbs: bytes, span: tuple[int, int] | None) -> tuple[Sequence[int], Sequence[int], bytes]:
    """Walk the entries once; return serials (sorted), revocation times (Unix seconds) and reason numbers, in step."""
    rows = _walk(tbs, *span) if span else []
    # Hold ranks behind the final reasons, so a serial that is named twice is found at its final one.
    rows.sort()
    serials = [row >> _SERIAL_SHIFT for row in rows]
    compact = array("Q", serials) if not serials or serials[-1] < 1 << 64 else tuple(serials)
    seconds = array("q", [(row & (1 << _RANK_SHIFT) - 1) - _BIAS for row in rows])
    return compact, seconds, bytes([row >> _RANK_SHIFT & 0x7F for row in rows])


def _walk(tbs: bytes, pos: int, end: int) -> list[int]:
    """Every entry as one integer.  Written flat: this loop is nearly all of the cost of a large list."""
    rows: list[int] = []
    append = rows.append
    from_bytes = int.from_bytes
    times: dict[bytes, int] = {}
    blocks: dict[bytes, int] = {b"": _rank(RevocationReason.UNSPECIFIED)}
    while pos < end:
        if pos + 2 <= end and tbs[pos] == der.SEQUENCE and tbs[pos + 1] < _ONE_OCTET_SHORTCUT:
            pos, stop = pos + 2, pos + 2 + tbs[pos + 1]
        else:
            pos, stop = der.read(tbs, pos, end, der.SEQUENCE)
        if stop > end or pos + 2 > stop or tbs[pos] != der.INTEGER:
            raise MalformedCrl("entry")
        size = tbs[pos + 1]
        pos += 2
        if not 1 <= size <= 20 or pos + size + 2 > stop or tbs[pos] >= 0x80:
            raise MalformedCrl("serial")
        serial = from_bytes(tbs[pos : pos + size], "big")
        pos += size
        when_end = pos + 2 + tbs[pos + 1]
        if when_end > stop:
            raise MalformedCrl("entry")
        when = tbs[pos:when_end]
        seconds = times.get(when)
        if seconds is None:
            seconds = _seconds(when) + _BIAS
            if len(times) < _CACHE_LIMIT:
                times[when] = seconds
        block = tbs[when_end:stop]
        rank = blocks.get(block)
        if rank is None:
            rank = _rank(_reason(block))
            if len(blocks) < _CACHE_LIMIT:
                blocks[block] = rank
        append(serial << _SERIAL_SHIFT | rank | seconds)
        pos = stop
    return rows


def _rank(reason: RevocationReason) -> int:
    return (reason.value if reason.is_final else reason.value | 0x80) << _RANK_SHIFT


def _seconds(element: bytes) -> int:
    """A Time (RFC 5280 section 5.1.2.6: UTCTime until 2049, GeneralizedTime from 2050, always Z and with seconds)."""
    tag, text = element[0], element[2:]
    century = b""
    if tag == der.UTC_TIME and len(text) == 13:
        century = b"19" if text >= b"50" else b"20"
    elif tag != der.GENERALIZED_TIME or len(text) != 15:
        raise MalformedCrl("dates")
    digits, zone = century + text[:-1], text[-1:]
    if zone != b"Z" or not digits.isdigit():
        raise MalformedCrl("dates")
    hour, minute, second = int(digits[8:10]), int(digits[10:12]), int(digits[12:14])
    if hour > 23 or minute > 59 or second > 59:
        raise MalformedCrl("dates")
    return _midnight(digits[:8]) + 3600 * hour + 60 * minute + second


# The moments of a long list are nearly all different, the days are not.
@lru_cache(maxsize=_CACHE_LIMIT)
def _midnight(day: bytes) -> int:
    try:
        return int(datetime(int(day[:4]), int(day[4:6]), int(day[6:]), tzinfo=UTC).timestamp())
    except ValueError as error:
        raise MalformedCrl("dates") from error


def _reason(block: bytes) -> RevocationReason:
    """The reason in an entry's extensions (RFC 5280 section 5.3)."""
    pos, end = der.read(block, 0, len(block), der.SEQUENCE)
    if end != len(block) or pos == end:
        raise MalformedCrl("entry")
    reason = RevocationReason.UNSPECIFIED
    seen: set[str] = set()
    while pos < end:
        oid, critical, value, pos = _entry_extension(block, pos, end)
        if oid in seen:
            raise MalformedCrl("repeated_extension")
        seen.add(oid)
        if oid == oids.REASON_CODE:
            reason = _reason_code(value)
        elif oid == oids.CERTIFICATE_ISSUER:
            raise RefusedCrl("crl.indirect", oid)
        elif critical and oid != oids.INVALIDITY_DATE:
            raise RefusedCrl("crl.unknown_critical_extension", oid)
    return reason


def _entry_extension(block: bytes, pos: int, end: int) -> tuple[str, bool, bytes, int]:
    pos, stop = der.read(block, pos, end, der.SEQUENCE)
    start, pos = der.read(block, pos, stop, der.OBJECT_IDENTIFIER)
    oid = _dotted(block[start:pos])
    critical = False
    if pos < stop and block[pos] == der.BOOLEAN:
        start, pos = der.read(block, pos, stop, der.BOOLEAN)
        if block[start:pos] != b"\xff":
            raise MalformedCrl("entry")
        critical = True
    start, pos = der.read(block, pos, stop, der.OCTET_STRING)
    if pos != stop:
        raise MalformedCrl("entry")
    return oid, critical, block[start:pos], stop


def _reason_code(value: bytes) -> RevocationReason:
    start, stop = der.read(value, 0, len(value), der.ENUMERATED)
    if stop != len(value) or stop - start != 1:
        raise MalformedCrl("reason")
    try:
        reason = RevocationReason(value[start])
    except ValueError as error:
        raise MalformedCrl("reason") from error
    if reason is RevocationReason.REMOVE_FROM_CRL:
        raise MalformedCrl("reason")  # RFC 5280 section 5.3.1: only in delta lists
    return reason


def _dotted(content: bytes) -> str:
    """An OBJECT IDENTIFIER's content octets in dotted form (X.690 section 8.19)."""
    if not 1 <= len(content) <= _MAX_OID_OCTETS or content[-1] & 0x80:
        raise der.DerError("bad object identifier")
    arcs: list[int] = []
    value = 0
    for octet in content:
        if value == 0 and octet == 0x80:
            raise der.DerError("bad object identifier")
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _why(error: Exception) -> str:
    return "trailing_bytes" if str(error) == "trailing bytes" else "not_der"
