"""What was added behind a signature and can be seen although pyHanko finds nothing wrong with it.

The picture of a further signature or time-stamp may be laid over the page (Mainka et al.: "Attacks on PDF
Certification", 2021), and a form may be told to draw its values anew (the same authors' "Shadow Attacks", 2021).
"""

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

# How a form draws what was filled in (ISO 32000-2 table 224).
_DRAWING = ("/DA", "/DR", "/NeedAppearances", "/Q")
# Invisible, hidden, not to be shown (ISO 32000-2 table 167).
_UNSEEN_FLAGS = 1 | 2 | 32


def can_be_seen(reader: PdfFileReader, signed_revision: int) -> bool:
    """Whether the file shows something that its revision ``signed_revision`` had no place for."""
    old = reader.get_historical_resolver(signed_revision)
    return _draws_its_form_anew(old.root["/AcroForm"], reader.root["/AcroForm"]) or any(
        _has_no_place(old, widget, _stamps(value))
        for _, value, field in enumerate_sig_fields(reader)
        for widget in _widgets(field)
        if _takes_room(widget.get_object())
    )


def is_accounted_for(data: bytes, signed: int, revisions: int) -> bool:
    """Whether behind the first ``signed`` bytes stand so many revisions, and nothing behind the last: nobody knows what
    reads bytes that belong to none."""
    added, last = data[signed:], data.rfind(b"%%EOF")
    return added.count(b"startxref") == revisions and not data[last + len(b"%%EOF") :].strip()


def _draws_its_form_anew(old: Any, new: Any) -> bool:
    """A form that has nothing but signatures draws nothing by these."""
    has_values = any(field.get_object().get("/FT") != "/Sig" for field in new["/Fields"])
    return has_values and any(old.get(key) != new.get(key) for key in _DRAWING)


def _widgets(field: Any) -> Iterator[Any]:
    yield field
    yield from field.get_object().get("/Kids", ())


def _takes_room(widget: Any) -> bool:
    """Whatever is not plainly four numbers that span nothing."""
    if "/Rect" not in widget:
        return False
    corners = list(widget["/Rect"])
    if len(corners) != 4 or not all(isinstance(each, int | generic.FloatObject) for each in corners):
        return True
    left, bottom, right, top = corners
    return bool(left != right and bottom != top)


def _has_no_place(old: HistoricalResolver, widget: Any, stamps: bool) -> bool:
    """A widget is new, has come out of hiding, or shows a time-stamp, of which nobody asks who made it."""
    if not isinstance(widget, generic.IndirectObject) or old.is_ref_unassignable(widget.reference):
        return True
    before, now = old(widget.reference), widget.get_object()  # type: ignore[no-untyped-call]
    if not isinstance(before, generic.DictionaryObject):
        return True
    came_out = (before.get("/F", 0) & _UNSEEN_FLAGS) != (now.get("/F", 0) & _UNSEEN_FLAGS)
    return came_out or before.get("/Rect") != now.get("/Rect") or (stamps and "/V" not in before)


def _stamps(value: Any) -> bool:
    return value is not None and value.get_object().get("/Type") == "/DocTimeStamp"
