"""The API reference: a page of our own, made from the OpenAPI document in the reader's language."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from portal.api.document import document
from portal.api.reserved import RESERVED
from portal.api.throttling import WINDOW

Schema = dict[str, Any]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Operations, shapes and codes; nothing on the page stands anywhere but in the document."""
    whole = document(translation.get_language() or settings.LANGUAGE_CODE)
    context = {
        "info": whole["info"],
        "site_url": settings.SITE_URL,
        "operations": [
            _operation(whole, path, method, operation)
            for path, item in whole["paths"].items()
            for method, operation in item.items()
        ],
        "shapes": [
            {"name": name, "description": schema.get("description", ""), "fields": _fields(schema)}
            for name, schema in whole["components"]["schemas"].items()
        ],
        "verdicts": whole["components"]["schemas"]["Verification"]["properties"]["code"]["x-codes"],
        "problems": whole["x-problem-codes"],
        "field_codes": whole["x-field-codes"],
        "reserved": RESERVED,
        "limit": settings.API_REQUESTS_PER_MINUTE,
        "window": WINDOW,
        "max_kib": settings.API_MAX_BODY_BYTES // 1024,
    }
    return render(request, "public/api_reference.html", context)


def _operation(whole: Schema, path: str, method: str, operation: Schema) -> dict[str, Any]:
    bodies = operation.get("requestBody", {}).get("content", {})
    body = bodies.get("application/json", {})
    files = [media for media in bodies if media != "application/json"]
    good = operation["responses"]["200"]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", operation["operationId"]),
        "description": operation.get("description", ""),
        "parameters": [
            {
                "name": parameter["name"],
                "kind": _kind(parameter["schema"]),
                "place": parameter["in"],
                "description": parameter.get("description", ""),
                "required": parameter.get("required", False),
            }
            for parameter in operation.get("parameters", [])
        ],
        "body": _named(body.get("schema", {})),
        "fields": _fields(_resolved(whole, body["schema"])) if "schema" in body else [],
        "files": files,
        "curl": _curl(path, method, _example(body), file=files[0] if files else ""),
        "answer": json.dumps(_example(good["content"]["application/json"]), ensure_ascii=False, indent=2),
        "answers": [_answer(status, answer) for status, answer in operation["responses"].items()],
    }


def _answer(status: str, answer: Schema) -> dict[str, Any]:
    media, content = next(iter(answer.get("content", {"": {}}).items()))
    return {
        "status": status,
        "media": media,
        "shape": _named(content.get("schema", {})),
        "description": answer["description"],
    }


def _example(body: Schema) -> Any:
    examples = body.get("examples", {})
    return next(iter(examples.values()))["value"] if examples else None


def _curl(path: str, method: str, example: Any, *, file: str = "") -> str:
    lines = [f"curl -sS {settings.SITE_URL}{path}", '  -H "Authorization: Bearer $SPK_TEST_KEY"']
    if file:
        return " \\\n".join([*lines, f'  -H "Content-Type: {file}"', "  --data-binary @signed.pdf"])
    if method == "post":
        lines += ['  -H "Content-Type: application/json"']
    if example is not None:
        lines += ["  --data-binary @- <<'JSON'"]
        return " \\\n".join(lines) + "\n" + json.dumps(example, ensure_ascii=False, indent=2) + "\nJSON"
    return " \\\n".join(lines)


def _fields(schema: Schema) -> list[dict[str, Any]]:
    """The members of an object, one row each."""
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "kind": _kind(member),
            "shape": _named(member) or _named(member.get("items", {})),
            "required": name in required,
            "values": [value for value in member.get("enum", []) if value is not None],
            "description": member.get("description", ""),
        }
        for name, member in schema.get("properties", {}).items()
    ]


def _kind(schema: Schema) -> str:
    kind = schema.get("type", "")
    text = " | ".join(kind) if isinstance(kind, list) else str(kind)
    form = schema.get("format") or schema.get("contentEncoding")
    return f"{text} ({form})" if form else text


def _named(schema: Schema) -> str:
    """The name of the shape a schema refers to, or nothing."""
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _resolved(whole: Schema, schema: Schema) -> Schema:
    found: Schema = whole["components"]["schemas"][_named(schema)] if "$ref" in schema else schema
    return found
