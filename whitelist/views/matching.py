"""Will it match? The bytes that were sent against one's own entries."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.environments import services as environments
from whitelist import preflight
from whitelist.api import preflight as answers
from whitelist.messages import difference_words, preflight_words
from whitelist.permissions import applicant_view
from whitelist.policy import pasted
from whitelist.policy.difference import Difference
from whitelist.services import Near

# What a browser sends in an address; the API takes more.
MOST_CHARACTERS = 4000
STATUSES = {
    "match": "ok",
    "suspended": "paused",
    "being_published": "waiting",
    "not_yet_at_tsm": "waiting",
    "only_in_sandbox": "warning",
    "only_in_production": "warning",
}


@dataclass(frozen=True)
class Shown:
    """A difference in words; a side is None where that URL has ended."""

    position: int
    asked: str | None
    asked_byte: str | None
    listed: str | None
    listed_byte: str | None
    kind: str
    words: difference_words.DifferenceSentences


@require_safe
@applicant_view
def url_match(request: HttpRequest, *, provider: Any) -> HttpResponse:
    """Why did the app not come back: the verdict, the byte, how to mend it."""
    text = request.GET.get("url", "")[:MOST_CHARACTERS]
    sandbox = environments.sandbox_of(provider)
    world = "production" if request.GET.get("world") == "production" or sandbox is None else "sandbox"
    context = {"text": text, "world": world, "has_sandbox": sandbox is not None, "most": MOST_CHARACTERS}
    if text:
        context |= _verdict(provider, pasted.read(text), world)
    return render(request, "whitelist/applicant/url_match.html", context)


def _verdict(provider: Any, read: pasted.Pasted, world: str) -> dict[str, Any]:
    found = preflight.in_the_world(provider, read.url, world, at=timezone.now())
    nearest = found.near[0] if found.near and found.state is preflight.State.NEAR else None
    differences = [shown(difference) for difference in nearest.candidate.differences] if nearest else []
    environment = environments.sandbox_of(provider) if world == "sandbox" else environments.production()
    return {
        "found": found,
        "meaning": STATUSES.get(found.state.value, "error"),
        "words": preflight_words.PREFLIGHT[found.state.value],
        "source": preflight_words.SOURCES.get(read.source, ""),
        "asked_text": read.url.decode("utf-8", "backslashreplace"),
        "nearest": nearest,
        "differences": differences,
        "first": differences[0] if differences else None,
        "bytes": _first_bytes(nearest.candidate.differences[0]) if nearest else {},
        "others": [_other(near) for near in found.near],
        "json": json.dumps(answers.shown(found, environment), ensure_ascii=False, indent=2),
    }


def _other(near: Near) -> dict[str, Any]:
    return {"near": near, "first": shown(near.candidate.differences[0])}


def shown(found: Difference) -> Shown:
    """One difference for the page."""
    return Shown(
        position=found.position,
        asked=_text(found.asked_run),
        asked_byte=_hex(found.asked_byte),
        listed=_text(found.stored_run),
        listed_byte=_hex(found.stored_byte),
        kind=found.kind,
        words=difference_words.DIFFERENCES[found.kind],
    )


def _text(run: bytes) -> str | None:
    """The piece as text; what cannot be seen or is no UTF-8 is left to the hexadecimal byte beside it."""
    if not run:
        return None
    text = run.decode("utf-8", "backslashreplace")
    return text if text.isprintable() and not text.isspace() else ""


def _hex(byte: int | None) -> str | None:
    return None if byte is None else f"0x{byte:02X}"


def _first_bytes(found: Difference) -> dict[str, str]:
    """The two bytes of the verdict's sentence, each as its character (where it can be seen) and its value."""
    sides = {"one": found.asked_byte, "other": found.stored_byte}
    return {
        name: f"{chr(byte)} ({_hex(byte)})" if 0x21 <= byte <= 0x7E else str(_hex(byte))
        for name, byte in sides.items()
        if byte is not None
    }
