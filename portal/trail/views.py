"""The explorer: the trail in pages, one event in full, the trail handed out."""

from datetime import timedelta
from typing import Any

from django.contrib import messages as notes
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.models import User
from portal.audit import chain, rows, sealing
from portal.audit.models import AuditAddress, AuditCheckpoint, AuditEvent, AuditSeal
from portal.jobs import services as jobs
from portal.providers.sections import sections
from portal.trail import exporting, messages, services
from portal.trail.access import Reader, trail_view
from portal.trail.filters import Filters

PAGE_SIZE = 50
LARGEST = 2**63 - 1


@require_safe
@trail_view
def event_list(request: HttpRequest, reader: Reader) -> HttpResponse:
    filters = Filters.of(request.GET)
    found = filters.apply(reader.events(), is_staff=reader.is_staff)
    page = found.filter(pk__lt=filters.before) if filters.before else found
    events = list(_related(page)[: PAGE_SIZE + 1])
    shown, more = events[:PAGE_SIZE], len(events) > PAGE_SIZE
    context = {
        "reader": reader,
        "filters": filters,
        "actions": _actions(),
        "families": messages.FAMILIES,
        "rows": [event_row(event, reader) for event in shown],
        "count": found.count(),
        "older_query": filters.query(before=shown[-1].pk) if more else "",
        "newest_query": filters.query() if filters.before else "",
        "is_narrowed": bool(filters.values()),
        **_standing(),
        **_navigation(reader),
    }
    return render(request, "audit/event_list.html", context)


def _navigation(reader: Reader) -> dict[str, Any]:
    """For a member the record is a page of the organisation; for staff it is a part of its own."""
    return {} if reader.is_staff else {"second_navigation": sections()}


def _related(events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    return events.select_related("actor", "provider", "acting_operator", "seal").order_by("-pk")


def _actions() -> list[tuple[str, str]]:
    """Family code and words, for the choice of the filter."""
    return [(f"{code}.", str(words)) for code, words in messages.FAMILIES.items()]


def _standing() -> dict[str, Any]:
    """What the banner says: is the chain whole, up to where, and who could tell."""
    size, _head = sealing.head()
    inspection, mark = services.last_inspection(), services.last_checkpoint()
    return {
        "sealed": size,
        "inspection": inspection,
        "checkpoint": mark,
        "finding": messages.FINDINGS.get(inspection.code, "") if inspection else "",
    }


def event_row(event: AuditEvent, reader: Reader) -> dict[str, Any]:
    """An event as the pages show it to this reader."""
    return {
        "event": event,
        "words": messages.action(event.action),
        "actor": actor_words(event, reader),
        "sequence": event.seal.sequence if hasattr(event, "seal") else None,
    }


def actor_words(event: AuditEvent, reader: Reader) -> str:
    if event.actor is None:
        return event.actor_label if reader.is_staff else str(messages.MACHINE)
    if reader.may_know(event.actor):
        return str(event.actor)
    return str(messages.ROLES[event.actor.role])


@require_safe
@trail_view
def event_detail(request: HttpRequest, reader: Reader, pk: int) -> HttpResponse:
    event = _related(reader.events().filter(pk=min(pk, LARGEST))).first()
    if event is None:
        raise Http404
    context = {
        "reader": reader,
        "row": event_row(event, reader),
        "changes": _changes(event.before, event.after),
        "details": sorted(event.details.items()) if isinstance(event.details, dict) else [],
        "address": AuditAddress.objects.filter(event=event).first() if reader.sees_addresses else None,
        "proof": _proof(event),
        **_navigation(reader),
    }
    return render(request, "audit/event_detail.html", context)


def _changes(before: Any, after: Any) -> list[dict[str, Any]]:
    """Value by value; a plain value counts as one without a name."""
    old, new = (side if isinstance(side, dict) else ({} if side is None else {"": side}) for side in (before, after))
    names = sorted({*old, *new})
    return [{"name": name, "before": old.get(name), "after": new.get(name)} for name in names]


def _proof(event: AuditEvent) -> dict[str, Any] | None:
    """The event's place in the chain, computed again from the row as it stands now."""
    seal = getattr(event, "seal", None)
    if seal is None:
        return None
    before = AuditSeal.objects.filter(sequence=seal.sequence - 1).values_list("link", flat=True).first()
    previous = bytes(before) if before else chain.BEGINNING
    (values,) = rows.of([event.pk])
    digest = chain.digest(rows.row(values))
    link = chain.link(seal.sequence, previous, digest)
    return {
        "seal": seal,
        "digest": digest.hex(),
        "previous": previous.hex(),
        "link": link.hex(),
        "holds": (digest, link) == (bytes(seal.digest), bytes(seal.link)),
        "checkpoint": AuditCheckpoint.objects.filter(size__gte=seal.sequence).order_by("size", "number").first(),
    }


@require_POST
@trail_view
def export(request: HttpRequest, reader: Reader) -> HttpResponseBase:
    """The filtered events as a stream; who took what is written down before the first byte leaves."""
    filters = Filters.of(request.POST)
    kind = "csv" if request.POST.get("format") == "csv" else "jsonl"
    mark = services.last_checkpoint()
    if mark is None:
        notes.info(request, _("Nothing has been signed yet. Try again in a minute."))
        return redirect("audit:event-list")
    selection = _selection(reader, filters, mark)
    details = {"format": kind, "filters": sorted(filters.values()), "digest": filters.digest()}
    count = services.record_export(selection, by=request.user, provider=reader.provider, details=details)
    lines = exporting.csv_lines(selection) if kind == "csv" else exporting.json_lines(selection)
    content_type = "text/csv; charset=utf-8" if kind == "csv" else "application/jsonl; charset=utf-8"
    answer = StreamingHttpResponse(lines, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="audit-{timezone.localtime():%Y%m%d-%H%M%S}.{kind}"'
    answer["X-Total-Events"] = str(count)
    answer["Cache-Control"] = "no-store"
    return answer


def _selection(reader: Reader, filters: Filters, mark: AuditCheckpoint) -> exporting.Selection:
    events = filters.apply(reader.events(), is_staff=reader.is_staff)
    people = User.objects.all() if reader.is_staff else User.objects.filter(role=User.Role.MEMBER)
    acting = people.filter(pk__in=events.exclude(actor=None).order_by().values("actor_id").distinct())
    return exporting.Selection(
        events=events,
        checkpoint=mark,
        names={user.pk: str(user) for user in acting},
        asked=filters.values(),
        reader=reader.provider.public_id if reader.provider else reader.role,
        made_at=rows.moment(timezone.now()),
        everything=reader.role == "auditor" and not filters.values(),
    )


@require_POST
@trail_view
def inspect(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Have the worker go over the whole trail now, not only at the full hour; for auditors."""
    if not reader.sees_addresses:
        raise Http404
    last = services.last_inspection()
    if last is None or timezone.now() - last.ended_at > timedelta(seconds=10):
        with transaction.atomic():
            jobs.enqueue("audit.inspect_trail", key="audit.inspect_trail")
    notes.info(request, _("The whole chain is being checked. The result will stand here in a moment."))
    return redirect("audit:event-list")
