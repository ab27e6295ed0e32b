"""Examples of the change log's and the TSMs' operations, shown in the reference and held to their shapes by a test."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

ENVIRONMENT = {"id": "env_1V9TC4MJ0R6QK8ZHW3NB", "kind": "sandbox"}
_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
_HASH = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
_TREE = {"size": 27, "root": _ROOT}
_STATEMENT = "eyJhbGciOiJFUzI1NiIs…"
_ENTRY = {
    "id": "E-T00012",
    "url": "https://bank.example.jp/jpki/return",
    "kind": "browser",
    "purposes": ["user_authentication"],
    "ways_in": ["app_link", "qr"],
    "since": "2026-11-23T00:00:00Z",
}
_LIST = {
    "environment": ENVIRONMENT,
    "version": 12,
    "digest": "9f2a…",
    "previous_digest": "41be…",
    "entry_count": 1,
    "published_at": "2026-11-23T00:00:00Z",
    "valid_until": "2026-11-23T00:10:00Z",
    "tree": _TREE,
    "statement": _STATEMENT,
}


def _answer(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, response_only=True, status_codes=["200"], value=value)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, request_only=True, value=value)


LIST = [_answer("Twelfth version", {**_LIST, "since": None, "entries": [_ENTRY]})]
EXAMPLES: dict[str, list[OpenApiExample]] = {
    "head": [
        _answer(
            "A head of 27 leaves",
            {
                "environment": ENVIRONMENT,
                "tree": _TREE,
                "signed_at": "2026-11-23T00:00:00Z",
                "statement": _STATEMENT,
                "list": {"version": 12, "valid_until": "2026-11-23T00:10:00Z", "statement": _STATEMENT},
            },
        )
    ],
    "leaves": [
        _answer("The last leaf", {"start": 26, "end": 27, "size": 27, "leaves": ['{"change":"version","index":26,…}']})
    ],
    "inclusion": [
        _answer(
            "Leaf 0 in a tree of two",
            {
                "index": 0,
                "leaf": '{"change":"entered","index":0,…}',
                "leaf_hash": _HASH,
                "tree": {"size": 2, "root": _ROOT},
                "path": [_HASH],
            },
        )
    ],
    "consistency": [_answer("From one leaf to two", {"first": 1, "second": 2, "path": [_HASH]})],
    "tsm_list": LIST,
    "acknowledge": [
        _request(
            "Version 12 is live",
            {"version": 12, "tree_size": 27, "root": _ROOT, "at": "2026-11-23T00:00:03Z"},
        ),
        _answer("The published tree", {"version": 12, "is_published_tree": True}),
    ],
    "matches": [
        _request("Noon so far", {"hour": "2026-11-23T12:00:00Z", "counts": {"E-T00012": 312}}),
        _answer("Kept", {"hour": "2026-11-23T12:00:00Z", "entries": 1}),
    ],
}
