"""A TBSCertificate cut into the slices that are wanted as received (RFC 5280 section 4.1)."""

from typing import NamedTuple

from verifier.pki import der


class Frame(NamedTuple):
    """``has_version`` is False for version 1; ``serial`` says where its octets begin and end; ``algorithm``,
    ``issuer`` and ``spki`` are whole elements; ``key_bits`` is the subjectPublicKey without its unused-bits octet;
    ``behind_key`` is where the fields behind the key begin."""

    has_version: bool
    serial: tuple[int, int]
    algorithm: bytes
    issuer: bytes
    spki: bytes
    key_bits: bytes
    behind_key: int


def cut(tbs: bytes) -> Frame:
    """One pass over the fields in front of the extensions: each name below is where that field ends.  Raises
    ``DerError``."""
    pos, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
    has_version = pos < end and tbs[pos] == 0xA0
    if has_version:
        _, pos = der.read(tbs, pos, end)
    serial = der.read(tbs, pos, end, der.INTEGER)
    _, algorithm = der.read(tbs, serial[1], end, der.SEQUENCE)
    _, issuer = der.read(tbs, algorithm, end, der.SEQUENCE)
    _, validity = der.read(tbs, issuer, end, der.SEQUENCE)
    _, subject = der.read(tbs, validity, end, der.SEQUENCE)
    pos, spki = der.read(tbs, subject, end, der.SEQUENCE)
    _, pos = der.read(tbs, pos, spki, der.SEQUENCE)
    start, stop = der.read(tbs, pos, spki, der.BIT_STRING)
    return Frame(
        has_version=has_version,
        serial=serial,
        algorithm=tbs[serial[1] : algorithm],
        issuer=tbs[algorithm:issuer],
        spki=tbs[subject:spki],
        key_bits=tbs[start + 1 : stop],
        behind_key=spki,
    )
