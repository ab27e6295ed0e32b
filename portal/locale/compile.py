"""Compiles each language's django.po, with its parts merged, to the .mo file beside it (GNU MO format).

Written here because a fresh machine that only runs the site has no gettext tools. Run from anywhere.
"""

import ast
import struct
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_MAGIC = 0x950412DE


def read(path: Path) -> dict[tuple[str, str], str]:
    """(context, msgid) -> msgstr; fuzzy entries are left out.

    Japanese has one plural form: a counted message is kept under "singular NUL plural", as the .mo format wants it.
    """
    entries: dict[tuple[str, str], str] = {}
    current: dict[str, str] = {}
    field = ""
    fuzzy = False
    for raw in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        line = raw.strip()
        if not line:
            text = current.get("msgstr") or current.get("msgstr[0]")
            if "msgid" in current and text and not fuzzy:
                plural = "\0" + current["msgid_plural"] if "msgid_plural" in current else ""
                entries[current.get("msgctxt", ""), current["msgid"] + plural] = text
            current, field, fuzzy = {}, "", False
        elif line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif line.startswith('"'):
            current[field] += ast.literal_eval(line)
        else:
            field, text = line.split(" ", 1)
            current[field] = ast.literal_eval(text)
    return entries


def catalogue(language: str) -> dict[tuple[str, str], str]:
    """All entries of one language: django.po and its parts; the same msgid must not be translated two ways."""
    folder = _HERE / language
    entries: dict[tuple[str, str], str] = {}
    for path in [folder / "LC_MESSAGES" / "django.po", *sorted((folder / "parts").glob("*.po"))]:
        if not path.exists():
            continue
        for key, text in read(path).items():
            if key[1] and entries.get(key, text) != text:
                raise SystemExit(f"{path.name}: {key[1]!r} is translated as {text!r} and as {entries[key]!r}")
            entries.setdefault(key, text)
    return entries


def to_mo(entries: dict[tuple[str, str], str]) -> bytes:
    header = {("", ""): "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"}
    pairs = sorted(
        ((f"{context}\x04{msgid}" if context else msgid).encode(), text.encode())
        for (context, msgid), text in {**entries, **header}.items()
    )
    count = len(pairs)
    offset = 28 + 16 * count
    tables: list[list[int]] = [[], []]
    blob = b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += [len(pair[column]), offset + len(blob)]
            blob += pair[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, count, 28, 28 + 8 * count, 0, 0)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + blob


def main() -> None:
    for folder in sorted(_HERE.iterdir()):
        if not folder.is_dir() or folder.name.startswith("_"):
            continue
        target = folder / "LC_MESSAGES" / "django.mo"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(to_mo(catalogue(folder.name)))


if __name__ == "__main__":
    main()
