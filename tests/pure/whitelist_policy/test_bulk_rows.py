"""Rows of a table of return servers: headings old and new, choices in words, findings at their cells."""

import pytest

from whitelist.policy import bulk


class Cell:
    def __init__(self, address, text, is_formula=False):
        self.sheet, self.address, self.text, self.is_formula = "表", address, text, is_formula


def row(number, *texts):
    return [Cell(f"{chr(65 + place)}{number}", text) if text else None for place, text in enumerate(texts)]


def check_url(url):
    if url.startswith("https://"):
        return bulk.UrlAnswer(url, waiting=("tls.chain",))
    return bulk.UrlAnswer("", (bulk.UrlFinding("url.scheme.https", "", url[:20], "https" + url[4:], True),))


KNOWN = {"7000012050002": "7000012050002", "org_abc": "7000012050002"}
HEAD = ("返却先URL", "受け取る証明書", "入り方", "法人番号", "種別", "連絡先メール", "連絡先電話")


def read(*texts, world="sandbox", head=HEAD, known=KNOWN):
    columns, findings = bulk.heading_columns(row(1, *head))
    assert findings == []
    return bulk.read_row(2, row(2, *texts), columns, world=world, check_url=check_url, known=known)


def test_a_row_becomes_a_draft():
    draft, findings = read(
        "https://a.example.jp/r", "利用者証明用、署名用", "アプリリンク QRコード", "７０００-０１２０-５０００２"
    )
    assert findings == []
    assert draft.number == 2
    assert draft.values["purposes"] == ["user_authentication", "signature"]
    assert draft.values["ways_in"] == ["app_link", "qr"]
    assert (draft.values["kind"], draft.values["corporate_number"]) == ("browser", "7000012050002")


@pytest.mark.parametrize(
    "head",
    [
        ("URL", "purposes", "ways_in"),
        ("返却先サーバＵＲＬ※", "証明書の種類", "起動方法"),
        ("リダイレクトURL", "利用する証明書", "アプリ起動方式"),
        ("Return_URL ", "証明書種別", "連携方式"),
    ],
)
def test_headings_of_older_settings_books_are_understood(head):
    draft, findings = read("https://a.example.jp/r", "認証", "qr", head=head)
    assert (draft is not None, findings) == (True, [])


def test_every_heading_names_one_column_and_the_template_is_its_own_reading():
    head, example = bulk.template_rows()
    columns, findings = bulk.heading_columns(row(1, *head))
    assert findings == []
    assert list(columns.values()) == list(bulk.COLUMNS)
    draft, findings = bulk.read_row(2, row(2, *example), columns, world="production", check_url=check_url, known={})
    assert findings == []
    assert draft is not None


def test_missing_and_repeated_headings_are_named():
    _, findings = bulk.heading_columns(row(1, "URL", "返却先URL", "備考"))
    assert [(found.code, found.column) for found in findings] == [
        ("sheet.heading_twice", "url"),
        ("sheet.heading_missing", "purposes"),
        ("sheet.heading_missing", "ways_in"),
    ]


@pytest.mark.parametrize(
    ("texts", "address", "code"),
    [
        (("http://a.example.jp/r", "署名用", "qr"), "A2", "url.scheme.https"),
        (("", "署名用", "qr"), "A2", "sheet.cell_missing"),
        (("https://a.example.jp/r", "", "qr"), "B2", "sheet.cell_missing"),
        (("https://a.example.jp/r", "署名用、住民票", "qr"), "B2", "sheet.unknown_choice"),
        (("https://a.example.jp/r", "署名用", "電話"), "C2", "sheet.unknown_choice"),
        (("https://a.example.jp/r", "署名用", "qr", "123"), "D2", "sheet.unknown_organisation"),
        (("https://a.example.jp/r", "署名用", "qr", "", "アプリ"), "E2", "sheet.app_identifier_missing"),
        (("https://a.example.jp/r", "署名用", "qr", "", "", "security@"), "F2", "sheet.email_shape"),
        (("https://a.example.jp/r", "署名用", "qr", "", "", "", "x"), "G2", "sheet.phone_shape"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(texts, address, code):
    draft, findings = read(*texts)
    assert draft is None
    assert [(found.address, found.code) for found in findings] == [(address, code)]


def test_production_needs_a_purpose_of_use_and_a_contact():
    _, findings = read("https://a.example.jp/r", "署名用", "qr", world="production")
    assert [(found.code, found.column) for found in findings] == [
        ("sheet.heading_missing", "purpose_of_use"),
        ("sheet.cell_missing", "email"),
    ]


def test_a_formula_is_never_a_value():
    columns, _ = bulk.heading_columns(row(1, *HEAD))
    cells = row(2, '=HYPERLINK("https://a.example.jp")', "署名用", "qr")
    cells[0].is_formula = True
    draft, findings = bulk.read_row(2, cells, columns, world="sandbox", check_url=check_url, known={})
    assert draft is None
    assert [(found.address, found.code) for found in findings] == [("A2", "sheet.formula")]


def test_an_organisation_is_named_by_number_or_public_id():
    draft, _ = read("https://a.example.jp/r", "署名用", "qr", "ORG_ABC")
    assert draft.values["corporate_number"] == "7000012050002"
    assert (draft.cell, draft.rows, draft.waiting) == (("表", "A2"), (2,), ("tls.chain",))


def test_an_empty_row_is_no_row():
    assert read("", " ", "") == (None, [])


@pytest.mark.parametrize("text", ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_we_write_out_is_never_a_formula(text):
    assert bulk.safe_text(text) == f"'{text}"
    assert bulk.safe_text("見本") == "見本"
