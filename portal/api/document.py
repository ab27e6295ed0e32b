"""The OpenAPI 3.1 document, made from the views and the shapes that apps declare; in English or Japanese."""

import json
from copy import deepcopy
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from portal import problems

COMPONENTS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": _("A problem document (RFC 9457)."),
        "required": ["type", "title", "status", "detail", "code", "errors", "request_id"],
        "properties": {
            "type": {"type": "string", "format": "uri", "description": _("Where the code is explained.")},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string", "description": _("Stable; decide by this and never by the sentence.")},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "code", "detail"],
                    "properties": {
                        "pointer": {"type": "string", "description": _("JSON pointer (RFC 6901) of the wrong field.")},
                        "code": {"type": "string"},
                        "detail": {"type": "string"},
                    },
                },
            },
            "request_id": {"type": "string"},
        },
    }
}


# Text as `portal.api.decoding.is_clean` has it.
KEEPABLE = "^[^\\u0000]*$"


def declare(name: str, schema: dict[str, Any]) -> dict[str, str]:
    """Add a shape to the document and return the reference to it."""
    COMPONENTS[name] = schema
    return {"$ref": f"#/components/schemas/{name}"}


def problem_responses(*statuses: int) -> dict[tuple[int, str], Any]:
    """The problem answers of an operation, for `extend_schema(responses=…)`."""
    reference = {"$ref": "#/components/schemas/Problem"}
    return {(status, "application/problem+json"): reference for status in statuses}


def add_components(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Post-processing hook of drf-spectacular."""
    components = result.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **deepcopy(COMPONENTS)}
    for item in result["paths"].values():
        for operation in item.values():
            _describe_answers(operation)
    result["x-problem-codes"] = {code: kind._asdict() for code, kind in sorted(problems.KINDS.items())}
    result["x-field-codes"] = dict(problems.FIELD_SENTENCES)
    return result


def _describe_answers(operation: dict[str, Any]) -> None:
    """Each answer needs words (OpenAPI 3.1.1, Response Object); those of a problem list its possible codes."""
    for status, answer in operation.get("responses", {}).items():
        if not answer.get("description"):
            codes = [code for code, kind in problems.KINDS.items() if str(kind.status) == status]
            answer["description"] = ", ".join(codes) or _("The answer.")
        answer.setdefault("headers", {})["X-Request-Id"] = {"schema": {"type": "string"}}


@lru_cache(maxsize=4)
def document(language: str) -> dict[str, Any]:
    """The whole document in one language; the same object each time, so do not change it."""
    from portal.api import urls  # the operations import this module for their shapes

    with translation.override(language):
        generator = SchemaGenerator(patterns=_mounted(urls.urlpatterns))  # type: ignore[no-untyped-call]
        result: dict[str, Any] = _plain(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]
    return result


def _mounted(patterns: list[Any]) -> list[Any]:
    from django.urls import include, path

    return [path("api/v1/", include(patterns))]


def _plain(value: Any) -> Any:
    """Lazy sentences made into text of the active language."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Promise) else value


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The document for machines, in the caller's language."""
    language = problems.language_of(request)
    response = HttpResponse(json.dumps(document(language), ensure_ascii=False), content_type="application/json")
    response["Content-Language"] = language
    response["Vary"] = "Accept-Language"
    return response
