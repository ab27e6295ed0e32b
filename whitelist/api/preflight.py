"""POST whitelist/preflight: will it match, and if not, at which byte."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from drf_spectacular.utils import extend_schema

from portal.api.base import LeanView
from portal.environments import services as environments
from whitelist import preflight
from whitelist.api import preflight_shapes, question, shapes
from whitelist.messages import difference_words, preflight_words
from whitelist.policy.difference import Difference
from whitelist.services import Near

LANGUAGES = ("ja", "en")


class WhitelistPreflight(LeanView):
    @extend_schema(
        operation_id="whitelist_preflight",
        tags=["whitelist"],
        request={"application/json": preflight_shapes.REQUEST},
        responses=shapes.answers_200(preflight_shapes.ANSWER, 400, 401, 411, 413, 415, 422, 429),
        **preflight_shapes.WORDS,
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        asked = question.from_json(self.body(), takes_nonce=False).asked
        environment = environments.by_id(self.principal.environment_id)
        found = preflight.preflight(environment, asked, provider=self.principal.provider_id, at=datetime.now(UTC))
        return self.answer(shown(found, environment))


def shown(found: preflight.Preflight, environment: Any) -> dict[str, Any]:
    """The answer as JSON values."""
    return {
        "match": found.is_match,
        "state": found.state.value,
        **_sentences(preflight_words.PREFLIGHT[found.state.value]),
        "environment": {"id": environment.public_id, "kind": environment.kind},
        "list_version": found.list_version,
        "bytes": len(found.asked),
        "entry": _entry(found.entry) if found.entry else None,
        "waiting_at": list(found.waiting_at),
        "nearest": [_near(near) for near in found.near],
    }


def _entry(listing: Any) -> dict[str, Any]:
    return {
        "id": listing.public_id,
        "url": listing.url.decode("ascii"),
        "purposes": sorted(listing.purposes),
        "ways_in": sorted(listing.ways_in),
    }


def _near(near: Near) -> dict[str, Any]:
    return {**_entry(near.entry), "differences": [difference(found) for found in near.candidate.differences]}


def difference(found: Difference) -> dict[str, Any]:
    """One place where the two part; `offset` counts from 0, `position` from 1."""
    return {
        "position": found.position,
        "offset": found.position - 1,
        "asked_byte": _hex(found.asked_byte),
        "listed_byte": _hex(found.stored_byte),
        "asked": _base64url(found.asked_run),
        "listed": found.stored_run.decode("ascii"),
        "kind": found.kind,
        **_sentences(difference_words.DIFFERENCES[found.kind]),
    }


def _sentences(words: Any) -> Mapping[str, Mapping[str, str]]:
    """Title and mend in every language of the site: a log keeps both, whoever reads it."""
    told: dict[str, dict[str, str]] = {"title": {}, "mend": {}}
    for language in LANGUAGES:
        with translation.override(language):
            told["title"][language], told["mend"][language] = str(words.title), str(words.mend)
    return told


def _hex(byte: int | None) -> str | None:
    return None if byte is None else f"{byte:02x}"


def _base64url(run: bytes) -> str:
    return base64.urlsafe_b64encode(run).rstrip(b"=").decode()
