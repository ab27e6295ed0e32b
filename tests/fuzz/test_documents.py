"""Damaged PDF and XML documents: never taken for valid, never anything but a verdict or a named refusal; and what their
reader may do to this machine is nothing."""

import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.documents.judged import CERTIFICATE, verdicts
from tests.documents.made import DS, a_pdf, signed_pdf, signed_xml
from tests.fuzz.budget import examples
from verifier import document_reading
from verifier.document_reading import Unreadable
from verifier.readers import canonical, xml_signatures
from verifier.readers.refusal import Refused
from verifier.validation.document_findings import Document
from verifier.validation.verdict import Status

ONCE = signed_pdf(a_pdf(), CERTIFICATE)
SEEDS = {
    "pdf": (ONCE, signed_pdf(ONCE, CERTIFICATE, field="Second")),
    "xml": (signed_xml(CERTIFICATE), signed_xml(CERTIFICATE, xades=False)),
}
# What hurts a reader of either form: wrong types, cycles, absurd numbers, other names for the same thing.
SPLINTERS = {
    "pdf": (b"null", b"1 0 R", b"<<>>", b"[]", b"(text)", b"/Name", b"-1", b"9" * 30, b"endobj", b"stream\n", b"%%EOF"),
    "xml": (
        b"&#0;",
        b"&x;",
        b"<a>",
        b"</a>",
        b"<!-- -->",
        b"<?p?>",
        b"<![CDATA[x]]>",
        b' Id="a"',
        b"xmlns=''",
        b"\xff",
    ),
}


@st.composite
def damaged(draw: st.DrawFn, form: str) -> bytes:
    data = draw(st.sampled_from(SEEDS[form]))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data) - 1))
        length = draw(st.sampled_from((0, 1, 1, 2, 5, 40, 400)))
        inserted = draw(st.sampled_from(SPLINTERS[form]) | st.binary(max_size=6) | st.just(data[start : start + 300]))
        data = data[:start] + inserted + data[start + length :]
    return data


def sound(form: str, data: bytes) -> bool:
    """Whether every signature found is valid; a named refusal is not."""
    try:
        found = verdicts(data, form)
    except (Refused, Unreadable):
        return False
    return all(verdict.status is Status.VALID for verdict in found)


def content(data: bytes) -> bytes:
    """What an XML document says, without its signature and comments."""
    root = etree.fromstring(data)
    signature = next(root.iter(f"{DS}Signature"))
    return canonical.plain(xml_signatures._content(root, signature)[0])


@pytest.mark.parametrize("form", SEEDS)
def test_the_seeds_are_sound(form: str) -> None:
    assert all(sound(form, seed) for seed in SEEDS[form])


def test_a_damaged_pdf_is_never_valid_unless_nothing_was_damaged() -> None:
    @examples(150)
    @given(damaged("pdf"))
    def damage(data: bytes) -> None:
        assert not sound("pdf", data) or data in SEEDS["pdf"]

    damage()


def test_a_damaged_xml_document_is_valid_only_if_it_says_the_same() -> None:
    @examples(200)
    @given(damaged("xml"))
    def damage(data: bytes) -> None:
        if sound("xml", data):
            assert content(data) == content(SEEDS["xml"][0])

    damage()


@pytest.mark.parametrize("form", SEEDS)
def test_noise(form: str) -> None:
    @examples(40)
    @given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda noise: SEEDS[form][0][:400] + noise))
    def noise(data: bytes) -> None:
        assert not sound(form, data)

    noise()


