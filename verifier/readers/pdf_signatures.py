"""The signatures of a PDF (ISO 32000-2 section 12.8), found by pyHanko: where each stands, what it covers, and what was
added behind it.  Its own judgement of certificates is never asked."""

import base64
import codecs
import io
from typing import Any

from pyhanko.pdf_utils import filters
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from verifier.readers.pdf_additions import can_be_seen, is_accounted_for
from verifier.readers.refusal import Refused

MAX_SIGNATURES = 10

# What the library would load only when a document asks for it, and then could not.
_LOADED = (
    filters,
    *map(codecs.lookup, ("ascii", "latin-1", "utf-8", "utf-16", "utf-16-be", "utf-16-le", "unicode_escape")),
)

# Signatures of other forms are passed over by the library in silence.
_KNOWN_FORMS = {str(each.value) for each in SigSeedSubFilter}
_COVERAGE = {SignatureCoverageLevel.ENTIRE_FILE: "file", SignatureCoverageLevel.ENTIRE_REVISION: "revision"}
_CHANGES = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "archival",
    ModificationLevel.FORM_FILLING: "form",
    ModificationLevel.ANNOTATIONS: "annotations",
    ModificationLevel.OTHER: "other",
}


def read(data: bytes) -> dict[str, Any]:
    """``signatures`` in the order of signing, and how many document time-stamps there are.  Raises ``Refused``."""
    try:
        reader = _opened(data)
        forms = _forms(reader)
        embedded = reader.embedded_signatures
        signatures = [each for each in embedded if each.sig_object_type != "/DocTimeStamp"]
        found = [_found(data, each, {name for name, _ in forms}) for each in signatures]
        found += [_passed_over(form) for _, form in forms if form not in _KNOWN_FORMS]
    except (Refused, MemoryError, RecursionError):
        raise
    except SignatureValidationError:
        raise Refused("document.unreadable", "hybrid_references") from None
    except PdfError:
        raise Refused("document.unreadable", "structure") from None
    # Hostile objects of the wrong type surface as anything at all.
    except Exception as error:
        raise Refused("document.unreadable", type(error).__name__) from None
    return {"signatures": found, "timestamps": len(embedded) - len(signatures)}


def _opened(data: bytes) -> PdfFileReader:
    reader = PdfFileReader(io.BytesIO(data), strict=True)
    if reader.encrypted:
        raise Refused("document.encrypted")
    return reader


def _forms(reader: PdfFileReader) -> list[tuple[str, str]]:
    """The field's name and the SubFilter of every signature, also of those that the library passes over."""
    found: list[tuple[str, str]] = []
    for name, signature, _ in enumerate_sig_fields(reader, filled_status=True):
        found.append((name, str(signature.get_object().get("/SubFilter", ""))))
        if len(found) > MAX_SIGNATURES:
            raise Refused("document.too_much_work", "signatures")
    return found


def _passed_over(form: str) -> dict[str, Any]:
    return {"refused": "sig.sha1" if form.endswith("sha1") else "document.form", "detail": ""}


def _found(data: bytes, signature: EmbeddedPdfSignature, fields: set[str]) -> dict[str, Any]:
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]
    return {
        "form": str(signature.sig_object.get("/SubFilter", "")).removeprefix("/"),
        "byte_range": [int(each) for each in signature.byte_range],
        "contents": base64.b64encode(signature.pkcs7_content).decode(),
        "covers": _covers(data, signature),
        "changes": _changes(signature, fields),
    }


def _covers(data: bytes, signature: EmbeddedPdfSignature) -> str:
    covers = _COVERAGE.get(signature.coverage, "part") if signature.coverage else "part"
    if covers != "revision":
        return covers
    behind = signature.reader.total_revisions - 1 - signature.signed_revision
    return covers if is_accounted_for(data, sum(list(map(int, signature.byte_range))[2:]), behind) else "part"


def _changes(signature: EmbeddedPdfSignature, fields: set[str]) -> str:
    """What was added after this signature; "signatures" where nothing but signature fields were filled in, "seen" where
    it shows although it may stand there."""
    result = signature.diff_result
    if not isinstance(result, DiffResult) or not signature.summarise_integrity_info()["docmdp_ok"]:
        return "other"
    if signature.coverage is SignatureCoverageLevel.ENTIRE_REVISION and can_be_seen(
        signature.reader, signature.signed_revision
    ):
        return "seen"
    if result.modification_level is ModificationLevel.FORM_FILLING and result.changed_form_fields <= fields:
        return "signatures"
    return _CHANGES[result.modification_level]
