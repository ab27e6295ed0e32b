"""The public check as JSON schema, for the OpenAPI document."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample

from portal import problems
from portal.api.document import KEEPABLE, declare
from whitelist.api.shapes import answers_200
from whitelist.policy.finding import Severity

__all__ = ["CHECK", "REQUEST", "WORDS", "answers_200"]

problems.declare(
    "check.too_many_from_address",
    429,
    _("Too many checks from your address"),
    _("Wait as long as Retry-After says. With an API key and an application there is no such limit."),
)
problems.declare(
    "check.too_many_for_host",
    429,
    _("This host has been checked too often"),
    _("Wait as long as Retry-After says: the server is not to be troubled by strangers."),
)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_MOMENT_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
_CODES = {"type": "array", "items": _TEXT}
_WORLD = {"type": "string", "enum": ["sandbox", "production"]}

_FINDING = _object(
    {
        "code": {"type": "string", "description": _("Stable dotted code; its recipe is linked.")},
        "variant": _TEXT,
        "severity": {"type": "string", "enum": [severity.value for severity in Severity]},
        "observed": _TEXT,
        "expected_args": {"type": "object", "additionalProperties": _TEXT},
        "span": {"type": ["array", "null"], "items": {"type": "integer"}},
        "mend": _TEXT_OR_NULL,
        "title": _TEXT,
        "expected": _TEXT,
        "how_to_mend": _TEXT,
        "recipe": _TEXT,
    }
)
_REPORT = _object(
    {
        "asked": _TEXT,
        "world": _WORLD,
        "findings": {"type": "array", "items": _FINDING},
        "not_run": {**_CODES, "description": _("Something before them failed; they did not pass.")},
        "waiting": {**_CODES, "description": _("The server has not been looked at for them yet.")},
        "canonical": {"type": ["string", "null"], "description": _("The form an entry would have.")},
        "rule_set": _TEXT,
    }
)
REQUEST = declare(
    "ReturnServerCheckRequest",
    {
        "type": "object",
        "required": ["url"],
        "properties": {
            "url": {"type": "string", "maxLength": 8192, "pattern": KEEPABLE},
            "world": {**_WORLD, "description": _("By whose rules; production unless said otherwise.")},
        },
        "additionalProperties": False,
    },
)
CHECK = declare(
    "ReturnServerCheck",
    _object(
        {
            "id": _TEXT_OR_NULL,
            "status": {
                "type": "string",
                "enum": ["looking", "done", "not_looked_at"],
                "description": _("not_looked_at: there is no server to look at; the report is complete."),
            },
            "result_url": _TEXT_OR_NULL,
            "asked_at": _MOMENT_OR_NULL,
            "looked_at": _MOMENT_OR_NULL,
            "report": _REPORT,
            "scanner": _object({"user_agent": _TEXT, "addresses": _CODES}),
        }
    ),
)
_EXAMPLE = {
    "id": "chk_1V9TC4MJ0R6QK8ZHW3NB",
    "status": "done",
    "result_url": "https://portal.example.jp/api/v1/return-servers/checks/chk_1V9TC4MJ0R6QK8ZHW3NB",
    "asked_at": "2026-11-23T01:23:45Z",
    "looked_at": "2026-11-23T01:23:47Z",
    "report": {
        "asked": "https://bank.example.jp/jpki/return",
        "world": "production",
        "findings": [
            {
                "code": "tls.incomplete_chain",
                "variant": "",
                "severity": "block",
                "observed": "CN=Example CA 3",
                "expected_args": {"issuer": "CN=Example CA 3"},
                "span": None,
                "mend": None,
                "title": "The intermediate certificate is not sent",
                "expected": "The server's certificate followed by every intermediate one",
                "how_to_mend": "Install the full chain.",
                "recipe": "https://portal.example.jp/whitelist/recipes/tls.incomplete_chain/",
            }
        ],
        "not_run": [],
        "waiting": [],
        "canonical": "https://bank.example.jp/jpki/return",
        "rule_set": "2026-11/r2",
    },
    "scanner": {"user_agent": "jpki-portal-probe/1 (+https://portal.example.jp/whitelist/probes/)", "addresses": []},
}
_ANSWER = OpenApiExample("A finding", response_only=True, status_codes=["200"], value=_EXAMPLE)
WORDS: dict[str, dict[str, Any]] = {
    "check": {
        "summary": _("Check a return server before applying"),
        "description": _(
            "The same checks as in an application, without a key. The form of the URL is judged at once; the server "
            "is looked at within seconds: ask for result_url until status is done. Unreachable is inconclusive, "
            "never failed."
        ),
        "examples": [
            OpenApiExample("A return URL", request_only=True, value={"url": "https://bank.example.jp/jpki/return"}),
            _ANSWER,
        ],
    },
    "result": {
        "summary": _("Get the result of a check"),
        "description": _("What is known by now. A check is kept for a day."),
        "examples": [_ANSWER],
    },
}
