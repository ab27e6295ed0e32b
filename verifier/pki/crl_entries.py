"""One entry of a revocation list, piece by piece (RFC 5280 sections 5.1.2.6 and 5.3).

Shared by the two walks over a list (``crl_walk`` and ``crl_wide_walk``): what one of them refuses, the other does.
"""

from datetime import UTC, datetime
from functools import lru_cache

from verifier.pki import der, oids
from verifier.pki.errors import MalformedCrl, RefusedCrl
from verifier.pki.reasons import RevocationReason

# Extension blocks are nearly always one of seven byte strings; invalidity dates could make them all different.
CACHE_LIMIT = 4096


def seconds(element: bytes) -> int:
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
@lru_cache(maxsize=CACHE_LIMIT)
def _midnight(day: bytes) -> int:
    try:
        return int(datetime(int(day[:4]), int(day[4:6]), int(day[6:]), tzinfo=UTC).timestamp())
    except ValueError as error:
        raise MalformedCrl("dates") from error


def reason(block: bytes) -> RevocationReason:
    """The reason in an entry's extensions (RFC 5280 section 5.3)."""
    pos, end = der.read(block, 0, len(block), der.SEQUENCE)
    if end != len(block) or pos == end:
        raise MalformedCrl("entry")
    found = RevocationReason.UNSPECIFIED
    seen: set[str] = set()
    while pos < end:
        oid, critical, value, pos = _entry_extension(block, pos, end)
        if oid in seen:
            raise MalformedCrl("repeated_extension")
        seen.add(oid)
        if oid == oids.REASON_CODE:
            found = _reason_code(value)
        elif oid == oids.CERTIFICATE_ISSUER:
            raise RefusedCrl("crl.indirect", oid)
        elif critical and oid != oids.INVALIDITY_DATE:
            raise RefusedCrl("crl.unknown_critical_extension", oid)
    return found


def _entry_extension(block: bytes, pos: int, end: int) -> tuple[str, bool, bytes, int]:
    pos, stop = der.read(block, pos, end, der.SEQUENCE)
    start, pos = der.read(block, pos, stop, der.OBJECT_IDENTIFIER)
    oid = der.dotted(block[start:pos])
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
