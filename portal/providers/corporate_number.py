"""法人番号: the 13-digit corporate number and its check digit.

The first digit is a check digit over the other twelve: 9 - (sum of Pn x Qn, modulo 9), where Pn is the n-th digit from
the right and Qn is 1 for odd n and 2 for even n (法人番号の指定等に関する省令, Ministry of
Finance Order No. 70 of 2014, article 2; explained by the National Tax Agency). It shows slips of the pen, not that the
corporation exists.
"""

import re
import unicodedata

_FILLERS = re.compile(
    r"[\s\u2010-\u2015\u2212\u30fc\uff0d\uff70-]"
)  # spaces of every width, hyphens and their likenesses
_LONGEST_INPUT = 64


class CorporateNumberRefused(ValueError):
    """The text is no corporate number. `code`: corporate_number.empty, .characters, .length or .check_digit."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(text: str) -> str:
    """The thirteen ASCII digits written as `text`, which may be full-width and divided by spaces or hyphens.

    Raises CorporateNumberRefused.
    """
    if len(text) > _LONGEST_INPUT:
        raise CorporateNumberRefused("corporate_number.length")
    digits = _FILLERS.sub("", unicodedata.normalize("NFKC", _FILLERS.sub("", text)))
    if not digits:
        raise CorporateNumberRefused("corporate_number.empty")
    if not (digits.isascii() and digits.isdigit()):
        raise CorporateNumberRefused("corporate_number.characters")
    if len(digits) != 13:
        raise CorporateNumberRefused("corporate_number.length")
    if int(digits[0]) != check_digit(digits[1:]):
        raise CorporateNumberRefused("corporate_number.check_digit")
    return digits


def check_digit(base: str) -> int:
    """The check digit, 1 to 9, for the twelve digits `base`."""
    weighted = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(base), start=1))
    return 9 - weighted % 9
