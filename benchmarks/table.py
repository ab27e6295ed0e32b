"""The one table: what was measured, beside its floor from the same run, and how many times the floor's cost it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.timing import Timing

# (must, aim, unit)
Limits = tuple[tuple[float, float | None, str], ...]
HEAD = ("what", "measured", "floor", "measured floor", "× the floor", "limit", "verdict")


@dataclass(frozen=True)
class Limit:
    """What a line must keep to and what it aims at. `value` is what was measured, in `unit`."""

    value: float
    must: float
    aim: float | None = None
    unit: str = "×"

    def __str__(self) -> str:
        aim = "" if self.aim is None else f", aim {self.aim:.3g}"
        return f"≤ {self.must:g}{aim} {self.unit}"

    @property
    def verdict(self) -> str:
        if self.value > self.must:
            return "missed"
        return "met" if self.aim is None or self.value > self.aim else "aim met"


@dataclass(frozen=True)
class Row:
    """One line. `ratio` is a cost ratio: 1 is as cheap as the floor, larger is dearer."""

    what: str
    measured: str
    floor: str
    floor_measured: str
    ratio: str
    limits: tuple[Limit, ...] = ()

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.what, self.measured, self.floor, self.floor_measured, self.ratio, *self._judged)

    @property
    def _judged(self) -> tuple[str, str]:
        limits = "; ".join(str(limit) for limit in self.limits)
        return limits, "; ".join(limit.verdict for limit in self.limits)


def timed(
    what: str, measured: Timing, floor: str, floor_measured: Timing, *, note: str = "", limits: Limits = ()
) -> Row:
    """A line of two times. A limit without unit is one of the ratio, others are of the median in µs or s."""
    ratio = measured.over(floor_measured)
    return Row(
        what,
        _times(measured) + note,
        floor,
        _times(floor_measured),
        f"{ratio.median:.1f} (min {ratio.best:.1f})",
        tuple(Limit(_value(ratio.median, measured.median, unit), must, aim, unit) for must, aim, unit in limits),
    )


def _value(ratio: float, seconds: float, unit: str) -> float:
    return {"×": ratio, "µs": seconds * 1e6, "s": seconds}[unit]


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
