"""The walk over a long list's entries, many at a time.

Entries follow one another and each tells only its own length, so a walk is one step after the other.  Here a block of
the list is cut into lanes, each lane begins where an entry seems to begin, and one array operation moves all lanes on
by one entry.  Whether the guesses were right is proven, not assumed: every lane must end exactly where the next one
began, and the first began where the last entry of the block before ended.

What is read is then checked entry by entry, again in array operations.  A list that shows anything unusual (a wrong
guess, a length in more than one octet, anything that is not an entry) is not judged here: ``columns`` returns None and
``crl_walk.plain_columns`` decides.  Entries with other extensions than a reason are read one at a time, in place.

Run it only over bytes whose signature has been verified.  Memory: 25 to 37 octets an entry, up to twice that while
sorting, and a few MiB.
"""

import sys
from array import array
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verifier.pki import crl_columns, crl_entries, der
from verifier.pki.crl_columns import Columns
from verifier.pki.reasons import RevocationReason

Words = NDArray[np.uint64]
Indices = NDArray[np.int64]

# Octets a lane: a step costs the same for one lane as for hundreds, so short lists have short lanes.  All lanes of a
# block, and what is read of their entries, stay in the processor's cache.
_SHORTEST_LANE, _LONGEST_LANE = 512, 8 * 1024
_LANES = 512
# Up to here entries are found one after the other.
_FEW_OCTETS = 48 * 1024
# SEQUENCE and INTEGER headers, one octet of serial, a UTCTime: no entry is shorter.
_SHORTEST = 2 + 3 + 15
# Steps made before looking whether all lanes have arrived.
_UNLOOKED = 4
# SEQUENCE header, 22 octets of serial, a GeneralizedTime, and as much extension as one length octet can tell of.
_LONGEST = 2 + 0x7F
_UTC_TIME = np.uint64(der.UTC_TIME << 8 | 13)
_GENERALIZED_TIME = np.uint64(der.GENERALIZED_TIME << 8 | 15)
# SEQUENCE { SEQUENCE { id-ce-cRLReasons, OCTET STRING { ENUMERATED } } }, whose last octet is the reason
_REASON_BLOCK = 14
_REASON_HEAD = np.uint64(0x300C300A0603551D)
_REASON_TAIL = np.uint64(0x551D1504030A01)


class Unusual(Exception):
    """Something that only the plain walk may judge."""


def columns(data: memoryview, start: int, end: int) -> Columns | None:
    """Sorted columns of the entries between ``start`` and ``end``, or None if the plain walk has to decide.

    Raises ``MalformedCrl`` and ``RefusedCrl`` for an entry's extensions.  ``data`` goes on behind ``end`` (with the
    signature), and before ``start``.
    """
    octets = np.frombuffer(data, np.uint8)
    if start < 32 or len(octets) < end + 8:
        return None
    try:
        filled = _filled(octets, data, list(_blocks(octets, start, end)))
    except (Unusual, IndexError):  # IndexError: an entry that claims to reach beyond everything
        return None
    return _sorted(*filled)


def _filled(octets: NDArray[np.uint8], data: memoryview, blocks: list[Indices]) -> list[NDArray[Any]]:
    """The columns low, mid, top, seconds and reasons, block by block; mid and top are empty if no serial needs them."""
    rows = sum(map(len, blocks))
    low, seconds, reasons = np.empty(rows, np.uint64), np.empty(rows, np.int64), np.empty(rows, np.uint8)
    mid, top, done = np.empty(0, np.uint64), np.empty(0, np.uint32), 0
    while blocks:
        starts = blocks.pop(0)
        here = slice(done, done := done + len(starts))
        serials, seconds[here], reasons[here] = _read(octets, data, starts)
        low[here] = serials[0]
        if len(serials) > 1:
            if not len(mid):
                mid, top = np.zeros(rows, np.uint64), np.zeros(rows, np.uint32)
            mid[here], top[here] = serials[1:]
    return [low, mid, top, seconds, reasons]