# --- the process that reads ------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A PDF whose cross-reference stream unfolds to gigabytes."""
    packer = zlib.compressobj(9)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    packed = start + (packer.compress(bytes(16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)) * 200
    head = b"%PDF-1.7\n"
    stream = b"1 0 obj\n<< /Type /XRef /Size 9 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode /Length %d >>\nstream\n"
    return head + stream % len(packed) + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


def laughs() -> bytes:
    """Entities of entities (billion laughs)."""
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE a [<!ENTITY a0 "ha">{lines}]><a>&a11;</a>'.encode()


WORST = {
    "a bomb": ("pdf", bomb),
    "a ring of cross-references": (
        "pdf",
        lambda: b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF\n",
    ),
    "ten megabytes of brackets": ("pdf", lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 10_000_000),
    "ten megabytes of nothing": ("pdf", lambda: bytes(10_000_000)),
    "entities of entities": ("xml", laughs),
    "a hundred thousand levels": ("xml", lambda: b"<a>" * 100_000 + b"</a>" * 100_000),
    "a million elements around a signature": (
        "xml",
        lambda: SEEDS["xml"][1].replace(b"<amount>", b"<e/>" * 1_000_000 + b"<amount>"),
    ),
    "a hundred thousand attributes": (
        "xml",
        lambda: b"<a " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>",
    ),
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_ends_in_a_refusal_or_a_verdict_within_the_limits(name: str) -> None:
    form, made = WORST[name]
    assert ended(Document(form, made())) in (
        "document.unreadable",
        "document.too_much_work",
        "document.no_signature",
        "document.changed",
    )


def ended(document: Document) -> str:
    """The code of the refusal, or that of the one signature found."""
    try:
        (found,) = document_reading.read(document).signatures
    except Unreadable as refused:
        return refused.code
    return getattr(found, "code", "found")


def confined(lines: str) -> subprocess.CompletedProcess[str]:
    """The lines run in a process that has given up what a reader gives up."""
    program = "import _socket\nfrom verifier.readers import __main__ as reader\nreader._give_up_everything_else()\n"
    return subprocess.run(
        [sys.executable, "-E", "-s", "-c", program + textwrap.dedent(lines)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={},
    )


FORBIDDEN = {
    "a file": "open('/etc/hostname')",
    "a file to write": "open('/tmp/nobody-wrote-this', 'w')",
    "a connection": "_socket.socket()",
    "more memory": "bytes(2 << 30)",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_reader_has_nothing_but_the_document(what: str) -> None:
    done = confined(f"try:\n    {FORBIDDEN[what]}\nexcept (OSError, MemoryError) as error:\n    print('refused')")
    assert (done.returncode, done.stdout) == (0, "refused\n"), done.stderr


def test_a_reader_has_no_time_to_waste() -> None:
    assert confined("while True: pass").returncode != 0


def test_a_machine_without_room_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No directory for temporary files, as where the disk is full or may not be written to."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert ended(Document("xml", SEEDS["xml"][1])) == "document.busy"


GOOD = {"form": "XAdES", "certificate": "", "method": "", "signed_info": "", "signature": "", "comments": 0}
LIES = {
    "nothing": None,
    "a number": 5,
    "a list": [],
    "a text": "text",
    "an empty object": {},
    "no signatures": {"signatures": None, "timestamps": 0},
    "a number for a signature": {"signatures": [5], "timestamps": 0},
    "a verdict for a refusal": {"refused": "cert.on_hold", "detail": ""},
    "a list for a refusal": {"refused": ["document.unreadable"], "detail": ""},
    "more than everything": {"signatures": [{**GOOD, "covers": "everything"}], "timestamps": 0},
    "many comments": {"signatures": [{**GOOD, "covers": "document", "comments": "many"}], "timestamps": 0},
    "a good refusal": {"signatures": [{"refused": "ok", "detail": ""}], "timestamps": 0},
    "an endless count": {"signatures": [{"refused": "sig.sha1", "detail": ""}], "timestamps": float("inf")},
    "text for a count": {"signatures": [{"refused": "sig.sha1", "detail": ""}], "timestamps": "none"},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_reader_tells_is_not_believed(lie: str) -> None:
    with pytest.raises(Unreadable) as refused:
        document_reading.reading("xml", LIES[lie])
    assert refused.value.code == "document.unreadable"
