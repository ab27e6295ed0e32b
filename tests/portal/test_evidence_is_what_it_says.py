"""Evidence files: told by content, kept once, given back as attachments to whoever may read them."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation

from portal.audit.models import AuditEvent
from portal.evidence import content, messages, names, services
from portal.evidence.content import MAX_BYTES, EvidenceRefused, MediaType
from portal.evidence.forms import EvidenceField
from portal.evidence.models import EvidenceContent, EvidenceFile
from tests import cast, files, organisations

PDF, PNG, JPEG = files.pdf(), files.png(), files.jpeg()


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (PDF, MediaType.PDF),
        (PDF + b"\r\n", MediaType.PDF),
        (PDF.replace(b"%PDF-1.7", b"%PDF-2.0"), MediaType.PDF),
        (PNG, MediaType.PNG),
        (JPEG, MediaType.JPEG),
        (JPEG.replace(b"\xff\xda", b"\xff\xff\xda"), MediaType.JPEG),  # a fill byte before a marker
    ],
)
def test_whole_files_are_known_by_their_bytes(made, expected):
    assert content.media_type_of(made) is expected


REFUSED = {
    "empty": (b"", "evidence.empty"),
    "one byte too many": (PDF[:-6] + b"\n" * (MAX_BYTES + 1 - len(PDF)) + PDF[-6:], "evidence.too_large"),
    "an archive called PDF": (files.archive(), "evidence.unknown_type"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "evidence.unknown_type"),
    "HTML": (b"<!DOCTYPE html><title>x</title>", "evidence.unknown_type"),
    "GIF": (b"GIF89a" + b"\0" * 20, "evidence.unknown_type"),
    "text before the PDF header": (b"\n" + PDF, "evidence.unknown_type"),
    "a PDF version that does not exist": (PDF.replace(b"%PDF-1.7", b"%PDF-9.9"), "evidence.damaged"),
    "a PDF cut short": (PDF[: len(PDF) // 2], "evidence.damaged"),
    "a PDF without its table's place": (PDF.replace(b"startxref", b"startxxxx"), "evidence.two_in_one"),
    "an archive behind a PDF": (PDF + files.archive(), "evidence.two_in_one"),
    "an archive whose comment is a PDF's end": (
        PDF + files.archive(b"startxref\n1\n%%EOF\n"),
        "evidence.two_in_one",
    ),
    "a page inside a PDF's head": (PDF.replace(b"%\xe2", b"<script>alert(1)</script>%\xe2"), "evidence.two_in_one"),
    "a PDF with a script": (files.pdf(extra=b"/AA << /O << /S /JavaScript /JS (x) >> >>"), "evidence.active"),
    "a script under an escaped name": (files.pdf(extra=b"/AA << /S /Java#53cript >>"), "evidence.active"),
    "a PDF that starts programs": (files.pdf(extra=b"/A << /S /Launch >>"), "evidence.active"),
    "a PDF with a file in it": (files.pdf(extra=b"/Type /EmbeddedFile"), "evidence.active"),
    "a PNG signature alone": (PNG[:8], "evidence.damaged"),
    "a PNG with a wrong check sum": (PNG[:20] + b"\x07" + PNG[21:], "evidence.damaged"),
    "a PNG whose chunk is longer than the file": (PNG[:8] + b"\xff\xff\xff\xff" + PNG[12:], "evidence.damaged"),
    "a PNG without pixels": (PNG[:33] + files.chunk(b"IEND", b""), "evidence.damaged"),
    "a PNG that does not begin with its header": (PNG[:8] + PNG[33:], "evidence.damaged"),
    "a PNG of no width": (files.png(0, 1), "evidence.damaged"),
    "a PNG that unfolds": (files.png(50_000, 50_000), "evidence.too_many_pixels"),
    "bytes behind a PNG": (PNG + b"<script>", "evidence.two_in_one"),
    "an archive behind a PNG": (PNG + files.archive(), "evidence.two_in_one"),
    "a JPEG cut short": (JPEG[:-2], "evidence.damaged"),
    "a JPEG that begins and ends only": (b"\xff\xd8\xff\xd9", "evidence.damaged"),
    "a JPEG whose segment leads outside": (JPEG[:4] + b"\xff\xff" + JPEG[6:], "evidence.damaged"),
    "a JPEG of nothing but fill": (b"\xff\xd8" + b"\xff" * 50, "evidence.damaged"),
    "a JPEG that unfolds": (files.jpeg(60_000, 60_000), "evidence.too_many_pixels"),
    "an archive behind a JPEG": (JPEG + files.archive(), "evidence.two_in_one"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_whole_document_is_refused_by_name(case):
    made, code = REFUSED[case]
    with pytest.raises(EvidenceRefused) as refused:
        content.media_type_of(made)
    assert refused.value.code == code


def test_every_way_to_cut_a_file_short_is_a_named_refusal():
    for made in (PDF, PNG, JPEG):
        for length in range(len(made.rstrip())):
            with pytest.raises(EvidenceRefused):
                content.media_type_of(made[:length])


def test_exactly_ten_megabytes_are_kept():
    filled = PDF[:9] + b"%" + b"x" * (MAX_BYTES - len(PDF) - 2) + b"\n" + PDF[9:]
    assert len(filled) == MAX_BYTES
    assert content.media_type_of(filled) is MediaType.PDF


@pytest.mark.parametrize("name", ["notice.png", "notice", "notice.pdf.exe", ""])
def test_a_name_that_says_something_else_is_refused(name):
    with pytest.raises(EvidenceRefused) as refused:
        services.look_at(PDF, name=name)
    assert refused.value.code == "evidence.wrong_extension"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("認定通知書.PDF", "認定通知書.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\fakepath\\a.pdf", "a.pdf"),
        ("a\u202efdp.exe\x00\n.pdf", "afdp.exe.pdf"),
        ('x"; y=<b>.pdf', "x; y=b.pdf"),
        (".pdf", "evidence.pdf"),
        ("  .. .pdf", "evidence.pdf"),
        ("x" * 300 + ".pdf", "x" * 95 + ".pdf"),
        ("か\u3099.pdf", "が.pdf"),
    ],
)
def test_names_are_shown_without_paths_and_hiding_signs(given, shown):
    assert names.cleaned(given, MediaType.PDF) == shown


def test_every_refusal_has_a_sentence_in_both_languages():
    for code, sentence in messages.SENTENCES.items():
        with translation.override("ja"):
            japanese = str(sentence)
        with translation.override("en"):
            assert str(sentence) != japanese, code
    assert {code for _, code in REFUSED.values()} <= set(messages.SENTENCES)


@pytest.fixture
def provider():
    return organisations.provider_of(cast.hanako())


@pytest.mark.django_db
def test_the_same_bytes_are_kept_once_for_each_organisation(provider):
    first = services.keep(PDF, name="one.pdf", provider=provider, by=cast.hanako())
    assert services.keep(PDF, name="two.pdf", provider=provider, by=cast.hanako()) == first
    other = organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    assert services.keep(PDF, name="one.pdf", provider=other, by=cast.jiro()) != first
    assert first.sha256 == hashlib.sha256(PDF).hexdigest()
    assert services.bytes_of(first) == PDF
    assert services.of(provider, first.sha256) == first
    assert services.of(other, first.sha256) != first
    assert AuditEvent.objects.filter(action="evidence.kept").count() == 2


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_lose_evidence(provider):
    file = services.keep(PDF, name="one.pdf", provider=provider, by=cast.hanako())
    for attempt in (
        lambda: EvidenceContent.objects.update(data=b"x"),
        lambda: EvidenceFile.objects.update(sha256="0" * 64),
        lambda: EvidenceContent.objects.all().delete(),
        lambda: EvidenceFile.objects.filter(pk=file.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert services.bytes_of(file) == PDF


@pytest.mark.django_db
def test_it_comes_back_as_an_attachment_that_can_do_nothing(provider):
    file = services.keep(PDF, name="認定.pdf", provider=provider, by=cast.hanako())
    answer = cast.browser_of(cast.hanako()).get(reverse("evidence:download", args=[file.public_id]))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f"attachment; filename=\"{file.public_id}.pdf\"; filename*=UTF-8''%E8%AA%8D%E5%AE%9A.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_who_may_not_read_it_finds_nothing(provider):
    file = services.keep(PDF, name="one.pdf", provider=provider, by=cast.hanako())
    address = reverse("evidence:download", args=[file.public_id])
    organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    assert cast.browser_of(cast.reiko()).get(address).status_code == 200
    assert cast.browser_of(cast.jiro()).get(address).status_code == 404
    assert cast.browser_of(cast.osamu()).get(address).status_code == 404
    assert cast.browser_of(None).get(address).status_code == 302


def test_the_field_gives_the_file_or_the_reason():
    field = EvidenceField()
    given = field.clean(SimpleUploadedFile("a.pdf", PDF, content_type="text/html"))
    assert (given.content, given.name) == (PDF, "a.pdf")
    assert EvidenceField(required=False).clean(None) is None
    for made, name, code in (
        (b"", "a.pdf", "evidence.empty"),
        (PNG, "a.pdf", "evidence.wrong_extension"),
        (files.archive(), "a.pdf", "evidence.unknown_type"),
        (PDF + b"\0" * MAX_BYTES, "a.pdf", "evidence.too_large"),
    ):
        with pytest.raises(Exception) as refused:
            field.clean(SimpleUploadedFile(name, made))
        assert refused.value.code == code
