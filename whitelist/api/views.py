"""GET and POST whitelist/lookup, GET whitelist/list."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from portal import problems
from portal.api.base import LeanView
from portal.environments import services as environments
from portal.problems import Problem
from portal.signing.services import NoSigningKey
from whitelist import lists, services
from whitelist.api import question, shapes
from whitelist.api.question import Question

_RETRY_AFTER_SECONDS = "5"
# Bodies of answers by their signed statement: an answer that is given again is not encoded again.
_bodies: dict[str, bytes] = {}
_MOST_BODIES = 2000


class WhitelistLookup(LeanView):
    @extend_schema(
        operation_id="whitelist_lookup_query",
        tags=["whitelist"],
        parameters=shapes.QUERY,
        responses=shapes.answers_200(shapes.LOOKUP, 400, 401, 422, 429, 503),
        **{**shapes.WORDS["lookup"], "examples": shapes.LOOKUP_ANSWERS},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._answer(question.from_query(request.META.get("QUERY_STRING", "")))

    @extend_schema(
        operation_id="whitelist_lookup",
        tags=["whitelist"],
        request={"application/json": shapes.LOOKUP_REQUEST},
        responses=shapes.answers_200(shapes.LOOKUP, 400, 401, 411, 413, 415, 422, 429, 503),
        **shapes.WORDS["lookup"],
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        return self._answer(question.from_json(self.body()))

    def _answer(self, asked: Question) -> HttpResponse:
        at = datetime.now(UTC).replace(microsecond=0)
        try:
            found = services.answer_lookup(self.principal.environment_id, asked.asked, nonce=asked.nonce, at=at)
        except NoSigningKey:
            raise Problem("lookup.no_key", headers={"Retry-After": _RETRY_AFTER_SECONDS}) from None
        body = _bodies.get(found.jws) or problems.encode(_facts(found))
        if asked.nonce is None and found.entry is not None:
            if len(_bodies) >= _MOST_BODIES:
                _bodies.clear()
            _bodies[found.jws] = body
        return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "no-store"})


def _facts(found: services.LookupAnswer) -> dict[str, Any]:
    return {
        "listed": found.entry is not None,
        "entry": found.entry.public_id if found.entry else None,
        "purposes": sorted(found.entry.purposes) if found.entry else [],
        "list_version": found.list_version,
        "environment": {"id": found.environment_id, "kind": found.environment_kind},
        "statement": found.jws,
    }


class WhitelistList(LeanView):
    @extend_schema(
        operation_id="whitelist_list",
        tags=["whitelist"],
        parameters=shapes.SINCE,
        responses=shapes.answers_200(shapes.LIST, 304, 400, 401, 404, 422, 429),
        **shapes.WORDS["list"],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        return list_answer(request, environments.by_id(self.principal.environment_id))


def list_answer(request: HttpRequest, environment: Any) -> HttpResponse:
    """The environment's current list, whole or since a version; 304 when the asker has this very answer."""
    since = question.since_from_query(request.META.get("QUERY_STRING", ""))
    head = lists.current_head(environment)
    if head is None:
        raise Problem("list.not_published")
    handed = lists.hand_out(environment, head, since=since)
    headers = {"ETag": handed.tag, "Cache-Control": "private, no-cache"}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")]
    if handed.tag in known:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(handed.body, content_type="application/json", headers=headers)
