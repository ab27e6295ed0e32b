"""Tables as people send them, CSV or xlsx, as rows of text. Nothing in them is evaluated, followed or unpacked unseen.

A workbook is a ZIP archive of XML parts (ECMA-376 part 2, OPC). Before any part is parsed the archive is looked at:
how many parts, how large they become, how much they are compressed, and that no XML part declares a document type
(entities). Macros, embedded objects and links to other files are refused, whatever the name says. A formula is a
finding at its cell; its stored value is not taken, because what a reviewer would see is not what was computed.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100  # deflate reaches about 1000 on zeros; real sheets stay below 30
MAX_PARTS = 500
MAX_ROWS = 1_000
MAX_COLUMNS = 50
MAX_CELL = 2_000
MAX_SHEETS = 10

ENCODINGS = ("utf-8-sig", "cp932")
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MACROS = re.compile(r"vbaproject|\.bin$|/macrosheets/|/activex/|/ctrlprops/", re.IGNORECASE)
_OUTSIDE = re.compile(r"/externallinks/|/embeddings/|connections\.xml$|/querytables/", re.IGNORECASE)
_OUTSIDE_TARGET = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
_HYPERLINK = re.compile(rb"<Relationship\b[^>]*relationships/hyperlink[^>]*>", re.IGNORECASE)
_MACRO_TYPE = re.compile(rb"macroenabled", re.IGNORECASE)


class SheetRefused(ValueError):
    """The file is not read at all. `code`: sheet.… with its sentence in whitelist.messages.sheet_words."""

    def __init__(self, code: str, **values: int | str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not empty. `address` is as the spreadsheet shows it (A1); `is_formula`: `text` is its formula."""

    sheet: str
    address: str
    text: str
    is_formula: bool = False


Row = list[Cell | None]


def rows_of(content: bytes, *, name: str) -> Iterator[Row]:
    """Rows of the first sheet that has any, from its first; `name` is the file's, its ending tells the format.

    Raises SheetRefused, also while being iterated.
    """
    if not content:
        raise SheetRefused("sheet.empty")
    if len(content) > MAX_BYTES:
        raise SheetRefused("sheet.too_large", limit=MAX_BYTES // 1024 // 1024)
    ending = name.rpartition(".")[2].lower()
    is_archive = content.startswith(b"PK\x03\x04")
    if ending == "xlsx" and is_archive:
        return _workbook(content)
    if ending == "csv" and not is_archive:
        return _csv(content)
    if ending in {"xlsm", "xlsb", "xltm", "xlam", "xls"}:
        raise SheetRefused("sheet.other_format" if ending in {"xls", "xlsb"} else "sheet.macros")
    raise SheetRefused("sheet.unknown_format")


def _csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), start=1):
            _within(number, len(values))
            yield [
                _cell("CSV", number, column, value, value.startswith("="))
                for column, value in enumerate(values, start=1)
            ]
    except csv.Error as error:
        raise SheetRefused("sheet.broken_csv") from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else CP932, which older Japanese spreadsheets write."""
    if b"\0" in content:
        raise SheetRefused("sheet.unknown_encoding")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetRefused("sheet.unknown_encoding")


def _workbook(content: bytes) -> Iterator[Row]:
    _look_into_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # whatever a broken part makes the reader stumble over, it is a broken workbook
        raise SheetRefused("sheet.broken_workbook") from error
    if len(book.worksheets) > MAX_SHEETS:
        raise SheetRefused("sheet.too_many_sheets", limit=MAX_SHEETS)
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the stated size may be a lie in either direction
        yielded = False
        for row in _sheet_rows(sheet):
            yielded = yielded or any(row)
            yield row
        if yielded:
            return


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    try:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            _within(number, len(cells))
            yield [_cell(sheet.title, number, column, *_text(cell)) for column, cell in enumerate(cells, start=1)]
    except SheetRefused:
        raise
    except Exception as error:
        raise SheetRefused("sheet.broken_workbook") from error


def _text(cell: Any) -> tuple[str, bool]:
    value = cell.value
    if value is None:
        return "", False
    is_formula = getattr(cell, "data_type", "") == "f" or (isinstance(value, str) and value.startswith("="))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(getattr(value, "text", value) or ""), is_formula


def _cell(sheet: str, row: int, column: int, text: str, is_formula: bool) -> Cell | None:
    if not text:
        return None
    address = f"{get_column_letter(column)}{row}"
    if len(text) > MAX_CELL:
        raise SheetRefused("sheet.long_cell", address=address, limit=MAX_CELL)
    return Cell(sheet, address, text, is_formula)


def _within(row: int, columns: int) -> None:
    if row > MAX_ROWS + 1:  # the headings are one more
        raise SheetRefused("sheet.too_many_rows", limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise SheetRefused("sheet.too_many_columns", limit=MAX_COLUMNS)


def _look_into_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _look_at_sizes(parts, len(content))
            for part in parts:
                _look_at_part(archive, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise SheetRefused("sheet.broken_workbook") from error


def _look_at_sizes(parts: list[zipfile.ZipInfo], packed: int) -> None:
    """The stated sizes; what a part really becomes is counted when it is read (see _read)."""
    if len(parts) > MAX_PARTS:
        raise SheetRefused("sheet.unpacks_too_large")
    unpacked = sum(part.file_size for part in parts)
    worst = max((part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > 100_000), default=0)
    if unpacked > MAX_UNPACKED or worst > MAX_RATIO or unpacked > MAX_RATIO * max(packed, 1):
        raise SheetRefused("sheet.unpacks_too_large")


def _look_at_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 1:
        raise SheetRefused("sheet.encrypted")
    if _MACROS.search("/" + part.filename):
        raise SheetRefused("sheet.macros")
    if _OUTSIDE.search("/" + part.filename):
        raise SheetRefused("sheet.links_outside")
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        return
    text = _read(archive, part)
    if _ENTITIES.search(text) or text[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in text[:200]:
        raise SheetRefused("sheet.entities")
    if part.filename.lower() == "[content_types].xml" and _MACRO_TYPE.search(text):
        raise SheetRefused("sheet.macros")
    if part.filename.lower().endswith(".rels") and _OUTSIDE_TARGET.search(_HYPERLINK.sub(b"", text)):
        raise SheetRefused("sheet.links_outside")


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """The part, never more of it than it says: a lying header ends in a broken check sum, not in memory."""
    with archive.open(part) as stream:
        text = stream.read(part.file_size + 1)
    if len(text) > part.file_size:
        raise SheetRefused("sheet.unpacks_too_large")
    return text
