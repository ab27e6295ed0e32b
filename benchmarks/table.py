"""The one table: what was measured, beside its floor from the same run, and how many times the floor's cost it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.timing import Timing

HEAD = ("what", "measured", "floor", "measured floor", "× the floor")


@dataclass(frozen=True)
class Row:
    """One line. `ratio` is a cost ratio: 1 is as cheap as the floor, larger is dearer."""

    what: str
    measured: str
    floor: str
    floor_measured: str
    ratio: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.what, self.measured, self.floor, self.floor_measured, self.ratio)


def timed(what: str, measured: Timing, floor: str, floor_measured: Timing, *, note: str = "") -> Row:
    """A line of two times."""
    ratio = measured.over(floor_measured)
    return Row(
        what, _times(measured) + note, floor, _times(floor_measured), f"{ratio.median:.1f} (min {ratio.best:.1f})"
    )


def _times(timing: Timing) -> str:
    unit, factor = ("µs", 1e6) if timing.median < 1e-3 else ("ms", 1e3)
    digits = 0 if timing.best * factor >= 100 else 1
    return f"{timing.median * factor:.{digits}f} {unit} (min {timing.best * factor:.{digits}f})"


def rendered(rows: Iterable[Row]) -> str:
    """A Markdown table, padded so that it reads well in a terminal too."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([text[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *text[1:]])
