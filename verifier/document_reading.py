"""Has a document taken apart by a process of its own (`verifier.readers`), and takes what it tells for hearsay.

A few at a time: whoever finds no place is told to come again, so that documents cannot take all threads. The process
gets the document and nothing else: no environment, no file, no connection, a second's worth of work.
"""

import base64
import json
import logging
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings

from verifier.validation.document_findings import Document, Found, PdfSignature, Unfit, XmlSignature

log = logging.getLogger(__name__)

# A quarter of the threads, for another half may be waiting for OCSP: somebody is always there for everybody else.
PLACES = max(1, settings.WEB_THREADS // 4)
_places = threading.BoundedSemaphore(PLACES)

# Closed lists: of what a reader says nothing is repeated that is not one of these.
_REFUSALS = (
    "document.unreadable",
    "document.encrypted",
    "document.no_signature",
    "document.too_much_work",
)
_UNFIT = (
    "document.form",
    "document.several_signatures",
    "document.changed",
    "document.properties",
    "document.signing_certificate",
    "document.certificate_missing",
    "document.algorithm",
    "sig.mismatch",
    "sig.sha1",
)
_COVERS = {"pdf": ("file", "revision", "part"), "xml": ("document", "part")}
_CHANGES = ("none", "archival", "signatures", "seen", "form", "annotations", "other")
_XML_FORMS = ("XAdES", "XML-DSig")
_DETAIL = re.compile(r"[A-Za-z_]{0,40}")


class Unreadable(Exception):
    """The document could not be taken apart. `code` is that of a problem, `detail` what was met."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class Reading(NamedTuple):
    """The signatures in the order of signing, and how many document time-stamps there are, which nobody judges."""

    signatures: tuple[Found, ...]
    timestamps: int


def read(document: Document) -> Reading:
    """What is found in the document. Waits `VERIFIER_DOCUMENT_SECONDS` at most.

    Raises Unreadable: `document.busy`, `document.unreadable`, `document.encrypted`, `document.no_signature` or
    `document.too_much_work`.
    """
    with place():
        try:
            told = _told_by_a_reader(document)
        # No process, memory or room on the disk to be had: nothing the document is to blame for.
        except OSError:
            log.exception("no reader for a document")
            raise Unreadable("document.busy", "machine") from None
    return reading(document.format, told)


def reading(form: str, told: Any) -> Reading:
    """What a reader told of a document of that form, as values. It had a stranger's bytes before it, so what it says
    may be anything. Raises Unreadable as `read` does."""
    try:
        if "refused" in told:
            raise Unreadable(_one_of(_REFUSALS, told["refused"]), _detail(told))
        found = Reading(tuple(_found(form, each) for each in told["signatures"]), int(told["timestamps"]))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise Unreadable("document.unreadable", "reader") from None
    if not found.signatures:
        raise Unreadable("document.no_signature")
    return found


@contextmanager
def place() -> Iterator[None]:
    """One of the places in which a document may be read; raises Unreadable `document.busy` where all are taken."""
    if not _places.acquire(blocking=False):
        raise Unreadable("document.busy")
    try:
        yield
    finally:
        _places.release()


def _told_by_a_reader(document: Document) -> Any:
    # Our own interpreter and module; of the outside world there is one word, from a closed list.
    command = [sys.executable, "-E", "-s", "-m", "verifier.readers", document.format]
    with tempfile.TemporaryFile() as told:  # whose size the process itself has limited
        try:
            done = subprocess.run(  # noqa: S603
                command,
                input=document.octets,
                stdout=told,
                stderr=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                env={},
                timeout=settings.VERIFIER_DOCUMENT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unreadable("document.too_much_work", "time") from None
        # Killed for its time or its memory, where Python could not say so any more.
        if done.returncode != 0:
            raise Unreadable("document.too_much_work", "killed")
        told.seek(0)
        try:
            return json.load(told)
        except (ValueError, RecursionError):
            raise Unreadable("document.unreadable", "reader") from None


def _found(form: str, told: Mapping[str, Any]) -> Found:
    if "refused" in told:
        return Unfit(_one_of(_UNFIT, told["refused"]), _detail(told))
    return _pdf_signature(told) if form == "pdf" else _xml_signature(told)


def _pdf_signature(told: Mapping[str, Any]) -> PdfSignature:
    return PdfSignature(
        form=str(told["form"]),
        byte_range=tuple(int(each) for each in told["byte_range"]),
        contents=base64.b64decode(told["contents"]),
        covers=_one_of(_COVERS["pdf"], told["covers"]),
        changes=_one_of(_CHANGES, told["changes"]),
    )


def _xml_signature(told: Mapping[str, Any]) -> XmlSignature:
    return XmlSignature(
        form=_one_of(_XML_FORMS, told["form"]),
        certificate_der=base64.b64decode(told["certificate"]),
        method=str(told["method"]),
        signed_info=base64.b64decode(told["signed_info"]),
        signature=base64.b64decode(told["signature"]),
        covers=_one_of(_COVERS["xml"], told["covers"]),
        comments=int(told["comments"]),
    )


def _one_of(values: Sequence[str], told: Any) -> str:
    return values[values.index(told)]


def _detail(told: Mapping[str, Any]) -> str:
    detail = str(told["detail"])
    return detail if _DETAIL.fullmatch(detail) else ""
