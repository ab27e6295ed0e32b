"""Frozen values to plain JSON and back, after their annotations: what a probe saw is kept, and judged again later.

Knows text, numbers, truth values, enumerations, aware moments (RFC 3339, UTC), tuples, optional values and nested
dataclasses. A value that does not fit its annotation is refused, so stored facts cannot be half right.
"""

import dataclasses
import enum
import types
import typing
from datetime import UTC, datetime
from typing import Any


def plain(value: Any) -> Any:
    """`value` as dictionaries, lists, texts, numbers, truth values and None."""
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def build(kind: Any, value: Any) -> Any:
    """The value of annotation `kind` that `plain` wrote as `value`. Raises ValueError when it does not fit."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return None if value is None else build(next(a for a in typing.get_args(kind) if a is not type(None)), value)
    if origin is tuple:
        return tuple(build(typing.get_args(kind)[0], item) for item in _expect(list, value))
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, _expect(dict, value))
    if kind is datetime:
        return datetime.strptime(_expect(str, value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    return _expect(kind, value)


def _build_dataclass(kind: Any, value: dict[str, Any]) -> Any:
    """Members that came later than the stored value take their defaults; members that went are passed over."""
    hints = typing.get_type_hints(kind)
    known = {f.name: build(hints[f.name], value[f.name]) for f in dataclasses.fields(kind) if f.name in value}
    try:
        return kind(**known)
    except TypeError as error:
        raise ValueError(f"{kind.__name__} lacks a member") from error


def _expect(kind: type, value: Any) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{kind.__name__} expected, not {type(value).__name__}")
    return value
