"""Has a document taken apart by a process of its own (`verifier.readers`), and takes what it tells for hearsay.

A few at a time: whoever finds no place is told to come again, so that documents cannot take all threads. The process
gets the document and nothing else: no environment, no file, no connection, a second's worth of work.
"""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings

from verifier.validation.document_findings import Document, Found, PdfSignature, Unfit, XmlSignature

_places = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))

# Ten signatures of which each fills a PDF's usual room many times over.
_MOST_OUTPUT = 16 * 1024 * 1024


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
        told = _told_by_a_reader(document)
    if "refused" in told:
        raise Unreadable(told["refused"], told["detail"])
    try:
        reading = Reading(tuple(_found(document.format, each) for each in told["signatures"]), told["timestamps"])
    # The process had a stranger's bytes before it: what it says may be anything.
    except (KeyError, TypeError, ValueError):
        raise Unreadable("document.unreadable", "reader") from None
    if not reading.signatures:
        raise Unreadable("document.no_signature")
    return reading


@contextmanager
def place() -> Iterator[None]:
    """One of the places in which a document may be read; raises Unreadable `document.busy` where all are taken."""
    if not _places.acquire(blocking=False):
        raise Unreadable("document.busy")
    try:
        yield
    finally:
        _places.release()


def _told_by_a_reader(document: Document) -> Mapping[str, Any]:
    # Our own interpreter and module; of the outside world there is one word, from a closed list.
    command = [sys.executable, "-E", "-s", "-m", "verifier.readers", document.format]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=document.octets,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={},
            timeout=settings.VERIFIER_DOCUMENT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("document.too_much_work", "time") from None
    # Killed for its time, or out of memory where Python could not say so any more.
    if done.returncode != 0 or len(done.stdout) > _MOST_OUTPUT:
        raise Unreadable("document.too_much_work", "killed")
    try:
        told: Mapping[str, Any] = json.loads(done.stdout)
    except (ValueError, RecursionError):
        raise Unreadable("document.unreadable", "reader") from None
    return told


def _found(form: str, told: Mapping[str, Any]) -> Found:
    if "refused" in told:
        return Unfit(told["refused"], told["detail"])
    return _READ[form](told)


def _pdf_signature(told: Mapping[str, Any]) -> PdfSignature:
    return PdfSignature(
        form=told["form"],
        byte_range=tuple(told["byte_range"]),
        contents=base64.b64decode(told["contents"]),
        covers=told["covers"],
        changes=told["changes"],
    )


def _xml_signature(told: Mapping[str, Any]) -> XmlSignature:
    return XmlSignature(
        form=told["form"],
        certificate_der=base64.b64decode(told["certificate"]),
        method=told["method"],
        signed_info=base64.b64decode(told["signed_info"]),
        signature=base64.b64decode(told["signature"]),
        covers=told["covers"],
        comments=told["comments"],
    )


_READ: dict[str, Callable[[Mapping[str, Any]], Found]] = {"pdf": _pdf_signature, "xml": _xml_signature}
