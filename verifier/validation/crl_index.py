"""Revocation lists, filed by the key that signs them and the distribution point they speak for.

Filed by key and not by issuer name, because generations share a name: with names, the other generation's list would
answer, or would hide the right one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from verifier.pki.crl import Crl, RevokedEntry, look_up
from verifier.pki.crl_columns import Columns
from verifier.validation.list_signer import ListSigner


@dataclass(frozen=True, slots=True)
class IndexedList:
    """What a judgement needs of a list that was accepted before: its number, its window (aware UTC), its entries."""

    number: int | None
    this_update: datetime
    next_update: datetime
    columns: Columns

    def lookup(self, serial: int) -> RevokedEntry | None:
        """The entry for a serial, or None."""
        return look_up(self.columns, serial)


@dataclass(frozen=True, slots=True)
class CrlEvidence:
    """A list that passed ``revocation.accept_crl``.  ``dp_name`` is normalised DER, ``fetched_at`` aware UTC,
    ``source`` a label for answers (never followed as an address).  ``series`` tells the sources of one distribution
    point apart: lists of one series follow one another, lists of different ones stand side by side."""

    crl: Crl | IndexedList
    issuer_key_id: bytes
    dp_name: bytes
    fetched_at: datetime
    source: str
    series: str = ""
    signer: ListSigner | None = None

    def is_fresh(self, at: datetime) -> bool:
        """True within thisUpdate … nextUpdate, both ends included."""
        return self.crl.this_update <= at <= self.crl.next_update


Series = tuple[CrlEvidence, ...]


class CrlIndex:
    """Accepted lists, found by (issuer key id, distribution point)."""

    def __init__(self, evidence: Iterable[CrlEvidence] = ()) -> None:
        self._evidence = tuple(evidence)
        filed: dict[tuple[bytes, bytes], dict[str, list[CrlEvidence]]] = {}
        for item in self._evidence:
            filed.setdefault((item.issuer_key_id, item.dp_name), {}).setdefault(item.series, []).append(item)
        self._series: dict[tuple[bytes, bytes], tuple[Series, ...]] = {
            key: tuple(map(_newest_first, series.values())) for key, series in filed.items()
        }

    def find(self, issuer_key_id: bytes, dp_name: bytes) -> tuple[Series, ...]:
        """Every list of this issuer key for this distribution point (normalised DER): its series in the order given,
        the lists of each from the newest to the oldest.  Often none, or one of one.
        """
        return self._series.get((issuer_key_id, dp_name), ())

    @cached_property
    def issuers_own(self) -> "CrlIndex":
        """The lists that the issuers' own keys signed: those that tell whether a signer in their place is good."""
        return CrlIndex(item for item in self._evidence if item.signer is None)


def _newest_first(lists: list[CrlEvidence]) -> Series:
    return tuple(sorted(lists, key=lambda item: (item.crl.this_update, item.crl.number or 0), reverse=True))
