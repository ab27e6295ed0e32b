"""The lean API view: a DRF view to the OpenAPI document, and little more than a function to the request.

No content negotiation, no DRF request, no parsers: the key, its rate, one strictly read JSON object, one JSON answer.
Cookies are never looked at.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from portal import problems
from portal.api import authentication, throttling
from portal.api.decoding import is_clean, json_object
from portal.problems import Problem
from portal.providers.services import ApiPrincipal

# No body is so long; Python itself refuses to read numbers of thousands of digits.
MAX_LENGTH_DIGITS = 20


class LeanView(APIView):
    """Subclasses write `get` or `post(request, …)`, use `self.principal`, `self.body()` and `self.answer(data)`."""

    authentication_classes = [authentication.BearerKey]
    permission_classes = []
    renderer_classes = [JSONRenderer]
    parser_classes = [JSONParser]
    http_method_names = ["get", "post", "head", "options"]
    # An operation that anybody may ask for without a key; it counts its callers itself.
    needs_key = True
    principal: ApiPrincipal
    request: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.room: throttling.Room | None = None
        try:
            handler = self._handler(request)
            if self.needs_key:
                self.principal = self.identify(request)
                self.room = throttling.take(self.principal.client_id)
            if not all(map(is_clean, kwargs.values())):
                raise Problem("not_found")
            response: HttpResponseBase = handler(request, *args, **kwargs)
        except Problem as problem:
            response = problems.response(problem, request)
        if self.room is not None:
            for name, value in self.room.headers().items():
                response.headers[name] = value
        return response

    def identify(self, request: HttpRequest) -> Any:
        """Who calls; raises Problem 401. A view for callers of another kind says so here."""
        return authentication.principal_of(request)

    def body(self) -> dict[str, Any]:
        """The request's JSON object; raises Problem 400, 411, 413, 415 or 422."""
        meta = self.request.META
        if self._length() > settings.API_MAX_BODY_BYTES:
            raise Problem("request.too_large")
        if not _is_json(meta.get("CONTENT_TYPE", "")) or meta.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
            raise Problem("request.media_type", headers={"Accept": "application/json"})
        return json_object(self.request.body)

    def file(self, kinds: Mapping[str, str], *, max_bytes: int, too_large: str) -> tuple[str, bytes]:
        """The body as one file, and what `kinds` calls its media type; raises Problem 400, 411, 413 (by the code
        `too_large`) or 415."""
        meta = self.request.META
        length = self._length()
        if length > max_bytes:
            raise Problem(too_large, facts={"max_bytes": max_bytes})
        kind = kinds.get(meta.get("CONTENT_TYPE", "").partition(";")[0].strip().lower())
        if kind is None or meta.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
            raise Problem("request.media_type", headers={"Accept": ", ".join(kinds)})
        # Not by `request.body`, whose own limit is that of forms.
        octets = self.request.read(length)
        if not octets:
            raise Problem("request.empty_body")
        # The rest never came: what there is, is not what the caller wants to hear about.
        if len(octets) != length:
            raise Problem("request.bad_request")
        return kind, octets

    def _length(self) -> int:
        length = self.request.META.get("CONTENT_LENGTH") or ""
        if not length.isascii() or not length.isdigit() or len(length) > MAX_LENGTH_DIGITS:
            raise Problem("request.length_required")
        return int(length)

    def answer(
        self, data: Any, *, language: str | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """200 with JSON (bytes are JSON already); never cached, for it is about one caller and one moment."""
        body = data if isinstance(data, bytes) else problems.encode(data)
        response = HttpResponse(body, content_type="application/json")
        response["Content-Length"] = str(len(body))
        response["Cache-Control"] = "no-store"
        if language is not None:
            response["Content-Language"] = language
            response["Vary"] = "Accept-Language"
        for name, value in (headers or {}).items():
            response[name] = value
        return response

    def _handler(self, request: HttpRequest) -> Any:
        method = (request.method or "").lower()
        handler = getattr(self, method, None) if method in self.http_method_names else None
        if handler is None or method == "options":
            raise Problem("method_not_allowed", headers={"Allow": ", ".join(self._allowed())})
        return handler

    def _allowed(self) -> list[str]:
        return [name.upper() for name in self.http_method_names if name != "options" and hasattr(self, name)]


def _is_json(content_type: str) -> bool:
    """application/json; a charset may only repeat what JSON is anyway (RFC 8259 section 8.1)."""
    media, _, parameter = content_type.lower().partition(";")
    return media.strip() == "application/json" and parameter.strip() in {"", "charset=utf-8", 'charset="utf-8"'}
