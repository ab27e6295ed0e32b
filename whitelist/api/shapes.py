"""Requests and answers as JSON schema, for the OpenAPI document and the tests that hold it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from portal import problems
from portal.api import document
from portal.api.document import declare, problem_responses
from whitelist.api import log_examples

problems.declare(
    "lookup.no_key",
    503,
    _("Answers cannot be signed at the moment."),
    _("The worker is making a new key. Send the request again as late as Retry-After says."),
)
problems.declare(
    "list.not_published",
    404,
    _("This environment has no published list yet."),
    _("The first version is published a moment after the first entry."),
)
problems.FIELD_SENTENCES.update(
    {
        "field.base64url": _("The value is not base64url (RFC 4648 section 5, without padding)."),
        "field.number": _("Use a whole number of at most nine digits."),
        "field.nonce": _("Use 8 to 128 of the characters A–Z, a–z, 0–9, _ and -."),
        "field.one_of_two": _("Send either “url” or “asked”, not both."),
        "field.repeated": _("A field was sent twice."),
    }
)

ENVIRONMENT = {
    "type": "object",
    "required": ["id", "kind"],
    "properties": {"id": {"type": "string"}, "kind": {"type": "string", "enum": ["sandbox", "production"]}},
    "additionalProperties": False,
}
PURPOSES = {"type": "array", "items": {"type": "string", "enum": ["signature", "user_authentication"]}}
_NONCE: dict[str, Any] = {
    "type": "string",
    "pattern": "^[A-Za-z0-9_-]{8,128}$",
    "description": _("Yours; it stands in the answer."),
}
# In a query string any byte can be written.
_URL_BYTES: dict[str, Any] = {
    "type": "string",
    "maxLength": 8192,
    "description": _("The return URL as text; its UTF-8 bytes are compared."),
}
URL = {**_URL_BYTES, "pattern": document.KEEPABLE}
ASKED: dict[str, Any] = {
    "type": "string",
    "maxLength": 10926,
    "pattern": "^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$",
    "description": _("The bytes of the return URL, base64url encoded."),
}


ONE_OF_TWO = {"oneOf": [{"required": ["url"]}, {"required": ["asked"]}]}
WHOLE_NUMBER = {"type": "integer", "minimum": 0, "maximum": 999_999_999}


def _schema_of(shape: dict[str, Any]) -> dict[str, Any]:
    """The shape without its words, which a parameter has of its own."""
    return {name: value for name, value in shape.items() if name != "description"}


def object_of(properties: dict[str, Any], *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
        "additionalProperties": False,
    }


LOOKUP_REQUEST = declare(
    "WhitelistLookupRequest",
    {
        **object_of({"url": URL, "asked": ASKED, "nonce": _NONCE}, optional=("url", "asked", "nonce")),
        "description": _("Either “url” or “asked”."),
        **ONE_OF_TWO,
    },
)
LOOKUP = declare(
    "WhitelistLookup",
    object_of(
        {
            "listed": {"type": "boolean", "description": _("Whether exactly these bytes are on the list.")},
            "entry": {"type": ["string", "null"]},
            "purposes": {**PURPOSES, "description": _("What may be returned to this URL.")},
            "list_version": {"type": "integer", "description": _("The newest published version; 0 before the first.")},
            "environment": ENVIRONMENT,
            "statement": {
                "type": "string",
                "description": _(
                    "The answer as a JWS (ES256, typ jpki-whitelist-lookup+jwt), good for at most 60 seconds. "
                    "Verify it with the keys at /.well-known/jwks.json."
                ),
            },
        }
    ),
)
_HEX: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
TREE = object_of(
    {"size": {"type": "integer"}, "root": {**_HEX, "description": _("Root of the change log (RFC 9162).")}}
)
_HASHES = {"type": "array", "items": _HEX}
LEAVES = {
    "type": "array",
    "items": {"type": "string"},
    "description": _("Leaves of the change log, each the exact canonical JSON that the tree hashes."),
}
_ENTRY = object_of(
    {
        "id": {"type": "string"},
        "url": {"type": "string"},
        "kind": {"type": "string", "enum": ["browser", "app"]},
        "purposes": PURPOSES,
        "ways_in": {"type": "array", "items": {"type": "string", "enum": ["app_link", "browser_link", "qr"]}},
        "since": {"type": "string", "format": "date-time"},
    }
)
LIST = declare(
    "WhitelistList",
    object_of(
        {
            "environment": ENVIRONMENT,
            "version": {"type": "integer"},
            "digest": {"type": "string", "description": _("SHA-256 of the list's document, hexadecimal.")},
            "previous_digest": {"type": ["string", "null"]},
            "entry_count": {"type": "integer"},
            "published_at": {"type": "string", "format": "date-time"},
            "valid_until": {
                "type": "string",
                "format": "date-time",
                "description": _("Do not use the list after this moment: fetch it again before."),
            },
            "tree": TREE,
            "statement": {
                "type": "string",
                "description": _(
                    "The head of the list as a JWS (ES256, typ jpki-whitelist+jwt): version, digest, previous digest, "
                    "tree, end of validity."
                ),
            },
            "since": {
                "type": ["integer", "null"],
                "description": _("The version that the leaves start from; null when the whole list is here."),
            },
            "entries": {"type": "array", "items": _ENTRY, "description": _("The whole list, in order of URL.")},
            "leaves": LEAVES,
            "consistency": {
                **_HASHES,
                "description": _("Proof that the change log was only appended to since that version."),
            },
        },
        optional=("entries", "leaves", "consistency"),
    ),
)
SINCE = [
    OpenApiParameter("since", WHOLE_NUMBER, description=_("The version you hold: only what has changed since is sent."))
]
QUERY = [
    OpenApiParameter(name, _schema_of(shape), description=shape["description"])
    for name, shape in (("url", _URL_BYTES), ("asked", ASKED), ("nonce", _NONCE))
]
LOOKUP_ANSWERS = [
    OpenApiExample(
        "Listed",
        response_only=True,
        status_codes=["200"],
        value={
            "listed": True,
            "entry": "E-T00012",
            "purposes": ["user_authentication"],
            "list_version": 12,
            "environment": log_examples.ENVIRONMENT,
            "statement": "eyJhbGciOiJFUzI1NiIs…",
        },
    )
]
WORDS: dict[str, dict[str, Any]] = {
    "lookup": {
        "summary": _("Look a return URL up in the whitelist"),
        "description": _(
            "Answers for the environment of the key, about exactly the bytes asked, under signature. "
            "Nothing is normalised: capital letters, the last slash and the port count."
        ),
        "examples": [
            OpenApiExample(
                "A return URL",
                request_only=True,
                value={"url": "https://bank.example.jp/jpki/return", "nonce": "n-0S6_WzA2Mj"},
            ),
            *LOOKUP_ANSWERS,
        ],
    },
    "list": {
        "summary": _("Get the current version of the whitelist"),
        "description": _(
            "The signed list of the key's environment, whole or since a version. The document whose digest is signed "
            "is the canonical JSON (RFC 8785) of environment, version, previous, published_at and entries. "
            "Send If-None-Match to be told when nothing is new."
        ),
        "examples": log_examples.LIST,
    },
}


def answers_200(schema: dict[str, str], *statuses: int) -> dict[Any, Any]:
    """200 with the shape; 304 has no body, the others are problem documents."""
    answers: dict[Any, Any] = {200: OpenApiResponse(schema, description=_("The answer."))}
    if 304 in statuses:
        answers[304] = OpenApiResponse(description=_("You have this answer already."))
    return {**answers, **problem_responses(*(status for status in statuses if status != 304))}
