"""The kinds of certificate as a page: the very table of the API, in words."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from verifier import kind_words, messages
from verifier.api import kinds


@require_safe
def certificate_kinds(request: HttpRequest) -> HttpResponse:
    table = kinds.table(translation.get_language() or settings.LANGUAGE_CODE)
    context = {
        "version": table["version"],
        "worlds": [
            {"name": kind_words.WORLDS[world], "kinds": [_kind(row) for row in table["kinds"] if row["world"] == world]}
            for world in kind_words.WORLDS
        ],
        "not_published": [{**_named(row), "why": row["why"]} for row in table["not_published"]],
        "algorithms": table["algorithms"],
    }
    return render(request, "verifier/certificate_kinds.html", context)


def _kind(row: dict[str, Any]) -> dict[str, Any]:
    values = [
        {
            "name": kind_words.VALUES[name],
            "shown": " ".join(each["value"]) if isinstance(each["value"], list) else each["value"],
            "basis": kind_words.BASES[each["basis"]],
            "is_public": each["basis"] == "public",
            "source": each["source"],
            "since": each["since"],
        }
        for name, each in row["values"].items()
    ]
    return {**_named(row), "values": values}


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{row['world']}-{row['purpose']}-{row['medium']}",
        "purpose": messages.PURPOSES[row["purpose"]],
        "medium": messages.MEDIA[row["medium"]],
    }
