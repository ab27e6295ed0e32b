"""Request and answer of whitelist/preflight as JSON schema, with examples."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample

from portal.api.document import declare
from whitelist.api import shapes
from whitelist.policy.difference import KINDS
from whitelist.preflight import State

_TEXT = {
    "type": "object",
    "required": ["ja", "en"],
    "properties": {"ja": {"type": "string"}, "en": {"type": "string"}},
    "additionalProperties": False,
}
_BYTE: dict[str, Any] = {
    "type": ["string", "null"],
    "pattern": "^[0-9a-f]{2}$",
    "description": _("One byte in hexadecimal; null where this side has ended."),
}
_DIFFERENCE = shapes.object_of(
    {
        "position": {"type": "integer", "minimum": 1, "description": _("Place in the asked bytes, counted from 1.")},
        "offset": {"type": "integer", "minimum": 0, "description": _("The same place counted from 0.")},
        "asked_byte": _BYTE,
        "listed_byte": _BYTE,
        "asked": {"type": "string", "description": _("The differing piece of the asked bytes, base64url encoded.")},
        "listed": {"type": "string", "description": _("The differing piece of the entry.")},
        "kind": {"type": "string", "enum": list(KINDS)},
        "title": _TEXT,
        "mend": _TEXT,
    }
)
_ENTRY = {
    "id": {"type": "string"},
    "url": {"type": "string"},
    "purposes": shapes.PURPOSES,
    "ways_in": {"type": "array", "items": {"type": "string", "enum": ["app_link", "browser_link", "qr"]}},
}
REQUEST = declare(
    "WhitelistPreflightRequest",
    {
        **shapes.object_of({"url": shapes.URL, "asked": shapes.ASKED}, optional=("url", "asked")),
        "description": _("Either “url” or “asked”."),
        **shapes.ONE_OF_TWO,
    },
)
ANSWER = declare(
    "WhitelistPreflight",
    shapes.object_of(
        {
            "match": {"type": "boolean", "description": _("Whether exactly these bytes are on the list.")},
            "state": {"type": "string", "enum": [state.value for state in State]},
            "title": _TEXT,
            "mend": _TEXT,
            "environment": shapes.ENVIRONMENT,
            "list_version": {"type": "integer", "description": _("The newest published version; 0 before the first.")},
            "bytes": {"type": "integer", "description": _("How many bytes were asked about.")},
            "entry": {
                **shapes.object_of(_ENTRY),
                "type": ["object", "null"],
                "description": _("The entry with exactly these bytes, whatever its state."),
            },
            "waiting_at": {
                "type": "array",
                "items": {"type": "string"},
                "description": _("TSMs that do not run a list with this entry yet."),
            },
            "nearest": {
                "type": "array",
                "maxItems": 3,
                "description": _(
                    "Your nearest entries where nothing matches, nearest first; the first difference first."
                ),
                "items": shapes.object_of({**_ENTRY, "differences": {"type": "array", "items": _DIFFERENCE}}),
            },
        }
    ),
)
_SLASH = {
    "position": 36,
    "offset": 35,
    "asked_byte": "2f",
    "listed_byte": None,
    "asked": "Lw",
    "listed": "",
    "kind": "url.canonical.slash",
    "title": {"ja": "末尾のスラッシュ", "en": "Slash at the end"},
    "mend": {
        "ja": "末尾のスラッシュを、登録のとおりにしてください。",
        "en": "Add or remove the last slash as registered; some frameworks add it.",
    },
}
_NEAREST = {
    "id": "E-T00012",
    "url": "https://bank.example.jp/jpki/return",
    "purposes": ["user_authentication"],
    "ways_in": ["app_link"],
}
WORDS: dict[str, Any] = {
    "summary": _("Ask whether a return URL would match, and if not, why"),
    "description": _(
        "The same comparison of bytes as the look-up, unsigned and with reasons: which byte is the first that differs "
        "from your nearest entries, what kind of difference it is and how to mend it. "
        "Use it in a test of your own, before release."
    ),
    "examples": [
        OpenApiExample("A slash too many", request_only=True, value={"url": "https://bank.example.jp/jpki/return/"}),
        OpenApiExample(
            "No match",
            response_only=True,
            status_codes=["200"],
            value={
                "match": False,
                "state": "near",
                "title": {
                    "ja": "一致しません。もっとも近い登録と異なります。",
                    "en": "No match: the URL differs from the nearest entry.",
                },
                "mend": {
                    "ja": "システムに設定した返却先を、登録の値に合わせてください。",
                    "en": "Set the return URL in your system to the registered value.",
                },
                "environment": {"id": "env_1V9TC4MJ0R6QK8ZHW3NB", "kind": "sandbox"},
                "list_version": 12,
                "bytes": 36,
                "entry": None,
                "waiting_at": [],
                "nearest": [{**_NEAREST, "differences": [_SLASH]}],
            },
        ),
        OpenApiExample(
            "Match",
            response_only=True,
            status_codes=["200"],
            value={
                "match": True,
                "state": "match",
                "title": {
                    "ja": "一致します。すべてのバイトが同じです。",
                    "en": "It matches: every byte is the same.",
                },
                "mend": {"ja": "必要な対応はありません。", "en": "Nothing needs to be done."},
                "environment": {"id": "env_1V9TC4MJ0R6QK8ZHW3NB", "kind": "sandbox"},
                "list_version": 12,
                "bytes": 35,
                "entry": _NEAREST,
                "waiting_at": [],
                "nearest": [],
            },
        ),
    ],
}
