"""A table of return servers: headings to columns, rows to drafts, and what is wrong at which cell.

Headings are understood as the template writes them, in Japanese and English, and as older settings books wrote them.
Pure: cells come in, rows and findings go out; whether a URL may be entered is the URL rules' own answer.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

COLUMNS = (
    "corporate_number",
    "url",
    "kind",
    "app_identifier",
    "purposes",
    "ways_in",
    "purpose_of_use",
    "email",
    "phone",
    "note",
)
NEEDED = ("url", "purposes", "ways_in")
NEEDED_IN_PRODUCTION = ("purpose_of_use", "email")

# The first of each is what the template writes.
HEADINGS: dict[str, tuple[str, ...]] = {
    "corporate_number": (
        "法人番号",
        "corporate_number",
        "事業者番号",
        "SP法人番号",
        "served_provider",
        "サービス提供者ID",
        "公開ID",
    ),
    "url": ("返却先URL", "URL", "return_url", "返却先サーバURL", "返却先サーバーURL", "リダイレクトURL", "戻り先URL"),
    "kind": ("種別", "kind", "type", "ブラウザ・アプリの別", "区分"),
    "app_identifier": ("アプリ識別子", "app_identifier", "パッケージ名", "バンドルID", "bundle id", "package"),
    "purposes": ("受け取る証明書", "purposes", "証明書の種類", "利用する証明書", "証明書種別"),
    "ways_in": ("入り方", "ways_in", "起動方法", "アプリ起動方式", "連携方式"),
    "purpose_of_use": ("利用目的", "purpose_of_use", "用途", "サービス概要"),
    "email": (
        "連絡先メール",
        "email",
        "連絡先メールアドレス",
        "担当者メールアドレス",
        "メールアドレス",
        "security_contact",
    ),
    "phone": ("連絡先電話", "phone", "電話番号", "担当者電話番号"),
    "note": ("備考", "note", "特記事項"),
}
_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {"browser": ("ブラウザ", "browser", "web", "ウェブ"), "app": ("アプリ", "app", "application")},
    "purposes": {
        "user_authentication": (
            "利用者証明用",
            "user_authentication",
            "利用者証明",
            "利用者証明用電子証明書",
            "認証",
            "jpki_auth",
        ),
        "signature": ("署名用", "signature", "署名", "署名用電子証明書", "jpki_sign"),
    },
    "ways_in": {
        "app_link": ("アプリリンク", "app_link", "アプリ", "app"),
        "browser_link": ("ブラウザリンク", "browser_link", "ブラウザ", "browser"),
        "qr": ("QRコード", "qr", "qrコード読取"),
    },
}
_SEPARATORS = re.compile(r"[、,，;；/／|｜\n\s]+")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;.]+(?:\.[^@\s<>,;.]+)+")
_PHONE = re.compile(r"\+?[0-9() -]{6,30}")


class CellLike(Protocol):
    """What a sheet gives for a cell that is not empty."""

    @property
    def sheet(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def is_formula(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class CellFinding:
    """What is wrong at a cell. `code` has its sentences in whitelist.messages.sheet_words, or is a URL rule's own.

    address: as the spreadsheet shows it; expected: values for the sentence; mend: text to put there instead, or "".
    """

    sheet: str
    address: str
    column: str
    code: str
    observed: str = ""
    mend: str = ""
    is_blocking: bool = True
    variant: str = ""
    expected: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Draft:
    """What asks for a return server: one row, or at a platform operator all rows about the same URL.

    number: its first row in the sheet, from 1; cell: sheet and address of the URL there; rows: all its rows; served:
    corporate numbers of the organisations it is for; waiting: codes of rules that nobody has looked for yet.
    """

    number: int
    values: dict[str, Any]
    cell: tuple[str, str] = ("", "")
    rows: tuple[int, ...] = ()
    served: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class UrlFinding:
    """What a rule says about a URL; args: values for its sentences."""

    code: str
    variant: str = ""
    observed: str = ""
    mend: str = ""
    is_blocking: bool = False
    args: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UrlAnswer:
    """canonical: "" when the text can never become an entry; waiting: codes of rules nobody has looked for yet."""

    canonical: str
    findings: tuple[UrlFinding, ...] = ()
    waiting: tuple[str, ...] = ()


UrlCheck = Callable[[str], UrlAnswer]


def heading_columns(cells: Sequence[CellLike | None]) -> tuple[dict[int, str], list[CellFinding]]:
    """Place in the row -> column, from the row of headings; findings name headings that are twice or missing."""
    found: dict[int, str] = {}
    findings = []
    for place, cell in enumerate(cells):
        column = _KNOWN.get(_plain(cell.text)) if cell else None
        if cell is None or column is None:
            continue
        if column in found.values():
            findings.append(CellFinding(cell.sheet, cell.address, column, "sheet.heading_twice", cell.text))
        else:
            found[place] = column
    sheet = next((cell.sheet for cell in cells if cell), "")
    missing = [column for column in NEEDED if column not in found.values()]
    findings += [
        CellFinding(sheet, "A1", column, "sheet.heading_missing", "", HEADINGS[column][0]) for column in missing
    ]
    return found, findings


def read_row(
    number: int,
    cells: Sequence[CellLike | None],
    columns: Mapping[int, str],
    *,
    world: str,
    check_url: UrlCheck,
    known: Mapping[str, str],
) -> tuple[Draft | None, list[CellFinding]]:
    """The draft of one row, None when the row is empty or cannot be one.

    world: sandbox or production; known: corporate numbers of the organisations a row may name, by `name_of` each of
    their names (the number itself, the public id).
    """
    given = {
        columns[place]: cell for place, cell in enumerate(cells) if cell and place in columns and cell.text.strip()
    }
    if not given:
        return None, []
    sheet = next(iter(given.values())).sheet
    findings = [
        CellFinding(sheet, cell.address, column, "sheet.formula", cell.text[:80])
        for column, cell in given.items()
        if cell.is_formula
    ]
    if findings:
        return None, findings
    needed = (*NEEDED, *(NEEDED_IN_PRODUCTION if world == "production" else ()))
    for column in needed:
        if column in columns.values() and column not in given:
            findings.append(CellFinding(sheet, _address(columns, column, number), column, "sheet.cell_missing"))
        elif column not in columns.values() and column not in NEEDED:
            findings.append(CellFinding(sheet, "A1", column, "sheet.heading_missing", "", HEADINGS[column][0]))
    answer = check_url(given["url"].text) if "url" in given else UrlAnswer("")
    values, wrong = _values(given, answer)
    findings += wrong
    if "corporate_number" in given:
        cell = given["corporate_number"]
        values["corporate_number"] = known.get(name_of(cell.text), "")
        if not values["corporate_number"]:
            observed = cell.text[:80]
            findings.append(
                CellFinding(cell.sheet, cell.address, "corporate_number", "sheet.unknown_organisation", observed)
            )
    if any(found.is_blocking for found in findings):
        return None, findings
    place = (given["url"].sheet, given["url"].address)
    return Draft(number, values, cell=place, rows=(number,), waiting=answer.waiting), findings


def name_of(text: str) -> str:
    """A corporate number or public id as it is compared: width, case, spaces and hyphens do not count."""
    return _plain(text).replace("-", "")


def _values(given: Mapping[str, CellLike], answer: UrlAnswer) -> tuple[dict[str, Any], list[CellFinding]]:
    values: dict[str, Any] = {"kind": "browser", "note": "", "purpose_of_use": "", "email": "", "phone": ""}
    findings: list[CellFinding] = []
    for column, cell in given.items():
        if column == "url":
            values["url"] = answer.canonical
            findings += [url_finding((cell.sheet, cell.address), said) for said in answer.findings]
        elif column in _CHOICES:
            chosen, unknown = _chosen(column, cell.text)
            values[column] = chosen[0] if column == "kind" and chosen else chosen
            findings += [
                CellFinding(cell.sheet, cell.address, column, "sheet.unknown_choice", text, _offered(column))
                for text in unknown
            ]
        else:
            values[column] = cell.text.strip()
    findings += _wrong_shapes(given)
    if values["kind"] == "app" and "app_identifier" not in values and "kind" in given:
        kind = given["kind"]
        findings.append(CellFinding(kind.sheet, kind.address, "app_identifier", "sheet.app_identifier_missing"))
    return values, findings


def url_finding(place: tuple[str, str], said: UrlFinding) -> CellFinding:
    """A rule's word at the cell of the URL; `place`: sheet and address."""
    return CellFinding(
        *place,
        "url",
        said.code,
        said.observed,
        said.mend,
        is_blocking=said.is_blocking,
        variant=said.variant,
        expected=dict(said.args),
    )


