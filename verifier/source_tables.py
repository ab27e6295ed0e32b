"""A table of sources of revocation lists, as an operator hands it in: CSV with the columns name, url, series.

`name` is the directory name of the distribution point as the site writes it (`C=JP, O=JPKI, …, CN=… CRLDP`); `url` may
be empty, then lists are handed in as files; `series` may be missing.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction

from portal import http
from verifier import anchors
from verifier.models import DistributionPoint, TrustAnchor
from verifier.pki import names

_COLUMNS = {"name", "url", "series"}


class TableRefused(Exception):
    """A line that cannot be taken; nothing of the table is."""


class Done(StrEnum):
    """What entering a row comes to."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Row:
    """One source. `dp_name` is normalised DER, `label` the name for people."""

    dp_name: bytes
    label: str
    url: str
    series: str


def read(lines: Iterable[str]) -> list[Row]:
    """The rows of the table; raises TableRefused naming the line."""
    table = csv.DictReader(lines)
    if not {"name", "url"} <= set(table.fieldnames or ()) <= _COLUMNS:
        raise TableRefused("line 1: the columns are name, url and perhaps series")
    rows = [_row(line, number) for number, line in enumerate(table, 2)]
    seen: set[tuple[bytes, str]] = set()
    for number, row in enumerate(rows, 2):
        if (row.dp_name, row.series) in seen:
            raise TableRefused(f"line {number}: the same name and series a second time")
        seen.add((row.dp_name, row.series))
    return rows


@transaction.atomic
def enter(anchor: TrustAnchor, rows: Iterable[Row], *, by: Any) -> Iterator[tuple[Done, Row]]:
    """Enter the sources of the anchor's key, all or none; what stands so already is left as it is. `by` stands in the
    trail, a line for each source that is new or has another address.
    """
    standing = {
        (bytes(point.dp_name), point.series): point.url
        for point in DistributionPoint.objects.in_use().filter(anchor=anchor)
    }
    done = []
    for row in rows:
        url = standing.get((row.dp_name, row.series))
        if url != row.url:
            anchors.add_distribution_point(
                anchor.environment,
                anchor=anchor,
                dp_name=row.dp_name,
                url=row.url,
                by=by,
                label=row.label,
                series=row.series,
            )
        done.append((Done.ADDED if url is None else Done.UNCHANGED if url == row.url else Done.CHANGED, row))
    return iter(done)


def _row(line: dict[str, Any], number: int) -> Row:
    name, url, series = ((line.get(column) or "").strip() for column in ("name", "url", "series"))
    try:
        directory_name = names.written(name)
    except ValueError as error:
        raise TableRefused(f"line {number}: not a directory name: {name}") from error
    if not directory_name.rdns:
        raise TableRefused(f"line {number}: the name is empty")
    if url and (not http.is_address(url) or len(url) > 500):
        raise TableRefused(f"line {number}: not an http or https address: {url}")
    if len(series) > 30:
        raise TableRefused(f"line {number}: the series is longer than 30 characters")
    return Row(names.normalised(directory_name), names.readable(directory_name), url, series)
