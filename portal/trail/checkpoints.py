"""The signed checkpoints, open to everybody and holding nothing but size, head, time and signature.

Whoever keeps one can show later that the trail was cut off or rewritten behind it.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.audit.models import AuditCheckpoint
from portal.audit.rows import moment
from portal.trail import services

PAGE = 100
LARGEST = 2**63 - 1


@require_safe
def checkpoint_latest(request: HttpRequest) -> JsonResponse:
    mark = services.last_checkpoint()
    if mark is None:
        raise Http404
    return _answer(shown(mark), seconds=10)


@require_safe
def checkpoint_detail(request: HttpRequest, number: int) -> JsonResponse:
    if number > LARGEST:
        raise Http404
    return _answer(shown(get_object_or_404(AuditCheckpoint, number=number)), seconds=86400)


@require_safe
def checkpoint_list(request: HttpRequest) -> JsonResponse:
    """Newest first, a hundred at a time; `next` is the address of the older ones."""
    before = request.GET.get("before", "")
    found = AuditCheckpoint.objects.order_by("-number")
    if before.isascii() and before.isdigit() and len(before) < 19:
        found = found.filter(number__lt=int(before))
    marks = list(found[: PAGE + 1])
    page, more = marks[:PAGE], len(marks) > PAGE
    address = settings.SITE_URL + reverse("audit:checkpoint-list")
    following = f"{address}?before={page[-1].number}" if more else None
    return _answer({"checkpoints": [shown(mark) for mark in page], "next": following}, seconds=10)


def shown(mark: AuditCheckpoint) -> dict[str, Any]:
    return {
        "number": mark.number,
        "size": mark.size,
        "head": mark.head,
        "signed_at": moment(mark.at),
        "statement": mark.statement,
    }


def _answer(content: dict[str, Any], *, seconds: int) -> JsonResponse:
    answer = JsonResponse(content)
    answer["Cache-Control"] = f"public, max-age={seconds}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
