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
    """One pass over the fields in front of the extensions.  Raises ``DerError``."""
    pos, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
    has_version = pos < end and tbs[pos] == 0xA0
    if has_version:
        _, pos = der.read(tbs, pos, end)
    serial = der.read(tbs, pos, end, der.INTEGER)
    algorithm, pos = der.element(tbs, serial[1], end, der.SEQUENCE)
    issuer, pos = der.element(tbs, pos, end, der.SEQUENCE)
    _, pos = der.read(tbs, pos, end, der.SEQUENCE)
    _, pos = der.read(tbs, pos, end, der.SEQUENCE)
    spki, behind_key = der.element(tbs, pos, end, der.SEQUENCE)
    pos, end = der.read(spki, 0, len(spki), der.SEQUENCE)
    _, pos = der.read(spki, pos, end, der.SEQUENCE)
    start, stop = der.read(spki, pos, end, der.BIT_STRING)
    return Frame(has_version, serial, algorithm, issuer, spki, spki[start + 1 : stop], behind_key)
