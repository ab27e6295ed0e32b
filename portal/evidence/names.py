"""A file's name as it may be shown and sent back: no path, no signs that hide or turn the reading."""

import unicodedata

from portal.evidence.content import EXTENSIONS, MediaType

MAX_CHARACTERS = 100
_HIDING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, format (bidi), surrogate, private, unassigned, breaks
_FORBIDDEN = set('<>:"/\\|?*')


def shown(name: str) -> str:
    """`name` without folders and without hiding signs, at most 100 characters; "file" where nothing is left."""
    kept = _kept(name)
    stem, dot, extension = " ".join(kept.split()).rpartition(".")
    return f"{stem[: MAX_CHARACTERS - 10]}{dot}{extension[:9]}" if kept.strip(". ") else "file"


def cleaned(name: str, found: MediaType) -> str:
    """As `shown`, ending in the extension of what the file is; "evidence" stands in where nothing is left."""
    kept = _kept(name)
    stem, dot, extension = kept.rpartition(".")
    if not dot or extension.lower() not in EXTENSIONS[found]:
        stem, extension = kept, EXTENSIONS[found][0]
    stem = " ".join(stem.split()).strip(". ")[: MAX_CHARACTERS - 5]
    return f"{stem or 'evidence'}.{extension.lower()}"


def _kept(name: str) -> str:
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    return "".join(sign for sign in last if sign not in _FORBIDDEN and unicodedata.category(sign) not in _HIDING)
