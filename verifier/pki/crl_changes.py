"""What changed from one list of a distribution point to the next: the events an SP who keeps certificates waits for.

Pure, and never kept: both lists are at hand as columns, and the difference is found in one pass of array operations.
Run it where lists are taken in (it loads numpy).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verifier.pki.crl_columns import Columns
from verifier.pki.reasons import RevocationReason


class Change(StrEnum):
    """What became of a serial.  REMOVED is what follows a hold that was lifted, or an entry that has left the list
    after its certificate expired (RFC 5280 section 3.3)."""

    NEW = "new"
    REMOVED = "removed"
    REASON_CHANGED = "reason_changed"


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One event; ``before`` is None for NEW, ``after`` is None for REMOVED.  ``revoked_at`` is what the list gives as
    the moment of the entry (aware UTC): the next list's, for REMOVED that of the list it left.
    """

    serial: int
    change: Change
    before: RevocationReason | None
    after: RevocationReason | None
    revoked_at: datetime


def changes(before: Columns, after: Columns) -> Iterator[StatusChange]:
    """The events that lead from one list to the next, each serial once: the new ones, the removed ones, the changed
    ones, each in the order of the columns.  A serial that a list names twice counts with its final reason.
    """
    long = bool(before.mids or after.mids)
    old_keys, new_keys = _keys(before, long), _keys(after, long)
    old, new = _first_rows(old_keys), _first_rows(new_keys)
    in_old, in_new = _common(old_keys[old], new_keys[new])
    for row in np.delete(new, in_new).tolist():
        yield StatusChange(after.serial(row), Change.NEW, None, after.reason(row), _moment(after, row))
    for row in np.delete(old, in_old).tolist():
        yield StatusChange(before.serial(row), Change.REMOVED, before.reason(row), None, _moment(before, row))
    kept, stays = old[in_old], new[in_new]
    differs = np.asarray(before.reasons)[kept] != np.asarray(after.reasons)[stays]
    for was, now in zip(kept[differs].tolist(), stays[differs].tolist(), strict=True):
        reasons = before.reason(was), after.reason(now)
        yield StatusChange(after.serial(now), Change.REASON_CHANGED, *reasons, _moment(after, now))


def _moment(columns: Columns, row: int) -> datetime:
    return datetime.fromtimestamp(columns.seconds[row], UTC)


def _common(old: NDArray[Any], new: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the keys that stand in both stand in each."""
    _, in_old, in_new = np.intersect1d(old, new, assume_unique=True, return_indices=True)
    return in_old, in_new


def _keys(columns: Columns, long: bool) -> NDArray[Any]:
    """One comparable key a row: the low 64 bits of the serial, or all of it where either list has longer ones."""
    if not long:
        return np.asarray(columns.lows)
    keys = np.zeros(len(columns), [("top", ">u4"), ("mid", ">u8"), ("low", ">u8")])
    keys["low"] = columns.lows
    if columns.mids:
        keys["top"], keys["mid"] = columns.tops, columns.mids
    return keys.view("S20")


def _first_rows(keys: NDArray[Any]) -> NDArray[np.int64]:
    """The first row of each serial: where one is named twice it is the final one."""
    return np.flatnonzero(np.concatenate((np.ones(min(len(keys), 1), np.bool_), keys[1:] != keys[:-1])))
