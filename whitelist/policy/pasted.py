"""What somebody pastes when asked for the URL their system sent: the URL itself, a whole request, a line of a log.

A text that is a URL, with whatever hides in it, stays as it is to the last byte: what hides may be the very cause. Only
where the URL stands inside something else is it taken out, and the page says from where.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

# The parameter of a request to the app (its decoded value is what is compared), and its usual spellings.
_PARAMETER = re.compile(r"(?:^|[?&;\s\"'])(?:return_url|returnUrl|redirect_uri)=([^&\s\"'#]*)")
_MEMBER = re.compile(r"\"(?:return_url|returnUrl|redirect_uri)\"\s*:\s*(\"(?:[^\"\\]|\\.)*\")")
_IN_A_LINE = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_BEGINS_AS_URL = re.compile(r"[\W_]*https?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pasted:
    """`url`: the bytes to compare. `source`: as_it_is, parameter (of a request), member (of JSON), line (of a log)."""

    url: bytes
    source: str


def read(text: str) -> Pasted:
    """The URL in a pasted text; the text as it is where nothing tells that the URL stands inside something else."""
    if (found := _PARAMETER.search(text)) and found[1]:
        # An HTML form writes a space as "+" (application/x-www-form-urlencoded), and the receiver reads it so.
        return Pasted(unquote_to_bytes(found[1].replace("+", " ")), "parameter")
    if found := _MEMBER.search(text):
        return Pasted(_json_text(found[1]), "member")
    if not _BEGINS_AS_URL.match(text) and (found := _IN_A_LINE.search(text)):
        return Pasted(_encoded(found[0]), "line")
    return Pasted(_encoded(text), "as_it_is")


def _json_text(quoted: str) -> bytes:
    try:
        return _encoded(json.loads(quoted))
    except ValueError:  # a stray control character or escape: compared as it stands between the quotes
        return _encoded(quoted[1:-1])


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
