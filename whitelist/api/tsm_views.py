"""What a TSM asks and tells: GET tsm/list, POST tsm/acknowledgements, POST tsm/matches."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from portal.api.base import LeanView
from portal.api.decoding import is_clean, pointer
from portal.environments import services as environments
from portal.problems import FieldError, Problem
from whitelist import consumers, matches
from whitelist.api import log_shapes, question, shapes
from whitelist.api.consumer_keys import consumer_of
from whitelist.api.views import list_answer

_MOST_COUNTS = 20_000
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_LARGEST = 2**31 - 1
_CLOCKS_DIFFER = timedelta(minutes=5)


class TsmView(LeanView):
    def identify(self, request: HttpRequest) -> Any:
        self.caller = consumer_of(request)
        return self.caller

    def consumer(self) -> Any:
        return consumers.by_id(self.caller.consumer_id)


class TsmList(TsmView):
    @extend_schema(
        operation_id="tsm_list",
        parameters=shapes.SINCE,
        responses=log_shapes.answers(shapes.LIST, 304, 400, 401, 404, 422, 429),
        **log_shapes.WORDS["tsm_list"],
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        return list_answer(request, environments.by_id(self.principal.environment_id))


class TsmAcknowledgement(TsmView):
    @extend_schema(
        operation_id="tsm_acknowledge",
        request={"application/json": log_shapes.ACKNOWLEDGEMENT_REQUEST},
        responses=log_shapes.answers(log_shapes.ACKNOWLEDGEMENT, 400, 401, 411, 413, 415, 422, 429),
        **log_shapes.WORDS["acknowledge"],
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        told, now = Told(self.body()), _now()
        number, size = told.number("version", least=1), told.number("tree_size", least=1)
        root, since = told.matching("root", _HEX), told.moment("at", now)
        told.finish()
        consumer = self.consumer()
        made = consumers.acknowledge(consumer, number=number, tree_size=size, root=root, since=since, at=now)
        if made is None:
            raise question.wrong("version", "field.no_such_version")
        return self.answer({"version": number, "is_published_tree": made.is_true})


class TsmMatches(TsmView):
    @extend_schema(
        operation_id="tsm_matches",
        request={"application/json": log_shapes.MATCHES_REQUEST},
        responses=log_shapes.answers(log_shapes.MATCHES, 400, 401, 411, 413, 415, 422, 429),
        **log_shapes.WORDS["matches"],
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        told, now = Told(self.body()), _now()
        hour, counts = told.moment("hour", now), told.counts("counts")
        if hour != matches.hour_of(hour):
            told.wrong("hour", "field.whole_hour")
        told.finish()
        consumer = self.consumer()
        unknown = sorted(matches.unknown_entries(consumer, set(counts)))
        if unknown:
            raise question.wrong(f"counts/{unknown[0]}", "field.no_such_entry")
        matches.record(consumer, hour=hour, counts=counts, at=now)
        return self.answer({"hour": told.body["hour"], "entries": len(counts)})


class Told:
    """The members of what a TSM tells, read one by one; `finish` raises with everything that was wrong."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body
        self._read: set[str] = set()
        self._errors: list[FieldError] = []

    def number(self, name: str, *, least: int) -> int:
        value = self._value(name)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= _LARGEST:
            return value
        self.wrong(name, "field.number")
        return least

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._value(name)
        if isinstance(value, str) and pattern.match(value):
            return value
        self.wrong(name, "field.hash")
        return ""

    def moment(self, name: str, now: datetime) -> datetime:
        """A moment in UTC with a Z; not in the future, but for clocks that differ a little."""
        value = self._value(name)
        try:
            moment = datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            self.wrong(name, "field.moment")
            return now
        if moment > now + _CLOCKS_DIFFER:
            self.wrong(name, "field.future")
        return moment

    def counts(self, name: str) -> dict[str, int]:
        value = self._value(name)
        if not isinstance(value, dict) or len(value) > _MOST_COUNTS:
            self.wrong(name, "field.counts")
            return {}
        are_counts = all(type(count) is int and 0 <= count <= _LARGEST for count in value.values())
        if not are_counts or any(len(identity) > 20 or not is_clean(identity) for identity in value):
            self.wrong(name, "field.counts")
            return {}
        return value

    def wrong(self, name: str, code: str) -> None:
        self._errors.append(FieldError(f"/{name}", code))

    def finish(self) -> None:
        unknown = [FieldError(pointer(name), "field.unknown") for name in self.body if name not in self._read]
        if self._errors or unknown:
            raise Problem("request.invalid", errors=(*self._errors, *unknown))

    def _value(self, name: str) -> Any:
        self._read.add(name)
        return self.body.get(name)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
