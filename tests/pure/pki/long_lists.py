"""Revocation lists of up to 10^7 entries in a moment: rows of fixed width, filled column by column, and one signature.

The library's builder copies the whole list for each entry that is added. All entries of one list have the same
length here; `tests/pure/pki/test_wide_walk.py` mixes them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verifier.pki import der

REASON = bytes.fromhex("300c300a0603551d1504030a01")


def serials(entries: int, octets: int, seed: int = 1) -> NDArray[np.uint8]:
    """Different positive serials, in no order: a row of octets each."""
    generator = np.random.default_rng(seed)
    if octets > 8:
        rows = generator.integers(0, 256, (entries, octets), dtype=np.uint8)
        rows[:, 0] = rows[:, 0] & 0x3F | 0x40
        return rows
    first = 0x40 << 8 * (octets - 1)
    numbers = first + 3 * np.arange(entries, dtype=np.uint64)
    generator.shuffle(numbers)
    return numbers.astype(">u8").view(np.uint8).reshape(entries, 8)[:, 8 - octets :]


def rows(serial: NDArray[np.uint8], seed: int = 2) -> NDArray[np.uint8]:
    """The entries' octets: the serial, a moment in 2026, and a reason."""
    entries, octets = serial.shape
    width = 2 + 2 + octets + 15 + 14
    out = np.empty((entries, width), np.uint8)
    out[:, :4] = (der.SEQUENCE, width - 2, der.INTEGER, octets)
    out[:, 4 : 4 + octets] = serial
    when = 4 + octets
    out[:, when : when + 2] = (der.UTC_TIME, 13)
    generator = np.random.default_rng(seed)
    out[:, when + 2 : when + 4] = (ord("2"), ord("6"))
    for place, (low, high) in enumerate(((1, 12), (1, 28), (0, 23), (0, 59), (0, 59))):
        number = generator.integers(low, high + 1, entries, dtype=np.uint8)
        out[:, when + 4 + 2 * place] = number // 10 + ord("0")
        out[:, when + 5 + 2 * place] = number % 10 + ord("0")
    out[:, when + 14] = ord("Z")
    out[:, when + 15 : when + 28] = np.frombuffer(REASON, np.uint8)
    out[:, when + 28] = np.array([0, 1, 3, 4, 5, 6], np.uint8)[generator.integers(0, 6, entries)]
    return out


def around(empty: bytes, entries: Any, sign: Callable[[bytes], bytes]) -> bytes:
    """An empty list with these entries put in (any buffer of DER entries), signed again."""
    tbs, algorithm, _ = der.split_signed(empty)
    start, end = der.read(tbs, 0, len(tbs), der.SEQUENCE)
    last = pos = start
    while pos < end:
        last = pos
        _, pos = der.read(tbs, pos, end)
    content = b"".join((tbs[start:last], _header(memoryview(entries).nbytes), memoryview(entries), tbs[last:end]))
    whole = b"".join((_header(len(content)), content))
    tail = algorithm + der.encode(der.BIT_STRING, b"\0" + sign(whole))
    return b"".join((_header(len(whole) + len(tail)), whole, tail))


def _header(length: int) -> bytes:
    return der.header(der.SEQUENCE, length)
