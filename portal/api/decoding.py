"""Typed decoding of a JSON body, by hand: a serializer would cost more than the judgement it stands before.

`json_object` reads the bytes strictly; `Fields` reads members and gathers every wrong one before it complains.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from portal.problems import FieldError, Problem

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MAX_POINTER = 80


def json_object(body: bytes) -> dict[str, Any]:
    """One JSON object (RFC 8259) in UTF-8; repeated names, NaN and endless nesting are refused. Raises Problem."""
    if not body.strip():
        raise Problem("request.empty_body")
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Problem("request.not_json") from None
    if not isinstance(value, dict):
        raise Problem("request.invalid", errors=(FieldError("", "field.type"),))
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("repeated name")
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


class Fields:
    """The members of one object. Each reader returns a harmless value when its member is wrong; `finish` raises."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self._read: set[str] = set()
        self._errors: list[FieldError] = []

    def choice(self, name: str, values: Sequence[str], *, required: bool = True) -> str:
        """One of `values`; a missing optional member reads as the empty text."""
        value = self._text(name, required=required)
        if value is None:
            return "" if not required else values[0]
        if value not in values:
            self.wrong(name, "field.choice")
            return values[0]
        return value

    def base64(self, name: str, *, max_bytes: int, required: bool = True) -> bytes:
        """Bytes in the standard alphabet with padding and nothing else (RFC 4648 section 4), in their one spelling; a
        missing optional member reads as no bytes (`has` tells it from an empty one).
        """
        value = self._text(name, required=required)
        if value is None:
            return b""
        if len(value) > (max_bytes + 2) // 3 * 4:
            self.wrong(name, "field.too_long")
            return b""
        try:
            decoded = binascii.a2b_base64(value.encode("ascii"), strict_mode=True)
        except ValueError:
            decoded = None
        # Left-over bits in the last sign would give one content two spellings.
        if decoded is None or base64.b64encode(decoded).decode() != value:
            self.wrong(name, "field.base64")
            return b""
        return decoded

    def has(self, name: str) -> bool:
        """Whether the member is there at all, right or wrong."""
        return name in self._body

    def identifier(self, name: str) -> str | None:
        """An optional name chosen by the caller: 8 to 64 of A–Z a–z 0–9 _ -."""
        value = self._text(name, required=False)
        if value is not None and not _IDENTIFIER.fullmatch(value):
            self.wrong(name, "field.identifier")
            return None
        return value

    def text(self, name: str, *, max_length: int) -> str | None:
        """An optional text."""
        value = self._text(name, required=False)
        if value is not None and len(value) > max_length:
            self.wrong(name, "field.too_long")
            return None
        return value

    def wrong(self, name: str, code: str) -> None:
        self._errors.append(FieldError(pointer(name), code))

    def finish(self) -> None:
        """Raise Problem `request.invalid` if anything was wrong, members nobody asked for included."""
        for name in self._body:
            if name not in self._read:
                self.wrong(name, "field.unknown")
        if self._errors:
            raise Problem("request.invalid", errors=tuple(self._errors))

    def _text(self, name: str, *, required: bool) -> str | None:
        self._read.add(name)
        value = self._body.get(name)
        if value is None and (required or name in self._body):
            self.wrong(name, "field.required" if name not in self._body else "field.type")
        elif value is not None and not isinstance(value, str):
            self.wrong(name, "field.type")
        elif value is not None and not is_clean(value):
            self.wrong(name, "field.characters")
        else:
            return value
        return None


def pointer(name: str) -> str:
    """The JSON pointer of a member (RFC 6901), cut where a caller sent an absurdly long name."""
    return "/" + name[:_MAX_POINTER].replace("~", "~0").replace("/", "~1")


def is_clean(value: str) -> bool:
    """Can be kept: no NUL, which PostgreSQL refuses, and no half of a surrogate pair, which UTF-8 cannot carry."""
    if value.isascii():
        return "\0" not in value
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
