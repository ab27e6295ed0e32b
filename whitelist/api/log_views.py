"""GET whitelist/log/…: the change log for anybody. Without a key, production's; with a key, that of its environment."""

import zlib
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from portal.api import authentication
from portal.api.base import LeanView
from portal.environments import services as environments
from portal.problems import Problem
from whitelist import lists, proofs
from whitelist.api import log_shapes, question
from whitelist.api.consumer_keys import consumer_of, is_consumer_key
from whitelist.policy import statement

# Apart from the numbers of API keys and consumers, under which their requests are counted.
_ADDRESSES_FROM = 1 << 40


@dataclass(frozen=True)
class Passer:
    """Somebody without a key, counted by the address they come from."""

    client_id: int


class LogView(LeanView):
    authentication_classes = []

    def identify(self, request: HttpRequest) -> Any:
        if not request.META.get("HTTP_AUTHORIZATION"):
            address = request.META.get("REMOTE_ADDR", "")
            return Passer(_ADDRESSES_FROM + zlib.crc32(address.encode()))
        key = authentication.key_of(request)
        return consumer_of(request) if is_consumer_key(key) else authentication.principal_of(request)

    @property
    def environment(self) -> Any:
        if isinstance(self.principal, Passer):
            return environments.production()
        return environments.by_id(self.principal.environment_id)


class LogHead(LogView):
    @extend_schema(
        operation_id="log_head",
        responses=log_shapes.answers(log_shapes.HEAD, 401, 404, 429),
        **log_shapes.WORDS["head"],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        environment = self.environment
        head, tree_head = lists.current_head(environment), lists.current_tree_head(environment)
        if head is None or tree_head is None:
            raise Problem("list.not_published")
        return self.answer(
            {
                "environment": {"id": environment.public_id, "kind": environment.kind},
                "tree": {"size": tree_head.size, "root": tree_head.root},
                "signed_at": statement.utc_text(tree_head.signed_at),
                "statement": tree_head.jws,
                "list": {
                    "version": head.version.number,
                    "valid_until": statement.utc_text(head.valid_until),
                    "statement": head.jws,
                },
            }
        )


class LogLeaves(LogView):
    @extend_schema(
        operation_id="log_leaves",
        parameters=log_shapes.numbers("start", "end"),
        responses=log_shapes.answers(log_shapes.LEAVES, 400, 401, 422, 429),
        **log_shapes.WORDS["leaves"],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = question.numbers_from_query(request.META.get("QUERY_STRING", ""), "start", "end")
        size = proofs.size_of(self.environment)
        start, end = asked["start"] or 0, size if asked["end"] is None else min(asked["end"], size)
        if start > end:
            raise question.wrong("start", "field.beyond_the_log")
        found = proofs.leaves(self.environment, start=start, end=end)
        return self.answer({"start": start, "end": start + len(found), "size": size, "leaves": found})


class LogInclusion(LogView):
    @extend_schema(
        operation_id="log_inclusion",
        parameters=[*log_shapes.numbers("index", "size"), log_shapes.ENTRY],
        responses=log_shapes.answers(log_shapes.INCLUSION, 400, 401, 422, 429),
        **log_shapes.WORDS["inclusion"],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        asked = question.numbers_from_query(query, "index", "size", texts=("entry",))
        if (asked["index"] is None) == (asked["entry"] is None):
            raise question.wrong("index", "field.index_or_entry")
        size = proofs.size_of(self.environment) if asked["size"] is None else asked["size"]
        index = asked["index"]
        if index is None:
            index = proofs.leaf_of_entry(self.environment, asked["entry"], size=size)
            if index is None:
                raise question.wrong("entry", "field.not_in_the_log")
        found = proofs.inclusion(self.environment, index=index, size=size)
        if found is None:
            raise question.wrong("index", "field.beyond_the_log")
        return self.answer(
            {
                "index": found.index,
                "leaf": found.content,
                "leaf_hash": found.leaf_hash,
                "tree": {"size": found.size, "root": found.root},
                "path": list(found.path),
            }
        )


class LogConsistency(LogView):
    @extend_schema(
        operation_id="log_consistency",
        parameters=log_shapes.numbers("first", "second", required=("first",)),
        responses=log_shapes.answers(log_shapes.CONSISTENCY, 400, 401, 422, 429),
        **log_shapes.WORDS["consistency"],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = question.numbers_from_query(request.META.get("QUERY_STRING", ""), "first", "second")
        if asked["first"] is None:
            raise question.wrong("first", "field.required")
        second = proofs.size_of(self.environment) if asked["second"] is None else asked["second"]
        proof = proofs.consistency(self.environment, first=asked["first"], second=second)
        if proof is None:
            raise question.wrong("second", "field.beyond_the_log")
        return self.answer({"first": asked["first"], "second": second, "path": proof})
