"""What a look-up asks about: bytes, exactly as they were sent, from a JSON body or from a query string."""

import base64
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from portal.api.decoding import Fields, is_clean, pointer
from portal.problems import FieldError, Problem
from whitelist.policy import statement

# Longer than any entry can be, so that an overlong URL is answered "not listed" and a flood is refused.
MAX_ASKED_BYTES = 8192
_MEMBERS = ("url", "asked", "nonce")
_NUMBER = re.compile(r"[0-9]{1,9}\Z")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")


@dataclass(frozen=True)
class Question:
    asked: bytes
    nonce: str | None


def from_json(body: dict[str, Any], *, takes_nonce: bool = True) -> Question:
    """`url` as text or `asked` as base64url bytes, one of the two; a `nonce` where one is taken. Raises Problem."""
    fields = Fields(body)
    url = fields.text("url", max_length=MAX_ASKED_BYTES)
    encoded = fields.text("asked", max_length=MAX_ASKED_BYTES * 4 // 3 + 4)
    nonce = _nonce(fields) if takes_nonce else None
    asked = b""
    if (url is None) == (encoded is None):
        fields.wrong("url", "field.one_of_two" if url is not None else "field.required")
    elif url is not None:
        asked = url.encode()
    elif encoded is not None:
        decoded = _decoded(encoded)
        if decoded is None:
            fields.wrong("asked", "field.base64url")
        asked = decoded or b""
    fields.finish()
    return Question(asked, nonce)


def _nonce(fields: Fields) -> str | None:
    nonce = fields.text("nonce", max_length=128)
    if nonce is not None and statement.nonce_refusal(nonce):
        fields.wrong("nonce", "field.nonce")
    return nonce


def from_query(query: str) -> Question:
    """The same from a query string. `url` keeps its bytes: percent-decoded, not read as text. Raises Problem."""
    try:
        # ISO 8859-1 carries every byte through text unchanged, in both directions.
        pairs = parse_qsl(query, keep_blank_values=True, encoding="latin-1", max_num_fields=len(_MEMBERS))
    except ValueError:
        raise Problem("request.bad_request") from None
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Problem("request.invalid", errors=(FieldError("", "field.repeated"),))
    url = values.pop("url", None)
    if url is None:
        return from_json(values)
    if "asked" in values:
        raise Problem("request.invalid", errors=(FieldError("/url", "field.one_of_two"),))
    asked, fields = url.encode("latin-1"), Fields(values)
    if len(asked) > MAX_ASKED_BYTES:
        raise Problem("request.invalid", errors=(FieldError("/url", "field.too_long"),))
    nonce = _nonce(fields)
    fields.finish()
    return Question(asked, nonce)


def since_from_query(query: str) -> int | None:
    """The version after `since=`, None without one. Raises Problem."""
    return _whole_number(_single_values(query, ("since",)), "since")


def numbers_from_query(query: str, *names: str, texts: tuple[str, ...] = ()) -> dict[str, Any]:
    """Optional whole numbers (and `texts`) by name; a member that is not there is None. Raises Problem."""
    values = _single_values(query, (*names, *texts))
    return {name: _whole_number(values, name) for name in names} | {name: values.get(name) for name in texts}


def wrong(name: str, code: str) -> Problem:
    """A question that cannot be answered because of this member."""
    return Problem("request.invalid", errors=(FieldError(pointer(name), code),))


def _single_values(query: str, names: tuple[str, ...]) -> dict[str, str]:
    """The members of a query string, each at most once and none that nobody asked for. Raises Problem."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=len(names) + 1)
    except ValueError:
        raise Problem("request.bad_request") from None
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Problem("request.invalid", errors=(FieldError("", "field.repeated"),))
    unknown = [FieldError(pointer(name), "field.unknown") for name in values if name not in names]
    unfit = [FieldError(pointer(name), "field.characters") for name, value in values.items() if not is_clean(value)]
    if unknown or unfit:
        raise Problem("request.invalid", errors=(*unknown, *unfit))
    return values


def _whole_number(values: dict[str, str], name: str) -> int | None:
    text = values.get(name)
    if text is None:
        return None
    if not _NUMBER.match(text):
        raise Problem("request.invalid", errors=(FieldError(pointer(name), "field.number"),))
    return int(text)


def _decoded(text: str) -> bytes | None:
    """RFC 4648 section 5 without padding, in the one spelling that a content has; None for anything else."""
    if not _BASE64URL.match(text) or len(text) % 4 == 1:
        return None
    decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return decoded if base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() == text else None
