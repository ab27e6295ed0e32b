"""The walk over a list's entries, once, into sorted columns.

This one is for short lists and decides about all others: ``crl_wide_walk``, which is made for lists of 10^5 entries
and more, hands a list in which it finds anything unusual over to it.
"""

from array import array

from verifier.pki import crl_columns, crl_entries, der
from verifier.pki.crl_columns import LOW_MASK, Columns
from verifier.pki.errors import MalformedCrl
from verifier.pki.reasons import RevocationReason

# From this size of all entries on (some hundred of them) the wide walk is quicker.
WIDE_FROM_BYTES = 4 * 1024
_ONE_OCTET_SHORTCUT = 0x80

# While the list is walked and sorted an entry is one integer: serial, then rank of the reason (8 bits), then biased
# seconds (40 bits).  Integers, unlike tuples, are no work for the garbage collector, which at 10^6 entries is most of
# the time.  A hold ranks behind the final reasons, so a serial that is named twice is found at its final one.
_SERIAL_SHIFT = 48
_RANK_SHIFT = 40
_BIAS = 1 << 39
_SECONDS_MASK = (1 << _RANK_SHIFT) - 1


def columns(data: memoryview, start: int, end: int) -> Columns:
    """The entries between ``start`` and ``end`` of a list; raises ``MalformedCrl`` and ``RefusedCrl``."""
    if end - start >= WIDE_FROM_BYTES:
        # Not above: numpy costs a process that only looks lists up 20 MiB.
        from verifier.pki import crl_wide_walk

        found = crl_wide_walk.columns(data, start, end)
        if found is not None:
            return found
    return plain_columns(bytes(data[start:end]))


def plain_columns(entries: bytes) -> Columns:
    """The same without numpy, for the bytes of the entries alone."""
    rows = _walk(entries)
    rows.sort()
    if rows and rows[-1] >> _SERIAL_SHIFT > LOW_MASK:
        rows.sort(key=lambda row: row >> _SERIAL_SHIFT & LOW_MASK)
    serials = [row >> _SERIAL_SHIFT for row in rows]
    long = max(serials, default=0) > LOW_MASK
    return crl_columns.of(
        array("Q", [serial & LOW_MASK for serial in serials] if long else serials),
        array("Q", [serial >> 64 & LOW_MASK for serial in serials] if long else []),
        array("I", [serial >> 128 for serial in serials] if long else []),
        array("q", [(row & _SECONDS_MASK) - _BIAS for row in rows]),
        bytes([row >> _RANK_SHIFT & 0x7F for row in rows]),
    )


def _walk(entries: bytes) -> list[int]:
    """Every entry as one integer.  Written flat: this loop is nearly all of the cost of a short list."""
    rows: list[int] = []
    append = rows.append
    from_bytes = int.from_bytes
    times: dict[bytes, int] = {}
    blocks: dict[bytes, int] = {b"": _rank(RevocationReason.UNSPECIFIED)}
    pos, end = 0, len(entries)
    while pos < end:
        if pos + 2 <= end and entries[pos] == der.SEQUENCE and entries[pos + 1] < _ONE_OCTET_SHORTCUT:
            pos, stop = pos + 2, pos + 2 + entries[pos + 1]
        else:
            pos, stop = der.read(entries, pos, end, der.SEQUENCE)
        if stop > end or pos + 2 > stop or entries[pos] != der.INTEGER:
            raise MalformedCrl("entry")
        size = entries[pos + 1]
        pos += 2
        if not 1 <= size <= 20 or pos + size + 2 > stop or entries[pos] >= 0x80:
            raise MalformedCrl("serial")
        serial = from_bytes(entries[pos : pos + size], "big")
        pos += size
        when_end = pos + 2 + entries[pos + 1]
        if when_end > stop:
            raise MalformedCrl("entry")
        when = entries[pos:when_end]
        seconds = times.get(when)
        if seconds is None:
            seconds = crl_entries.seconds(when) + _BIAS
            if len(times) < crl_entries.CACHE_LIMIT:
                times[when] = seconds
        block = entries[when_end:stop]
        rank = blocks.get(block)
        if rank is None:
            rank = _rank(crl_entries.reason(block))
            if len(blocks) < crl_entries.CACHE_LIMIT:
                blocks[block] = rank
        append(serial << _SERIAL_SHIFT | rank | seconds)
        pos = stop
    return rows


def _rank(reason: RevocationReason) -> int:
    return (reason.value if reason.is_final else reason.value | 0x80) << _RANK_SHIFT