# --- where the entries are ---------------------------------------------------------------------------------------


def _blocks(octets: NDArray[np.uint8], start: int, end: int) -> Iterator[Indices]:
    """The positions of all entries, block by block."""
    if end - start < _FEW_OCTETS:
        yield _one_by_one(octets, start, end)
        return
    lane = min(max((end - start) // _LANES, _SHORTEST_LANE), _LONGEST_LANE)
    while start < end:
        stop = min(start + lane * _LANES, end)
        found, start = _starts(octets, _lanes(octets, start, stop, lane), stop, end)
        yield found


def _one_by_one(octets: NDArray[np.uint8], start: int, end: int) -> Indices:
    """All positions of a list so short that a step costs less than it takes to set up the lanes."""
    lengths, pos, stop = octets[start:end].tobytes(), 1, end - start
    places = array("q")
    while pos <= stop:
        places.append(pos)
        pos += lengths[pos] + 2
    if pos != stop + 1:
        raise Unusual
    return np.frombuffer(places, np.int64) + (start - 1)


def _lanes(octets: NDArray[np.uint8], start: int, stop: int, lane: int) -> Indices:
    """The block's beginning, and the first place in each later lane that looks like the beginning of an entry."""
    origins = np.arange(start + lane, stop - 2 * _LONGEST, lane)
    places = (origins[:, None] + np.arange(_LONGEST)).ravel()
    places = places[octets[places] == der.SEQUENCE]
    length, size = octets[places + 1], octets[places + 3]
    seems = (length < 0x80) & (octets[places + 2] == der.INTEGER) & (size >= 1) & (size <= 20)
    places, length, size = places[seems], length[seems], size[seems]
    time = octets[places + 4 + size]
    seems = (time == der.UTC_TIME) | (time == der.GENERALIZED_TIME)
    places = places[seems & (octets[places + 2 + length] == der.SEQUENCE)]
    first = np.diff((places - start) // lane, prepend=0) > 0
    return np.concatenate(([start], places[first]))


def _starts(octets: NDArray[np.uint8], lanes: Indices, stop: int, end: int) -> tuple[Indices, int]:
    """Walk all lanes to where the next one began, the last one past ``stop``; every entry's position in order, and
    the one behind the last."""
    limits = np.append(lanes[1:], stop)
    steps = _steps(octets, lanes, limits).T
    entries = steps < limits[:, None]
    ends = steps[np.arange(len(lanes)), entries.sum(axis=1)]
    if (ends[:-1] != limits[:-1]).any() or ends[-1] > end:
        raise Unusual
    return steps[entries], int(ends[-1])


def _steps(octets: NDArray[np.uint8], lanes: Indices, limits: Indices) -> Indices:
    """A row for every step, a column for every lane; each lane is walked to its limit at least.  A lane that goes on
    beyond, while others are still on their way, does no harm and is not looked at."""
    most = int((limits - lanes).max()) // _SHORTEST + 1
    steps = np.empty((most + _UNLOOKED + 1, len(lanes)), np.int64)
    steps[0] = lanes
    count = 0
    while (steps[count] < limits).any():
        if count > most:
            raise Unusual
        for _ in range(_UNLOOKED):
            np.add(steps[count], octets.take(steps[count] + 1, mode="clip"), out=steps[count + 1])
            steps[count + 1] += 2
            count += 1
    return steps[: count + 1]


# --- what they say -----------------------------------------------------------------------------------------------


def _read(
    octets: NDArray[np.uint8], data: memoryview, starts: Indices
) -> tuple[tuple[NDArray[Any], ...], Indices, NDArray[np.uint8]]:
    """The serials, the seconds and the reasons of the entries at ``starts``."""
    head = _word(octets, starts)
    size = (head >> 32 & 0xFF).astype(np.int64)
    usual = (head >> 56 == der.SEQUENCE) & (head >> 48 & 0x80 == 0) & (head >> 40 & 0xFF == der.INTEGER)
    usual &= (size >= 1) & (size <= 20) & (head >> 24 & 0x80 == 0)
    if not usual.all():
        raise Unusual
    when = starts + 4 + size
    seconds, behind = _moments(octets, when)
    extra = starts + 2 + (head >> 48 & 0xFF).astype(np.int64) - behind
    if (extra < 0).any():
        raise Unusual
    return _serials(octets, when, size), seconds, _reasons(octets, data, behind, extra)


def _word(octets: NDArray[np.uint8], places: Indices) -> Words:
    """The eight octets at each place, as a big-endian number."""
    # A view, at no cost; `take` would make a copy of it, eight times the list.
    everywhere: NDArray[Any] = np.ndarray((len(octets) - 7,), np.uint64, octets, strides=(1,))
    words: Words = everywhere[places]
    return words.byteswap(inplace=True) if sys.byteorder == "little" else words


def _serials(octets: NDArray[np.uint8], ends: Indices, size: Indices) -> tuple[NDArray[Any], ...]:
    """The low part of the serials that end there, and the middle and the top one if any has them."""
    low = _word(octets, ends - 8) & _MASKS[np.minimum(size, 8)]
    if size.max() <= 8:
        return (low,)
    mid = _word(octets, ends - 16) & _MASKS[np.clip(size - 8, 0, 8)]
    top = _word(octets, ends - 24) & _MASKS[np.clip(size - 16, 0, 4)]
    return low, mid, top.astype(np.uint32)


_MASKS = np.array([(1 << 8 * octets) - 1 for octets in range(9)], np.uint64)


def _moments(octets: NDArray[np.uint8], places: Indices) -> tuple[Indices, Indices]:
    """Unix seconds of the Times at the places (as ``crl_entries.seconds`` reads them), and where they end."""
    head = _word(octets, places)
    general = head >> 48 == _GENERALIZED_TIME
    if not (general | (head >> 48 == _UTC_TIME)).all():
        raise Unusual
    digits = places + 2 + 2 * general
    if (octets.take(digits + 12, mode="clip") != ord("Z")).any():
        raise Unusual
    dates = _pairs(_word(octets, digits))
    return _midnights(_years(head, general, _pair(dates, 0)), dates) + _clock(octets, digits), digits + 13


def _years(head: Words, general: NDArray[np.bool_], short: NDArray[np.int32]) -> NDArray[np.int32]:
    """RFC 5280 section 4.1.2.5.1: two digits from 50 on are of the twentieth century; a GeneralizedTime has four."""
    years = short + np.where(short >= 50, np.int32(1900), np.int32(2000))
    if general.any():
        century = _pair(_pairs(np.where(general, head << 16 | 0x3030, _ZEROS)), 0)
        years = np.where(general, 100 * century + short, years)
    return years


def _midnights(years: NDArray[np.int32], dates: Words) -> Indices:
    months, days = _pair(dates, 1), _pair(dates, 2)
    month, starts = (years - 1) * 12 + months - 1, _month_starts()
    midnights = starts.take(month, mode="clip") + days - 1
    if years.min() < 1 or months.min() < 1 or months.max() > 12 or days.min() < 1:
        raise Unusual
    if (midnights >= starts.take(month + 1, mode="clip")).any():
        raise Unusual
    return midnights * 86400


def _clock(octets: NDArray[np.uint8], digits: Indices) -> NDArray[np.int32]:
    """Seconds since midnight: the last three of the four pairs that begin with the day."""
    pairs = _pairs(_word(octets, digits + 4))
    hours, minutes, seconds = (_pair(pairs, number) for number in (1, 2, 3))
    if hours.max() > 23 or minutes.max() > 59 or seconds.max() > 59:
        raise Unusual
    return hours * 3600 + minutes * 60 + seconds


_ZEROS = np.uint64(0x3030303030303030)
_EVEN = np.uint64(0x00FF00FF00FF00FF)
_HIGH = np.uint64(0xF0F0F0F0F0F0F0F0)


def _pairs(text: Words) -> Words:
    """Eight ASCII digits as four numbers of two digits each, to be taken out by ``_pair``."""
    digits = text - _ZEROS
    # Above "9" an octet's high bits change once 6 is added; below "0" they are another's from the start.
    if ((text & _HIGH) != _ZEROS).any() or ((text + np.uint64(0x0606060606060606)) & _HIGH != _ZEROS).any():
        raise Unusual
    return (digits >> 8 & _EVEN) * np.uint64(10) + (digits & _EVEN)


def _pair(pairs: Words, number: int) -> NDArray[np.int32]:
    place = 3 - number if sys.byteorder == "little" else number
    return pairs.view(np.uint16)[place::4].astype(np.int32)


@cache
def _month_starts() -> Indices:
    """Days from 1970 to the first of every month from January of year 1 to January of year 10000."""
    return np.arange("0001-01", "10000-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _reasons(octets: NDArray[np.uint8], data: memoryview, places: Indices, extra: Indices) -> NDArray[np.uint8]:
    """The reason in the ``extra`` octets of extensions at each place."""
    tail = _word(octets, places + 6)
    reasons = (tail & np.uint64(0xFF)).astype(np.uint8)
    plain = (extra == _REASON_BLOCK) & (_word(octets, places) == _REASON_HEAD) & (tail >> 8 == _REASON_TAIL)
    plain &= _KNOWN_REASONS[reasons]
    reasons[extra == 0] = RevocationReason.UNSPECIFIED
    known: dict[bytes, int] = {}
    for row in np.flatnonzero(~plain & (extra != 0)).tolist():
        place = int(places[row])
        block = bytes(data[place : place + int(extra[row])])
        if block not in known:
            if len(known) >= crl_entries.CACHE_LIMIT:
                known.clear()
            known[block] = crl_entries.reason(block)
        reasons[row] = known[block]
    return reasons


_KNOWN_REASONS = np.zeros(256, np.bool_)
_KNOWN_REASONS[[each.value for each in RevocationReason if each is not RevocationReason.REMOVE_FROM_CRL]] = True
_HOLD = np.uint8(RevocationReason.CERTIFICATE_HOLD)


# --- in order ----------------------------------------------------------------------------------------------------


def _sorted(low: Words, *others: NDArray[Any]) -> Columns:
    """The rows (low, mid, top, seconds, reasons) in the order that ``crl_columns`` tells."""
    order, low = _order(low)
    columns = [low, *(_ordered(each, order) for each in others)]
    if (low[1:] == low[:-1]).any():
        _, mid, top, seconds, reasons = columns
        rank = np.where(reasons == _HOLD, np.uint8(0xFF), reasons)
        order = np.lexsort((seconds, rank, *(each for each in (mid, top) if len(each)), low))
        columns = [_ordered(each, order) for each in columns]
    return crl_columns.of(*(np.ascontiguousarray(each) for each in columns))


def _ordered(column: NDArray[Any], order: Indices | None) -> NDArray[Any]:
    """The column in that order; a column that the list does without stays so."""
    return column if order is None or not len(column) else column[order]


def _order(low: Words) -> tuple[Indices | None, Words]:
    """The order of rising serials, None where they stand in it, and the serials in it; ``low`` itself is used up."""
    if (low[1:] >= low[:-1]).all():
        return None, low
    if int(low.max()) >> 32 or len(low) >> 32:
        order = np.argsort(low)
        return order, low[order]
    # Short serials, as JPKI has them: sorting numbers is quicker than sorting an order of them. In place, for of 10^7
    # rows each new column costs the system as much as sorting them.
    low <<= np.uint64(32)
    low |= np.arange(len(low), dtype=np.uint32)
    low.sort()
    order = (low & np.uint64(0xFFFFFFFF)).view(np.int64)
    low >>= np.uint64(32)
    return order, low
