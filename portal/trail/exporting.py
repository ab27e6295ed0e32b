"""The trail handed out: JSON lines with the proof inside, and CSV for spreadsheets.

JSON lines, in order: one `export` (what was asked), `segment`s, at last one `end` with the digest of all before it. A
segment runs from its first event to the next signed checkpoint: `from`, `to`, the link before `from`, the signed
statement. Inside, each event asked for stands as an `event` line with its whole row; each other row is stood for by its
digest in a `digests` line. Whoever chains them arrives at the signed head, or something was changed or left out.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from portal.audit import chain, rows
from portal.audit.models import AuditCheckpoint, AuditEvent, AuditSeal

STEP: Final = 500
COLUMNS: Final = (
    "sequence", "at", "action", "subject_type", "subject_id", "provider", "acting_operator", "actor_kind", "actor",
    "reason", "request_id", "before", "after", "details", "link",
)  # fmt: skip
# A cell that begins so is a formula to a spreadsheet (OWASP: CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Named = dict[int, str]


@dataclass(frozen=True)
class Selection:
    """What is handed out: events no later than the checkpoint, and whom of their actors the reader may know by name.

    `everything` says that nothing was filtered, so that a gap would be a fault.
    """

    events: QuerySet[AuditEvent]
    checkpoint: AuditCheckpoint
    names: Named
    asked: dict[str, str]
    reader: str
    made_at: str
    everything: bool

    def sealed(self) -> QuerySet[AuditEvent]:
        return self.events.filter(seal__sequence__lte=self.checkpoint.size)


def in_order(selection: Selection) -> Iterator[dict[str, Any]]:
    """The selected events by sequence, each a dictionary of `rows.COLUMNS` and its seal; a few hundred at a time."""
    after = 0
    columns = (*rows.COLUMNS, "seal__sequence", "seal__link")
    while True:
        found = selection.sealed().filter(seal__sequence__gt=after).order_by("seal__sequence").values(*columns)
        step = list(found[:STEP])
        if not step:
            return
        yield from step
        after = step[-1]["seal__sequence"]


def json_lines(selection: Selection) -> Iterator[bytes]:
    """The whole file, line by line."""
    whole = hashlib.sha256()
    for line in _lines(selection):
        text = chain.canonical(line) + b"\n"
        whole.update(text)
        yield text
    yield chain.canonical({"type": "end", "sha256": whole.hexdigest()}) + b"\n"


def _lines(selection: Selection) -> Iterator[dict[str, Any]]:
    yield {
        "type": "export",
        "version": 1,
        "reader": selection.reader,
        "asked": selection.asked,
        "everything": selection.everything,
        "made_at": selection.made_at,
        "checkpoint": selection.checkpoint.statement,
    }
    at, end = 0, 0
    for event in in_order(selection):
        sequence = event["seal__sequence"]
        if sequence > end:
            yield from _digests(at + 1, end)
            mark = _covering(sequence)
            at, end = sequence - 1, mark.size
            yield _segment(sequence, mark)
        yield from _digests(at + 1, sequence - 1)
        yield _event(event, selection.names)
        at = sequence
    yield from _digests(at + 1, end)


def _covering(sequence: int) -> AuditCheckpoint:
    mark = AuditCheckpoint.objects.filter(size__gte=sequence).order_by("size", "number").first()
    assert mark is not None  # the selection ends at a checkpoint
    return mark


def _segment(first: int, mark: AuditCheckpoint) -> dict[str, Any]:
    before = AuditSeal.objects.filter(sequence=first - 1).values_list("link", flat=True).first()
    previous = bytes(before) if before else chain.BEGINNING
    return {
        "type": "segment",
        "from": first,
        "to": mark.size,
        "previous": previous.hex(),
        "statement": mark.statement,
    }


def _digests(first: int, last: int) -> Iterator[dict[str, Any]]:
    """Stand-ins for rows `first` to `last`, a few hundred a line."""
    while first <= last:
        found = AuditSeal.objects.filter(sequence__gte=first, sequence__lte=last).order_by("sequence")
        digests = [bytes(digest).hex() for digest in found.values_list("digest", flat=True)[:STEP]]
        yield {"type": "digests", "from": first, "digests": digests}
        first += STEP


def _event(event: dict[str, Any], names: Named) -> dict[str, Any]:
    line = {"type": "event", "sequence": event["seal__sequence"], "link": bytes(event["seal__link"]).hex()}
    line["row"] = rows.row(event)
    if event["actor_id"] in names:
        line["actor"] = {
            "reference": rows.actor(event),
            "salt": event["actor_salt"],
            "name": names[event["actor_id"]],
        }
    return line


def csv_lines(selection: Selection) -> Iterator[bytes]:
    """Rows for a spreadsheet, UTF-8 with its mark; no cell can be a formula."""
    yield b"\xef\xbb\xbf" + _csv(COLUMNS)
    for event in in_order(selection):
        yield _csv(_cells(event, selection.names))


def _cells(event: dict[str, Any], names: Named) -> list[Any]:
    row = rows.row(event)
    machine_or_role = event["actor_label"] if row["actor"]["label"] else ""
    texts = [json.dumps(row[name], ensure_ascii=False) if row[name] else "" for name in ("before", "after", "details")]
    return [
        event["seal__sequence"], row["at"], row["action"], row["subject"]["type"], row["subject"]["id"],
        row["provider"], row["acting_operator"], row["actor"]["kind"], names.get(event["actor_id"], machine_or_role),
        row["reason"], row["request_id"], *texts, bytes(event["seal__link"]).hex(),
    ]  # fmt: skip


def _csv(cells: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode()


def _harmless(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
