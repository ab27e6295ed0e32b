"""Shapes of the change log's and the TSMs' operations, for the OpenAPI document and the tests that hold it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from portal import problems
from portal.api.document import declare
from whitelist.api import shapes
from whitelist.api.log_examples import EXAMPLES

problems.FIELD_SENTENCES.update(
    {
        "field.beyond_the_log": _("The change log is not that long."),
        "field.index_or_entry": _("Send either “index” or “entry”."),
        "field.not_in_the_log": _("The change log says nothing about this entry."),
        "field.no_such_version": _("There is no such version of the list."),
        "field.no_such_entry": _("There is no such entry in your environment."),
        "field.hash": _("Use 64 hexadecimal digits in lower case."),
        "field.moment": _("Use a moment like 2026-11-23T00:00:00Z."),
        "field.future": _("This moment has not come yet."),
        "field.whole_hour": _("Use the beginning of an hour in UTC."),
        "field.counts": _("Use an object from entry numbers to whole numbers from 0, at most 20,000 of them."),
    }
)

_HEX: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PATH = {"type": "array", "items": _HEX, "description": _("The hashes of the proof, from the leaf's level upwards.")}
_MOMENT = {"type": "string", "format": "date-time"}
_TOLD_MOMENT = {**_MOMENT, "pattern": "^[0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}
_COUNT = {"type": "integer", "minimum": 0}
_TOLD_NUMBER = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


HEAD = declare(
    "LogHead",
    _object(
        {
            "environment": shapes.ENVIRONMENT,
            "tree": shapes.TREE,
            "signed_at": _MOMENT,
            "statement": {
                "type": "string",
                "description": _("The tree head as a JWS (ES256, typ jpki-whitelist-log+jwt)."),
            },
            "list": _object({"version": {"type": "integer"}, "valid_until": _MOMENT, "statement": {"type": "string"}}),
        }
    ),
)
LEAVES = declare(
    "LogLeaves",
    _object({"start": _COUNT, "end": _COUNT, "size": _COUNT, "leaves": shapes.LEAVES}),
)
INCLUSION = declare(
    "LogInclusion",
    _object(
        {
            "index": _COUNT,
            "leaf": {"type": "string", "description": _("The exact bytes that the leaf hash is over, as text.")},
            "leaf_hash": _HEX,
            "tree": shapes.TREE,
            "path": _PATH,
        }
    ),
)
CONSISTENCY = declare("LogConsistency", _object({"first": _COUNT, "second": _COUNT, "path": _PATH}))
ACKNOWLEDGEMENT_REQUEST = declare(
    "TsmAcknowledgementRequest",
    _object(
        {
            "version": {**_TOLD_NUMBER, "description": _("The version that you run.")},
            "tree_size": _TOLD_NUMBER,
            "root": {**_HEX, "description": _("The root that you saw at that size.")},
            "at": {**_TOLD_MOMENT, "description": _("Since when you run it, by your clock.")},
        }
    ),
)
ACKNOWLEDGEMENT = declare(
    "TsmAcknowledgement",
    _object(
        {
            "version": {"type": "integer"},
            "is_published_tree": {
                "type": "boolean",
                "description": _("False: the tree you saw is not the one that was published. Call us."),
            },
        }
    ),
)
MATCHES_REQUEST = declare(
    "TsmMatchesRequest",
    _object(
        {
            "hour": {**_TOLD_MOMENT, "description": _("The beginning of the hour, UTC.")},
            "counts": {
                "type": "object",
                "maxProperties": 20_000,
                "propertyNames": {"maxLength": 20},
                "additionalProperties": {**_COUNT, "maximum": 2**31 - 1},
                "description": _("Entry number to how often it was found in that hour so far."),
            },
        }
    ),
)
MATCHES = declare("TsmMatches", _object({"hour": _MOMENT, "entries": _COUNT}))

ENTRY = OpenApiParameter("entry", str, description=_("Number of an entry: the last leaf about it."))
_ABOUT = {
    "start": _("The first leaf, counted from 0."),
    "end": _("The leaf to stop before."),
    "index": _("Number of a leaf, counted from 0."),
    "size": _("Size of the tree; the present one when it is not said."),
    "first": _("Size of the older tree."),
    "second": _("Size of the newer tree; the present one when it is not said."),
}


def numbers(*names: str, required: tuple[str, ...] = ()) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, shapes.WHOLE_NUMBER, description=_ABOUT[name], required=name in required)
        for name in names
    ]


answers = shapes.answers_200

WORDS: dict[str, dict[str, Any]] = {
    "head": {
        "examples": EXAMPLES["head"],
        "tags": ["log"],
        "summary": _("Get the newest signed head of the change log"),
        "description": _(
            "Anybody may ask: without a key about production, with a key about its environment. "
            "Keep the heads you have seen: they show whether history is ever rewritten."
        ),
    },
    "leaves": {
        "examples": EXAMPLES["leaves"],
        "tags": ["log"],
        "summary": _("Read leaves of the change log"),
        "description": _("At most 1,000 leaves at once; ask again from “end”."),
    },
    "inclusion": {
        "examples": EXAMPLES["inclusion"],
        "tags": ["log"],
        "summary": _("Prove that a leaf is in the change log"),
        "description": _("RFC 9162 section 2.1.3. Name the leaf by its number, or by the entry it is about."),
    },
    "consistency": {
        "examples": EXAMPLES["consistency"],
        "tags": ["log"],
        "summary": _("Prove that the change log was only appended to"),
        "description": _("RFC 9162 section 2.1.4, between the sizes of two heads."),
    },
    "tsm_list": {
        "examples": EXAMPLES["tsm_list"],
        "tags": ["tsm"],
        "summary": _("Get the list as a TSM"),
        "description": _(
            "With the key of a TSM. Check signature, version, end of validity and consistency before you use it; "
            "refuse a lower version, and answer “not listed” when the list has ended."
        ),
    },
    "acknowledge": {
        "examples": EXAMPLES["acknowledge"],
        "tags": ["tsm"],
        "summary": _("Say which version you run"),
        "description": _("The same again changes nothing."),
    },
    "matches": {
        "examples": EXAMPLES["matches"],
        "tags": ["tsm"],
        "summary": _("Tell how often entries were found"),
        "description": _("Counts of one hour so far. Send them again as they grow: the larger figure stays."),
    },
}
