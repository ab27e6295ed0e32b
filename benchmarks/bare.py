"""The server without a framework: read the body, answer a few bytes."""

from collections.abc import Callable, Iterable
from typing import Any

_ANSWER = b'{"verdict": "valid"}'
_HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(_ANSWER)))]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", _HEADERS)
    return [_ANSWER]
