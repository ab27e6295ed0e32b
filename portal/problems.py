"""Problem documents (RFC 9457) for everything under /api/: stable codes, sentences in the caller's language.

`type` is an address of the API reference, where each code is explained. Apps declare their own codes at import.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

Words = str | Promise


class Kind(NamedTuple):
    """One row of the table: HTTP status, what happened, what to do about it."""

    status: int
    title: Words
    detail: Words


KINDS: dict[str, Kind] = {
    "request.not_json": Kind(
        400, _("The body is not JSON."), _("Send one JSON object in UTF-8, without repeated names.")
    ),
    "request.empty_body": Kind(400, _("The body is empty."), _("Send one JSON object.")),
    "request.bad_request": Kind(400, _("The request could not be read."), _("Look at the request line and headers.")),
    "request.invalid": Kind(
        422, _("Some fields are missing or wrong."), _("Each wrong field is named in “errors”, with its place.")
    ),
    "request.length_required": Kind(
        411, _("The length of the body is not stated."), _("Send Content-Length; chunked transfer is not accepted.")
    ),
    "request.too_large": Kind(413, _("The body is too large."), _("A body may have at most 256 KiB.")),
    "request.media_type": Kind(
        415, _("The content type is not accepted."), _("Send Content-Type: application/json, without encoding.")
    ),
    "request.too_many": Kind(
        429, _("Too many requests with this key."), _("Wait as long as Retry-After says, then send the request again.")
    ),
    "api_key.missing": Kind(
        401,
        _("No API key was sent."),
        _("Send the header Authorization: Bearer with your API key. Cookies do not count."),
    ),
    "api_key.malformed": Kind(
        401, _("This is not an API key of this site."), _("Copy the whole key; its last characters are a check sum.")
    ),
    "api_key.unknown": Kind(401, _("This API key is not known."), _("Use a key from your list of API keys.")),
    "api_key.revoked": Kind(401, _("This API key was revoked."), _("Issue a new key and use it instead.")),
    "api_key.expired": Kind(401, _("This API key has expired."), _("Issue a new key and use it instead.")),
    "not_found": Kind(404, _("There is nothing at this address."), _("Compare the address with the API reference.")),
    "not_yet_offered": Kind(
        404, _("This operation is reserved and not offered yet."), _("Watch the API reference for its arrival.")
    ),
    "method_not_allowed": Kind(
        405, _("This method is not possible here."), _("The header Allow names the methods that are.")
    ),
    "internal_error": Kind(
        500, _("An error happened on our side."), _("Nothing was decided. Tell us the request ID if it happens again.")
    ),
}

FIELD_SENTENCES: dict[str, Words] = {
    "field.required": _("This field is required."),
    "field.unknown": _("There is no such field."),
    "field.type": _("The value has the wrong type."),
    "field.choice": _("The value is none of those possible."),
    "field.base64": _("The value is not base64 (RFC 4648 section 4, with padding, without line breaks)."),
    "field.too_long": _("The value is too long."),
    "field.characters": _("The value holds characters that are not accepted (NUL or half a surrogate pair)."),
    "field.identifier": _("Use 8 to 64 of the characters A–Z, a–z, 0–9, _ and -."),
}


def declare(code: str, status: int, title: Words, detail: Words) -> None:
    """Add an app's own code to the table."""
    KINDS[code] = Kind(status, title, detail)


@dataclass(frozen=True)
class FieldError:
    """One wrong field: its place as a JSON pointer (RFC 6901) and a code of FIELD_SENTENCES."""

    pointer: str
    code: str


class Problem(Exception):
    """Answer the request with this problem. `headers` go onto the answer, `facts` into the document."""

    def __init__(
        self,
        code: str,
        *,
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.errors = code, errors
        self.headers, self.facts = dict(headers or {}), dict(facts or {})

    @property
    def status(self) -> int:
        return KINDS[self.code].status


def response(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The problem as application/problem+json in the caller's language."""
    language = language_of(request)
    answer = HttpResponse(
        encode(document(problem, language=language, request_id=getattr(request, "request_id", ""))),
        status=problem.status,
        content_type="application/problem+json",
    )
    answer["Content-Length"] = str(len(answer.content))
    answer["Content-Language"] = language
    answer["Vary"] = "Accept-Language"
    answer["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        answer[name] = value
    return answer


def document(problem: Problem, *, language: str, request_id: str) -> dict[str, Any]:
    title, detail = _words(problem.code, language)
    return {
        "type": f"{settings.SITE_URL}/docs/api/#{problem.code}",
        "title": title,
        "status": problem.status,
        "detail": detail,
        "code": problem.code,
        "errors": [
            {"pointer": error.pointer, "code": error.code, "detail": _field_words(error.code, language)}
            for error in problem.errors
        ],
        "request_id": request_id,
        **problem.facts,
    }


def encode(value: Any) -> bytes:
    """JSON in UTF-8; half a surrogate pair, which UTF-8 cannot carry, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def language_of(request: HttpRequest) -> str:
    """`ja` or `en`, by Accept-Language; Japanese where the caller has no wish we can meet."""
    header = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return _language(header) if header else settings.LANGUAGE_CODE


@lru_cache(maxsize=256)
def _language(header: str) -> str:
    offered = dict(settings.LANGUAGES)
    for tag, quality in parse_accept_lang_header(header.lower()):
        primary = tag.split("-")[0]
        if quality > 0 and primary in offered:
            return primary
    return settings.LANGUAGE_CODE


@lru_cache(maxsize=512)
def _words(code: str, language: str) -> tuple[str, str]:
    with translation.override(language):
        return str(KINDS[code].title), str(KINDS[code].detail)


@lru_cache(maxsize=128)
def _field_words(code: str, language: str) -> str:
    with translation.override(language):
        return str(FIELD_SENTENCES[code])
