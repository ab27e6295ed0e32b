"""The kinds of certificate as a page: the very table of the API, in words; compared first, then each in full."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from verifier import kind_words
from verifier.api import kinds
from verifier.messages import kind_nouns


@require_safe
def certificate_kinds(request: HttpRequest) -> HttpResponse:
    table = kinds.table(translation.get_language() or settings.LANGUAGE_CODE)
    context = {
        "version": table["version"],
        "columns": list(kind_words.COLUMNS.values()),
        "worlds": [
            {
                "name": kind_words.WORLDS[world],
                "compared": list(_compared(table, world)),
                "kinds": [_kind(row) for row in table["kinds"] if row["world"] == world],
            }
            for world in kind_words.WORLDS
        ],
        "bases": [
            {"code": code, "words": kind_words.BASES[code], "meaning": meaning}
            for code, meaning in kind_words.BASES_EXPLAINED.items()
        ],
        "algorithms": [{**row, "name": kind_words.SHOWN[row["id"]]} for row in table["algorithms"]],
    }
    return render(request, "verifier/certificate_kinds.html", context)


def _compared(table: dict[str, Any], world: str) -> Iterator[dict[str, Any]]:
    """A row for each purpose and medium: its values, or why they are not known."""
    rows = {(row["purpose"], row["medium"], row["world"]): row for row in (*table["kinds"], *table["not_published"])}
    for purpose, medium in product(kind_nouns.PURPOSES, kind_nouns.MEDIA):
        row = rows[purpose, medium, world]
        yield {**_named(row), "why": row.get("why"), "cells": _cells(row["values"]) if "values" in row else []}


def _cells(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"values": [_shown(values[name]) for name in names if values[name]["value"]]} for names in kind_words.COLUMNS
    ]


def _shown(each: dict[str, Any]) -> dict[str, Any]:
    value = each["value"] if isinstance(each["value"], list) else [each["value"]]
    return {
        "lines": [kind_words.SHOWN.get(item, item) for item in value],
        "basis": each["basis"],
        "basis_words": kind_words.BASES[each["basis"]],
    }


def _kind(row: dict[str, Any]) -> dict[str, Any]:
    values = [
        {
            "name": kind_words.VALUES[name],
            "shown": " ".join(each["value"]) if isinstance(each["value"], list) else each["value"],
            "basis": each["basis"],
            "basis_words": kind_words.BASES[each["basis"]],
            "source": each["source"],
            "since": each["since"],
        }
        for name, each in row["values"].items()
    ]
    return {**_named(row), "values": values}


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{row['world']}-{row['purpose']}-{row['medium']}",
        "purpose": kind_nouns.PURPOSES[row["purpose"]],
        "medium": kind_nouns.MEDIA[row["medium"]],
    }