def _wrong_shapes(given: Mapping[str, CellLike]) -> list[CellFinding]:
    shapes = {"email": _EMAIL, "phone": _PHONE}
    return [
        CellFinding(
            given[column].sheet, given[column].address, column, f"sheet.{column}_shape", given[column].text[:80]
        )
        for column, shape in shapes.items()
        if column in given and not shape.fullmatch(given[column].text.strip())
    ]


def _chosen(column: str, text: str) -> tuple[list[str], list[str]]:
    known = {_plain(word): value for value, words in _CHOICES[column].items() for word in words}
    chosen: list[str] = []
    unknown: list[str] = []
    for part in filter(None, _SEPARATORS.split(text.strip())):
        value = known.get(_plain(part))
        if value is None:
            unknown.append(part[:80])
        elif value not in chosen:
            chosen.append(value)
    return chosen, unknown


def _offered(column: str) -> str:
    return "、".join(words[0] for words in _CHOICES[column].values())


def _address(columns: Mapping[int, str], column: str, number: int) -> str:
    place = next(place for place, name in columns.items() if name == column)
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{number}"


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip("*※")


_KNOWN = {_plain(word): column for column, words in HEADINGS.items() for word in words}


def safe_text(text: str) -> str:
    """Text for a cell that a spreadsheet will open: what would begin a formula is preceded by an apostrophe.

    The signs are those of OWASP's advice on CSV injection.
    """
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def template_rows() -> list[list[str]]:
    """The headings, and one example to write over."""
    example = {
        "url": "https://www.example.jp/jpki/return",
        "kind": "ブラウザ",
        "purposes": "利用者証明用、署名用",
        "ways_in": "アプリリンク、QRコード",
        "purpose_of_use": "口座開設の申込み",
        "email": "security@example.jp",
    }
    return [[HEADINGS[column][0] for column in COLUMNS], [safe_text(example.get(column, "")) for column in COLUMNS]]
