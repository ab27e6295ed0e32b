"""Two byte strings side by side: the equal prefix, the first byte that differs, and the rest, which is not compared.

Bytes, not characters: a byte outside printable ASCII is shown in hexadecimal, so that nothing hides.
"""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django import template

register = template.Library()


@dataclass(frozen=True)
class Cell:
    """One byte as shown: `text` is the character or its hexadecimal form, `standing` is the CSS class."""

    text: str
    standing: str
    is_hex: bool = False


@dataclass(frozen=True)
class Comparison:
    """Two rows of cells. `difference` is the 1-based position of the first differing byte, None when equal."""

    upper: tuple[Cell, ...]
    lower: tuple[Cell, ...]
    difference: int | None
    upper_size: int
    lower_size: int


def _cell(value: int | None, standing: str) -> Cell:
    if value is None:
        return Cell("", "missing")
    if 0x21 <= value <= 0x7E:
        return Cell(chr(value), standing)
    return Cell(f"{value:02X}", standing, is_hex=True)


def compare(upper: bytes | str, lower: bytes | str) -> Comparison:
    """Compare byte by byte (text as UTF-8) and stop comparing at the first difference."""
    one = upper.encode() if isinstance(upper, str) else bytes(upper)
    two = lower.encode() if isinstance(lower, str) else bytes(lower)
    pairs = list(zip_longest(one, two))
    first = next((index for index, (a, b) in enumerate(pairs) if a != b), None)

    def standing(index: int) -> str:
        if first is None or index < first:
            return "same"
        return "first-difference" if index == first else "rest"

    return Comparison(
        upper=tuple(_cell(a, standing(index)) for index, (a, _) in enumerate(pairs)),
        lower=tuple(_cell(b, standing(index)) for index, (_, b) in enumerate(pairs)),
        difference=None if first is None else first + 1,
        upper_size=len(one),
        lower_size=len(two),
    )


def _runs(cells: tuple[Cell, ...], size: int, difference: int | None) -> list[dict[str, Any]]:
    """Neighbouring cells of one standing joined into one run; past the end only the byte that decides is shown."""
    runs: list[dict[str, Any]] = []
    for index, cell in enumerate(cells):
        if index >= size and index + 1 != difference:
            break
        text = f"‹{cell.text}›" if cell.is_hex else cell.text
        if runs and runs[-1]["standing"] == cell.standing:
            runs[-1]["text"] += text
        else:
            runs.append({"standing": cell.standing, "text": text})
    return runs


@register.inclusion_tag("components/byte_lines.html")
def byte_lines(upper: bytes | str, lower: bytes | str, *, upper_label: str, lower_label: str) -> dict[str, Any]:
    """Two labelled lines of text, one run per standing, with their sizes in bytes."""
    compared = compare(upper, lower)
    return {
        "lines": [
            {
                "label": upper_label,
                "runs": _runs(compared.upper, compared.upper_size, compared.difference),
                "size": compared.upper_size,
            },
            {
                "label": lower_label,
                "runs": _runs(compared.lower, compared.lower_size, compared.difference),
                "size": compared.lower_size,
            },
        ]
    }


@register.inclusion_tag("components/byte_grid.html")
def byte_grid(upper: bytes | str, lower: bytes | str, *, upper_label: str, lower_label: str) -> dict[str, Any]:
    """One cell per byte, the two rows above each other; wraps in lines on narrow screens."""
    compared = compare(upper, lower)
    columns = [
        {"position": index + 1, "upper": above, "lower": below, "is_marked": index + 1 == compared.difference}
        for index, (above, below) in enumerate(zip(compared.upper, compared.lower, strict=True))
    ]
    return {
        "columns": columns,
        "compared": compared,
        "same": len(columns) if compared.difference is None else compared.difference - 1,
        "upper": upper.encode() if isinstance(upper, str) else upper,
        "lower": lower.encode() if isinstance(lower, str) else lower,
        "upper_label": upper_label,
        "lower_label": lower_label,
    }
