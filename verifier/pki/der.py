"""Just enough DER (ITU-T X.690) to slice bytes exactly and to walk long lists; `cryptography` does the rest.

Every reader raises ``DerError`` on bytes that are not DER, and never reads past the end it was given.
"""

SEQUENCE = 0x30
SET = 0x31
BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
OBJECT_IDENTIFIER = 0x06
ENUMERATED = 0x0A
UTF8_STRING = 0x0C
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18

_MAX_OID_OCTETS = 63


class DerError(ValueError):
    """Bytes that are not DER.  Stays inside this package: parsers turn it into a MalformedInput."""


def read(data: bytes | memoryview, start: int, end: int, tag: int | None = None) -> tuple[int, int]:
    """Read one element's header at ``start``; return where its content starts and stops.

    ``end`` bounds the element; ``tag``, if given, is the only tag accepted.  Lengths must be definite and minimal.
    """
    if start + 2 > end:
        raise DerError("truncated")
    if tag is not None and data[start] != tag:
        raise DerError("unexpected tag")
    length = data[start + 1]
    content = start + 2
    if length == 0x82 and content + 2 <= end:  # most that is not short
        length = data[content] << 8 | data[content + 1]
        if length < 0x100:
            raise DerError("length not minimal")
        content += 2
    elif length >= 0x80:
        octets = length & 0x7F
        if not 1 <= octets <= 8 or content + octets > end:
            raise DerError("bad length")
        length = int.from_bytes(data[content : content + octets], "big")
        if data[content] == 0 or length < 0x80:
            raise DerError("length not minimal")
        content += octets
    stop = content + length
    if stop > end:
        raise DerError("truncated")
    return content, stop


def element(data: bytes, start: int, end: int, tag: int | None = None) -> tuple[bytes, int]:
    """One whole element, header included, and the position behind it."""
    _, stop = read(data, start, end, tag)
    return data[start:stop], stop


def signed_spans(data: bytes | memoryview) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Where in a SIGNED structure (RFC 5280 sections 4.1 and 5.1) the to-be-signed element, the AlgorithmIdentifier
    and the signature's octets begin and end.  Nothing is copied."""
    start, end = read(data, 0, len(data), SEQUENCE)
    if end != len(data):
        raise DerError("trailing bytes")
    _, tbs_end = read(data, start, end, SEQUENCE)
    _, algorithm_end = read(data, tbs_end, end, SEQUENCE)
    bits, stop = read(data, algorithm_end, end, BIT_STRING)
    if stop != end or bits == stop or data[bits] != 0:
        raise DerError("bad signature field")
    return (start, tbs_end), (tbs_end, algorithm_end), (bits + 1, stop)


def split_signed(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Cut a SIGNED structure into raw to-be-signed bytes, raw AlgorithmIdentifier and the signature's bytes.  The
    slices are the received bytes themselves: nothing is re-encoded before a signature is checked."""
    tbs, algorithm, signature = signed_spans(data)
    return data[tbs[0] : tbs[1]], data[algorithm[0] : algorithm[1]], data[signature[0] : signature[1]]


def encode(tag: int, content: bytes) -> bytes:
    """One DER element."""
    return header(tag, len(content)) + content


def header(tag: int, length: int) -> bytes:
    """Tag and length of an element with ``length`` octets of content."""
    if length < 0x80:
        return bytes((tag, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets


def dotted(content: bytes) -> str:
    """An OBJECT IDENTIFIER's content octets in dotted form (X.690 section 8.19)."""
    if not 1 <= len(content) <= _MAX_OID_OCTETS or content[-1] & 0x80:
        raise DerError("bad object identifier")
    arcs: list[int] = []
    value = 0
    for octet in content:
        if value == 0 and octet == 0x80:
            raise DerError("bad object identifier")
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))
