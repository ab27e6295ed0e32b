"""Which scripts a host label is written in, and whether it passes for another.

The script is read from the character's name in the Unicode Character Database, whose first word names it for all
letters that IDNA 2008 admits in practice. One script, or the Japanese set (Han, Hiragana, Katakana and Latin together:
Unicode Technical Standard 39, section 5.2, "highly restrictive"), is ordinary; anything else in one label is a mixture.
"""

import unicodedata

JAPANESE = frozenset({"HAN", "HIRAGANA", "KATAKANA", "LATIN"})

_COMMON = frozenset({"DIGIT", "HYPHEN-MINUS", "ASTERISK", "MIDDLE", "COMBINING"})
_NAMES = {
    "CJK": "HAN",
    "IDEOGRAPHIC": "HAN",
    "KATAKANA-HIRAGANA": "KATAKANA",
    "HALFWIDTH": "KATAKANA",
}
# Letters of other scripts that print like a Latin one (after Unicode Technical Standard 39, confusables; the letters
# that a lower-case host can hold). A label made of nothing else is a Latin word to every reader.
_LATIN_LOOKS = frozenset("асԁеһіјӏорԛѕԝхуѵкмтгпвн" + "αιοκνρτυχωγε" + "օսցհոքզ")


def scripts_of(label: str) -> frozenset[str]:
    """The scripts of the letters in a U-label; digits, hyphens and combining marks belong to none."""
    words = {unicodedata.name(character, "UNKNOWN").split()[0] for character in label}
    return frozenset(_NAMES.get(word, word) for word in words - _COMMON)


def is_mixed(label: str) -> bool:
    scripts = scripts_of(label)
    return len(scripts) > 1 and not scripts <= JAPANESE


def looks_latin(label: str) -> bool:
    """True when no letter is Latin and every letter prints like a Latin one."""
    letters = {character for character in label if character.isalpha()}
    return bool(letters) and letters <= _LATIN_LOOKS
