"""The table of certificate kinds as JSON values, for developers and for the page that shows it."""

from typing import Any

from django.utils import translation

from verifier.kind_words import NOT_PUBLISHED, SOURCES
from verifier.pki import algorithms, kind_data


def table(language: str) -> dict[str, Any]:
    """Everything that ``kind_data`` says, with the sources in words of one language."""
    with translation.override(language):
        return {
            "version": kind_data.VERSION,
            "kinds": [{**_key(key), "values": _values(row)} for key, row in kind_data.ROWS.items()],
            "not_published": [
                {**_key(key), "why": str(NOT_PUBLISHED[why])} for key, why in kind_data.NOT_PUBLISHED.items()
            ],
            "algorithms": [_algorithm(row) for row in algorithms.ALGORITHMS],
        }


def _key(key: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("purpose", "medium", "world"), key, strict=True))


def _values(row: kind_data.Row) -> dict[str, Any]:
    return {
        name: {
            "value": list(each.value) if isinstance(each.value, tuple) else each.value,
            "basis": each.basis,
            "source": str(SOURCES[each.source]),
            "since": each.since,
        }
        for name, each in zip(row._fields, row, strict=True)
    }


def _algorithm(row: algorithms.Algorithm) -> dict[str, Any]:
    return {
        "id": row.id,
        "family": row.family,
        "min_bits": row.bits[0],
        "max_bits": row.bits[1],
        "curve": row.curve,
        "digests": sorted(row.digests),
    }
