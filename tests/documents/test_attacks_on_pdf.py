"""Known attacks on signed PDFs (Mladenov et al.: "1 Trillion Dollar Refund", 2019; Mainka et al.: "Shadow Attacks" and
"Attacks on PDF Certification", 2021): what nobody signed is never valid, and what may stand behind a signature is."""

import pytest
from pyhanko.pdf_utils import generic

from tests.documents import attacks
from tests.documents.judged import CERTIFICATE, codes
from tests.documents.made import a_pdf, signed_pdf, timestamped_pdf, updated_pdf
from verifier.document_reading import Unreadable
from verifier.readers.refusal import Refused

ONCE = signed_pdf(a_pdf(), CERTIFICATE)
WITH_TEXT = signed_pdf(updated_pdf(a_pdf(), attacks.a_text_field), CERTIFICATE)
WITH_BOX = signed_pdf(updated_pdf(a_pdf(), attacks.a_box), CERTIFICATE)
WITH_SHEET = signed_pdf(updated_pdf(a_pdf(), attacks.hidden_sheet), CERTIFICATE)
COVERED = updated_pdf(ONCE, attacks.a_covering_box)
WITH_EVIDENCE = updated_pdf(ONCE, attacks.validation_data)
STARTXREF = WITH_EVIDENCE[WITH_EVIDENCE.rindex(b"startxref") :]


def told(pdf: bytes) -> list[str]:
    """The codes of the verdicts, or that of the refusal."""
    try:
        return codes(pdf, "pdf")
    except (Refused, Unreadable) as refused:
        return [refused.code]


HARMLESS = {
    "validation data": (WITH_EVIDENCE, 1),
    "validation data and a time-stamp": (timestamped_pdf(WITH_EVIDENCE, CERTIFICATE), 1),
    "an empty field without room": (updated_pdf(ONCE, lambda writer: attacks.a_box(writer, box=None)), 1),
    "a signature in a box that was there": (signed_pdf(WITH_BOX, CERTIFICATE, field="Box"), 2),
    "validation data between two signatures": (signed_pdf(WITH_EVIDENCE, CERTIFICATE, field="Second"), 2),
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_may_stand_behind_a_signature(what: str) -> None:
    pdf, signatures = HARMLESS[what]
    assert told(pdf) == ["ok"] * signatures


ADDED = {
    "a box over the page": COVERED,
    "a box over the page, time-stamped by nobody": timestamped_pdf(COVERED, CERTIFICATE, field="Box"),
    "a box over the page, signed by another": signed_pdf(COVERED, CERTIFICATE, field="Box"),
    "a time-stamp in a box that was there": timestamped_pdf(WITH_BOX, CERTIFICATE, field="Box"),
    "a box with a sheet kept for it": updated_pdf(WITH_SHEET, attacks.a_box_with_the_hidden_sheet),
    "a box that was there is painted": updated_pdf(WITH_BOX, attacks.painted),
    "values drawn anew": updated_pdf(WITH_TEXT, attacks.in_the_form("NeedAppearances", generic.BooleanObject(True))),
    "values drawn in white": updated_pdf(WITH_TEXT, attacks.in_the_form("DA", generic.TextStringObject("1 g"))),
    "values drawn in another font": updated_pdf(WITH_TEXT, attacks.in_the_form("DR", attacks.dictionary())),
    "another form (XFA)": updated_pdf(WITH_TEXT, attacks.in_the_form("XFA", generic.TextStringObject("x"))),
    "a value filled in": updated_pdf(WITH_TEXT, attacks.text_filled_in),
    "a script": updated_pdf(ONCE, attacks.in_the_catalog("OpenAction", attacks.a_script())),
    "layers": updated_pdf(ONCE, attacks.in_the_catalog("OCProperties", attacks.dictionary())),
}


@pytest.mark.parametrize("what", ADDED)
def test_what_a_signer_did_not_see(what: str) -> None:
    assert told(ADDED[what])[0] == "document.changed"


START, STOP = ONCE.index(b"/Contents <") + 11, ONCE.index(b">", ONCE.index(b"/Contents <"))
FORGED = {
    "bytes behind validation data": (WITH_EVIDENCE + b"\n% more\n", "document.partly_signed"),
    "an object behind validation data": (
        WITH_EVIDENCE + b"3 0 obj\n<< >>\nendobj\n" + STARTXREF,
        "document.partly_signed",
    ),
    "the document twice": (ONCE + ONCE, "document.partly_signed"),
    "bytes in the room of the signature": (ONCE[: STOP - 4] + b"beef" + ONCE[STOP:], "cms.malformed"),
    "white space in the signature": (ONCE[: STOP - 2] + b"  " + ONCE[STOP:], "document.partly_signed"),
    "an odd digit": (ONCE[: STOP - 1] + b" " + ONCE[STOP:], "document.partly_signed"),
    "no range": (ONCE.replace(b"/ByteRange", b"/ByteRangX"), "document.unreadable"),
    "no contents": (ONCE.replace(b"/Contents <", b"/ContentX <"), "document.unreadable"),
    "no form": (ONCE.replace(b"/SubFilter", b"/SubFiltex"), "document.form"),
    "bytes before the header": (b"junk\n" + ONCE, "document.unreadable"),
    "another document behind it": (ONCE + a_pdf(), "document.no_signature"),
    "no fields any more": (updated_pdf(ONCE, attacks.no_fields), "document.no_signature"),
    "the signature in a second field": (
        updated_pdf(ONCE, attacks.a_field_with_the_same_signature),
        "document.partly_signed",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_is_no_signature_over_the_document(what: str) -> None:
    pdf, code = FORGED[what]
    assert told(pdf)[-1] == code
