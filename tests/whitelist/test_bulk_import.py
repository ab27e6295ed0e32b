"""Tables of return servers from hostile and honest hands: read by a worker, entered all or not at all."""

import csv
import io
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from portal.audit.models import AuditEvent
from portal.environments.models import Environment
from testenv.internet import zone
from tests import cast, organisations
from whitelist import applications, drafts, import_looks, imports, probing, sheets
from whitelist.messages import sheet_words
from whitelist.models import Application, BulkImport, Entry, Probe
from whitelist.refusals import Refused

HEAD = ["返却先URL", "受け取る証明書", "入り方", "利用目的", "連絡先メール", "法人番号"]
GOOD = ["https://www.example.jp/return", "署名用", "QRコード", "口座開設", "security@example.jp"]


def xlsx(*rows, **parts):
    book, held = Workbook(), io.BytesIO()
    for values in rows:
        book.active.append(list(values))
    book.save(held)
    return held.getvalue()


def with_part(content, name, text, *, compress=zipfile.ZIP_DEFLATED):
    """The workbook with one part added or replaced."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", compress) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return held.getvalue()


def part_of(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def read(content, name="table.xlsx"):
    return [row for row in sheets.rows_of(content, name=name) if any(row)]


def refused(content, name="table.xlsx"):
    with pytest.raises(sheets.SheetRefused) as found:
        read(content, name)
    return found.value.code


BOOK = xlsx(HEAD, GOOD)
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbbbbbbb'><!ENTITY c '&b;&b;&b;&b;'>]><a>&c;</a>"
XXE = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"
OUTSIDE = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject" '
    b'Target="http://169.254.169.254/" TargetMode="External"/></Relationships>'
)
MACRO_TYPES = part_of(BOOK, "[Content_Types].xml").replace(
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)

ZEROS = with_part(BOOK, "xl/media/image1.png", b"\0" * 20_000_000)
LINKED_BOOK = with_part(BOOK, "xl/externalLinks/externalLink1.xml", b"<a/>")
LINKED_ADDRESS = with_part(BOOK, "xl/worksheets/_rels/sheet1.xml.rels", OUTSIDE)

HOSTILE = {
    "nothing": (b"", "table.xlsx", "sheet.empty"),
    "too large": (b"PK\x03\x04" + b"\0" * sheets.MAX_BYTES, "table.xlsx", "sheet.too_large"),
    "an archive that is none": (b"PK\x03\x04 broken", "table.xlsx", "sheet.broken_workbook"),
    "a cut workbook": (BOOK[: len(BOOK) // 2], "table.xlsx", "sheet.broken_workbook"),
    "another archive": (with_part(BOOK, SHEET, b"<nonsense>"), "table.xlsx", "sheet.broken_workbook"),
    "a document": (b"%PDF-1.7", "table.xlsx", "sheet.unknown_format"),
    "a workbook called CSV": (BOOK, "table.csv", "sheet.unknown_format"),
    "a CSV called workbook": (b"URL\n", "table.xlsx", "sheet.unknown_format"),
    "macros by name": (BOOK, "table.xlsm", "sheet.macros"),
    "macros by content": (with_part(BOOK, "xl/vbaProject.bin", b"\0" * 9), "table.xlsx", "sheet.macros"),
    "macros by type": (with_part(BOOK, "[Content_Types].xml", MACRO_TYPES), "table.xlsx", "sheet.macros"),
    "an old format": (b"\xd0\xcf\x11\xe0", "table.xls", "sheet.other_format"),
    "a bomb of zeros": (
        with_part(BOOK, "xl/media/image1.png", b"\0" * 20_000_000),
        "t.xlsx",
        "sheet.unpacks_too_large",
    ),
    "a bomb of spaces": (with_part(BOOK, SHEET, b"<a>" + b" " * 60_000_000), "t.xlsx", "sheet.unpacks_too_large"),
    "entities": (with_part(BOOK, "xl/sharedStrings.xml", BOMB), "table.xlsx", "sheet.entities"),
    "a file by entity": (with_part(BOOK, SHEET, XXE), "table.xlsx", "sheet.entities"),
    "entities in UTF-16": (
        with_part(BOOK, SHEET, XXE.decode().encode("utf-16")),
        "table.xlsx",
        "sheet.entities",
    ),
    "another workbook": (
        with_part(BOOK, "xl/externalLinks/externalLink1.xml", b"<a/>"),
        "t.xlsx",
        "sheet.links_outside",
    ),
    "an address outside": (
        with_part(BOOK, "xl/worksheets/_rels/sheet1.xml.rels", OUTSIDE),
        "t.xlsx",
        "sheet.links_outside",
    ),
    "a data connection": (with_part(BOOK, "xl/connections.xml", b"<a/>"), "table.xlsx", "sheet.links_outside"),
    "binary as CSV": (b"URL\0", "table.csv", "sheet.unknown_encoding"),
    "an encoding nobody knows": (b"\x81\xff\xfe", "table.csv", "sheet.unknown_encoding"),
    "an open quotation mark": (b'URL,"a\nb', "table.csv", "sheet.broken_csv"),
    "51 columns": (xlsx(["x"] * 51), "table.xlsx", "sheet.too_many_columns"),
    "a cell of 2,001 characters": (xlsx(["x" * 2_001]), "table.xlsx", "sheet.long_cell"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_by_name(case):
    content, name, code = HOSTILE[case]
    assert refused(content, name) == code
    assert code in sheet_words.REFUSALS


def test_100_000_rows_are_refused_before_they_are_read():
    rows = "".join(f"https://h{number}.example.jp/return,署名用,qr\n" for number in range(100_000))
    assert refused(rows.encode(), "table.csv") == "sheet.too_many_rows"
    assert refused(xlsx(*([f"https://h{number}.example.jp/"] for number in range(100_000)))) == "sheet.too_many_rows"


def test_a_thousand_rows_are_read():
    assert len(read(xlsx(HEAD, *([f"https://h{n}.example.jp/"] for n in range(1_000))))) == 1_001


def test_a_formula_keeps_its_text_and_is_marked():
    cells = [cell for row in read(xlsx(HEAD, ["=1+1", '=HYPERLINK("http://x")'])) for cell in row if cell][len(HEAD) :]
    assert [(cell.address, cell.is_formula) for cell in cells] == [("A2", True), ("B2", True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_the_encodings_of_spreadsheet_programs(encoding, delimiter):
    text = f"{delimiter.join(HEAD)}\r\n{delimiter.join(GOOD)}\r\n"
    rows = read(text.encode(encoding), "表.CSV")
    assert [cell.text for cell in rows[0]] == HEAD
    assert [cell.text for cell in rows[1]] == GOOD


def test_every_sentence_has_its_japanese():
    for words in (*sheet_words.REFUSALS.values(), *(word for pair in sheet_words.FINDINGS.values() for word in pair)):
        with translation.override("ja"):
            japanese = str(words)
        with translation.override("en"):
            assert str(words) != japanese


@pytest.fixture
def provider(db):
    return organisations.provider_of(cast.hanako())


@pytest.fixture
def sandbox(provider):
    return Environment.objects.create(public_id="env_bulk", provider=provider, kind="sandbox", state="ready")


def hand_in(content, django_capture_on_commit_callbacks, *, name="table.xlsx", world="sandbox", key=None, user=None):
    form = {"form_key": str(key or uuid.uuid4()), "world": world, "table": SimpleUploadedFile(name, content)}
    client = cast.browser_of(user or cast.hanako())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("whitelist:bulk-new"), form)
    return client, answer


def enter(client, row, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("whitelist:bulk-enter", args=[row.public_id]))
    row.refresh_from_db()


def test_a_table_becomes_sandbox_entries_in_one_go(sandbox, django_capture_on_commit_callbacks):
    rows = [[f"https://h{number}.example.jp/return", *GOOD[1:]] for number in range(30)]
    key = uuid.uuid4()
    client, answer = hand_in(xlsx(HEAD, *rows), django_capture_on_commit_callbacks, key=key)
    row = BulkImport.objects.get()
    assert answer.url == reverse("whitelist:bulk-detail", args=[row.public_id])
    assert (row.state, len(row.drafts), row.findings) == ("read", 30, [])
    assert not Entry.objects.exists()
    enter(client, row, django_capture_on_commit_callbacks)
    enter(client, row, django_capture_on_commit_callbacks)  # pressed twice
    assert (row.state, len(row.made), Entry.objects.count()) == ("entered", 30, 30)
    hand_in(xlsx(HEAD, *rows), django_capture_on_commit_callbacks, key=key)  # the same form again
    assert BulkImport.objects.count() == 1
    assert AuditEvent.objects.filter(action="import.entered").count() == 1


def test_findings_name_sheet_and_cell_and_nothing_is_entered(sandbox, django_capture_on_commit_callbacks):
    content = xlsx(HEAD, GOOD, ["http://www.example.jp/x", "署名用", "QRコード"], ["=1+1", "署名用", "QRコード"], GOOD)
    client, _ = hand_in(content, django_capture_on_commit_callbacks)
    row = BulkImport.objects.get()
    found = {(one["address"], one["code"]) for one in row.findings if one["is_blocking"]}
    assert found == {("A3", "url.scheme.https"), ("A4", "sheet.formula"), ("A5", "sheet.url_twice")}
    page = client.get(reverse("whitelist:bulk-detail", args=[row.public_id])).content.decode()
    assert "Sheet!A3" in page
    assert reverse("whitelist:bulk-enter", args=[row.public_id]) not in page
    enter(client, row, django_capture_on_commit_callbacks)
    assert (row.state, Entry.objects.count()) == ("read", 0)


def test_for_production_each_row_becomes_a_draft(provider, django_capture_on_commit_callbacks):
    second = ["https://second.example.jp/return", *GOOD[1:]]
    client, _ = hand_in(xlsx(HEAD, GOOD, second), django_capture_on_commit_callbacks, world="production")
    row = BulkImport.objects.get()
    enter(client, row, django_capture_on_commit_callbacks)
    made = Application.objects.order_by("id")
    assert [one.public_id for one in made] == row.made
    assert [one.draft["url"] for one in made] == [GOOD[0], second[0]]
    assert made[0].draft["contacts"]["security"]["email"] == "security@example.jp"
    assert {one.state for one in made} == {"draft"}


def test_a_refused_file_says_why_on_its_page(provider, django_capture_on_commit_callbacks):
    client, _ = hand_in(xlsx(["x" * 2_001]), django_capture_on_commit_callbacks)
    row = BulkImport.objects.get()
    assert (row.state, row.refusal_code) == ("refused", "sheet.long_cell")
    page = client.get(reverse("whitelist:bulk-detail", args=[row.public_id])).content.decode()
    assert "A1" in page
    assert "2,000文字" in page


def test_an_empty_upload_is_refused_at_its_field(provider, django_capture_on_commit_callbacks):
    _, answer = hand_in(b"", django_capture_on_commit_callbacks)
    assert "ファイルが空です" in str(answer.context["form"].errors["table"])
    assert not BulkImport.objects.exists()


def test_a_table_without_rows_and_one_without_headings(provider, django_capture_on_commit_callbacks):
    hand_in(xlsx(HEAD), django_capture_on_commit_callbacks)
    assert BulkImport.objects.latest("id").refusal_code == "sheet.no_rows"
    hand_in(xlsx(["何か"], ["別の"]), django_capture_on_commit_callbacks)
    codes = {found["code"] for found in BulkImport.objects.latest("id").findings}
    assert codes == {"sheet.heading_missing"}


@pytest.fixture
def operator(db):
    """A platform operator before two organisations; a third one has nothing to do with it."""
    found = organisations.platform_operator(cast.hanako())
    numbers = [organisations.number(n) for n in range(3)]
    found.served = [
        organisations.behind(cast.person(f"O{n}"), found, number=numbers[n], name=f"見本{n}") for n in (0, 1)
    ]
    organisations.provider_of(cast.jiro(), number=numbers[2], name="無関係")
    return found


def blocking(row):
    return [(found["address"], found["code"]) for found in row.findings if found["is_blocking"]]


def production(rows, commits):
    client, _ = hand_in(xlsx(HEAD, *rows), commits, world="production")
    return client, BulkImport.objects.latest("id")


def test_rows_of_one_url_become_one_application_with_many_served(operator, django_capture_on_commit_callbacks):
    first, second = operator.served
    own = "https://own.example.jp/return"
    rows = [[*GOOD, first.corporate_number], [*GOOD, second.public_id], [own, *GOOD[1:]]]
    client, row = production(rows, django_capture_on_commit_callbacks)
    assert blocking(row) == []
    page = client.get(reverse("whitelist:bulk-detail", args=[row.public_id])).content.decode()
    assert "登録できる返却先サーバ（2）" in page
    enter(client, row, django_capture_on_commit_callbacks)
    one, other = Application.objects.order_by("id")
    assert {one.provider, other.provider} == {operator}
    assert [said["corporate_number"] for said in one.draft["served_providers"]] == [
        first.corporate_number,
        second.corporate_number,
    ]
    assert applications._served_providers(one) == one.draft["served_providers"]
    assert other.draft["served_providers"] == []
    assert len(applications._served_providers(other)) == 2  # nobody named: all who delegate


def test_who_is_named_must_delegate_when_read_when_entered_and_when_sent(operator, django_capture_on_commit_callbacks):
    stranger = organisations.number(2)
    rows = [[f"https://h{n}.example.jp/return", *GOOD[1:], organisations.number(n)] for n in range(2)]
    _, row = production([*rows, [*GOOD, stranger]], django_capture_on_commit_callbacks)
    assert blocking(row) == [("F4", "sheet.unknown_organisation")]
    client, row = production(rows, django_capture_on_commit_callbacks)
    delegation = operator.served[1].delegations.get()
    delegations = type(delegation).objects.filter(pk=delegation.pk)
    delegations.update(ended_on="2026-01-02")
    enter(client, row, django_capture_on_commit_callbacks)
    assert (row.state, row.refusal_code, Application.objects.count()) == ("failed", "import.delegation_ended", 0)
    delegations.update(ended_on=None)
    client, row = production(rows, django_capture_on_commit_callbacks)
    enter(client, row, django_capture_on_commit_callbacks)
    delegations.update(ended_on="2026-01-02")
    assert [len(applications._served_providers(one)) for one in Application.objects.order_by("id")] == [1, 0]


def test_whom_a_draft_names_survives_editing(operator, django_capture_on_commit_callbacks):
    client, row = production([[*GOOD, organisations.number(0)]], django_capture_on_commit_callbacks)
    enter(client, row, django_capture_on_commit_callbacks)
    application = Application.objects.get()
    user = cast.hanako()
    drafts.save(application, new={"note": "x"}, base=None, seen_version=application.version, by=user)
    application.refresh_from_db()
    assert [one["name"] for one in application.draft["served_providers"]] == ["見本0"]


def test_in_the_test_environment_rows_are_entries_of_those_they_name(operator, django_capture_on_commit_callbacks):
    for n, provider in enumerate([operator, *operator.served]):
        Environment.objects.create(public_id=f"env_{n}", provider=provider, kind="sandbox", state="ready")
    rows = [GOOD, *([*GOOD, provider.corporate_number] for provider in operator.served)]
    client, _ = hand_in(xlsx(HEAD, *rows), django_capture_on_commit_callbacks)
    row = BulkImport.objects.get()
    enter(client, row, django_capture_on_commit_callbacks)
    assert row.state == "entered"
    assert {entry.environment.provider for entry in Entry.objects.all()} == {operator, *operator.served}


# The whole engine ----------------------------------------------------------------------------------------------------


def test_servers_are_looked_at_and_told_at_their_cell(provider, django_capture_on_commit_callbacks, internet):
    zone.set_host(internet.zone_file, "www.example.jp", "expired")
    client, row = production([GOOD], django_capture_on_commit_callbacks)
    page = client.get(reverse("whitelist:bulk-detail", args=[row.public_id])).content.decode()
    assert "サーバ1台の確認が終わりました" in page
    assert "tls.expiry" in page
    assert row.is_blocked is False  # what only the server has wrong is mended before sending
    assert "dns.txt_proof" in {found["code"] for found in row.findings}


def test_what_is_said_alike_is_one_row_with_all_its_cells(provider, django_capture_on_commit_callbacks):
    rows = [[f"https://h{n}.example.jp/return", *GOOD[1:4], "no address" if n < 30 else GOOD[4]] for n in range(40)]
    client, row = production(rows, django_capture_on_commit_callbacks)
    findings = client.get(reverse("whitelist:bulk-detail", args=[row.public_id])).context["findings"]
    told = {one["code"]: (len(one["cells"]), one["more_cells"]) for one in findings}
    assert told["sheet.email_shape"] == (30, 0)
    assert told["dns.txt_proof"] == (24, 16)


def test_while_a_look_is_awaited_the_page_says_so_and_asks_again(provider, django_capture_on_commit_callbacks, now):
    probing.ask(GOOD[0].encode(), reason="draft", at=now)  # waits: nothing is committed here
    client, row = production([GOOD], django_capture_on_commit_callbacks)
    address = reverse("whitelist:bulk-progress", args=[row.public_id])
    page = client.get(address).content.decode()
    assert "サーバ1台のうち1台を確認しています" in page
    assert 'data-live-every="2000"' in page
    Probe.objects.update(asked_at=now - timedelta(hours=1), due_at=now - timedelta(hours=1))
    assert "data-live=" not in client.get(address).content.decode()
    assert reverse("whitelist:bulk-enter", args=[row.public_id]) in page  # nobody has to wait


def test_only_the_first_hundred_servers_are_asked_about(provider, django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr(import_looks, "LOOKED_AT", 2)
    rows = [[f"https://h{n}.example.jp/return", *GOOD[1:]] for n in range(4)]
    client, row = production(rows, django_capture_on_commit_callbacks)
    assert [bool(draft["waiting"]) for draft in row.drafts] == [True, True, False, False]
    assert Probe.objects.count() == 2
    page = client.get(reverse("whitelist:bulk-detail", args=[row.public_id])).content.decode()
    assert page.count("ここでは確認しません") == 2
    assert "最初の2台" in page


def test_another_s_import_is_not_there(provider, django_capture_on_commit_callbacks):
    hand_in(BOOK, django_capture_on_commit_callbacks)
    organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    address = reverse("whitelist:bulk-detail", args=[BulkImport.objects.get().public_id])
    assert cast.browser_of(cast.jiro()).get(address).status_code == 404


def test_what_is_not_ready_is_not_entered(provider, django_capture_on_commit_callbacks):
    hand_in(xlsx(HEAD), django_capture_on_commit_callbacks)
    with pytest.raises(Refused, match=r"import\.not_ready"):
        imports.ask_to_enter(BulkImport.objects.get(), by=cast.hanako())


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_read_back_as_it_is(provider, ending, django_capture_on_commit_callbacks):
    answer = cast.browser_of(cast.hanako()).get(reverse("whitelist:bulk-template", args=[ending]))
    if ending == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))) == 2
    else:
        assert load_workbook(io.BytesIO(answer.content)).active.max_row == 2
    hand_in(answer.content, django_capture_on_commit_callbacks, name=f"t.{ending}", world="production")
    row = BulkImport.objects.get()
    assert (row.state, len(row.drafts), row.is_blocked) == ("read", 1, False)
