"""Signed documents taken apart, each by a process of its own, against a process of Python that does nothing."""

import subprocess
import sys

from benchmarks.table import Row, timed
from benchmarks.timing import in_turns
from tests.pure.pki.forge import an_authority
from tests.servers import ROOT
from verifier.pki.profiles import Purpose

LARGE = 9_000_000


def rows(*, rounds: int = 5, calls: int = 2) -> list[Row]:
    """From the document's first byte to what the reader tells of it; judging that is the line of a verification."""
    # Here and not above: the libraries that sign would make every other measured process larger (see __main__).
    from tests.documents.made import a_pdf, signed_pdf, signed_xml

    certificate = an_authority("documents", Purpose.SIGNATURE).issue()
    lines = {
        "signed PDF of one page": ("pdf", signed_pdf(a_pdf(), certificate)),
        "signed PDF of 9 MB": ("pdf", signed_pdf(a_pdf("a" * LARGE), certificate)),
        "signed XML document": ("xml", signed_xml(certificate)),
    }
    took = in_turns(
        {what: lambda form=form, data=data: _read(form, data) for what, (form, data) in lines.items()}  # type: ignore[misc]
        | {"floor": lambda: _run("-c", "pass")},
        rounds=rounds,
        calls=calls,
    )
    return [timed(f"{what}: taken apart", took[what], "a Python process", took["floor"]) for what in lines]


def _read(form: str, data: bytes) -> None:
    assert b'"covers"' in _run("-m", "verifier.readers", form, given=data)


def _run(*arguments: str, given: bytes = b"") -> bytes:
    command = [sys.executable, "-E", "-s", *arguments]
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, cwd=ROOT, env={}, check=True).stdout
