"""Many return servers at once: hand in a table, see what is wrong at which cell, enter all of it."""

import csv
import io
import uuid
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from openpyxl import Workbook

from portal.listing import listed
from portal.providers.permissions import seat_of
from whitelist import import_looks, imports
from whitelist.forms import BulkForm
from whitelist.messages import case_words, sheet_words
from whitelist.models import BulkImport
from whitelist.permissions import applicant_view
from whitelist.policy import bulk
from whitelist.refusals import Refused
from whitelist.views.applicant import form_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_FINDINGS = 200
SHOWN_CELLS = 24


@form_page
@applicant_view
def bulk_new(request: HttpRequest, *, provider: Any) -> HttpResponse:
    form = BulkForm(request.POST or None, request.FILES or None, initial={"form_key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            row = imports.hand_in(provider, by=request.user, acting_operator=_operator(request), **form.handed_in())
        except Refused as refused:
            form.add_error("table", sheet_words.refusal(refused.code, {}))
        else:
            return redirect("whitelist:bulk-detail", public_id=row.public_id)
    earlier = BulkImport.objects.filter(provider=provider).defer("content", "drafts", "findings").order_by("-id")[:20]
    rows = [{"row": row, "state": case_words.IMPORT_STATES[row.state]} for row in earlier]
    return render(request, "whitelist/applicant/bulk_new.html", {"form": form, "earlier": rows})


def _operator(request: HttpRequest) -> Any:
    seat = seat_of(request.user)
    return seat.acting_operator if seat else None


def _import(public_id: str, provider: Any) -> BulkImport:
    row = BulkImport.objects.filter(public_id=public_id, provider=provider).defer("content").first()
    if row is None:
        raise Http404
    return row


def _shown(row: BulkImport) -> dict[str, Any]:
    seen = import_looks.seen(row, at=timezone.now()) if row.state in {"read", "entering", "entered"} else {}
    said = [*row.findings, *(told.as_json() for one in seen.values() for told in one.findings)]
    found = _at_their_cells(said)
    return {
        "row": row,
        "state": case_words.IMPORT_STATES[row.state],
        "refusal": sheet_words.refusal(row.refusal_code, row.refusal_values) if row.refusal_code else "",
        "findings": found[:SHOWN_FINDINGS],
        "all_findings": len(said),
        "more_findings": max(0, len(found) - SHOWN_FINDINGS),
        "drafts": [_draft(draft, seen.get(draft["number"])) for draft in row.drafts],
        "for_served": imports.is_for_served(row),
        "looks": {
            "all": len(seen),
            "awaited": sum(one.is_awaited for one in seen.values()),
            "limit": import_looks.LOOKED_AT,
        },
        "every": _every(row, seen),
        "may_enter": row.state == "read" and not row.is_blocked and bool(row.drafts),
    }


def _at_their_cells(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is said alike at several cells is one row with all of them, in the order of the first."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in found:
        alike = tuple(str(one[key]) for key in ("code", "variant", "observed", "mend", "is_blocking", "expected"))
        row = rows.setdefault(alike, {**one, **sheet_words.finding(one), "cells": []})
        row["cells"].append(f"{one['sheet']}!{one['address']}")
    for row in rows.values():
        limit = SHOWN_FINDINGS if row["is_blocking"] else SHOWN_CELLS  # what must be corrected has to be found
        row["more_cells"], row["cells"] = max(0, len(row["cells"]) - limit), row["cells"][:limit]
    return list(rows.values())


def _every(row: BulkImport, seen: dict[int, import_looks.Seen]) -> int | None:
    """Milliseconds until the page asks again: while a worker has the table, or looks at the servers it names."""
    if row.is_working:
        return 1_000
    return 2_000 if row.state == "read" and any(one.is_due for one in seen.values()) else None


def _draft(draft: dict[str, Any], seen: import_looks.Seen | None) -> dict[str, Any]:
    return {
        "number": listed(draft.get("rows") or [draft["number"]]),
        "url": draft["values"]["url"],
        "corporate_number": draft["values"].get("corporate_number", ""),
        "served": draft.get("served", []),
        "purposes": [case_words.PURPOSES[value] for value in draft["values"]["purposes"]],
        "seen": seen,
    }


@require_safe
@applicant_view
def bulk_detail(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    return render(request, "whitelist/applicant/bulk_detail.html", _shown(_import(public_id, provider)))


@require_safe
@applicant_view
def bulk_progress(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    return render(request, "whitelist/applicant/bulk_part.html", _shown(_import(public_id, provider)))


@require_POST
@applicant_view
def bulk_enter(request: HttpRequest, public_id: str, *, provider: Any) -> HttpResponse:
    row = _import(public_id, provider)
    try:
        asked = imports.ask_to_enter(row, by=request.user)
    except Refused as refused:
        notices.error(request, sheet_words.refusal(refused.code, {}))
    else:
        notices.info(request, _("All rows are being entered.") if asked else _("This was asked before."))
    return redirect("whitelist:bulk-detail", public_id=public_id)


@require_safe
@applicant_view
def bulk_template(request: HttpRequest, ending: str, *, provider: Any) -> HttpResponse:
    """The empty table. CSV begins with a byte order mark, without which Excel reads UTF-8 as something else."""
    rows = bulk.template_rows()
    if ending == "csv":
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    elif ending == "xlsx":
        book, held = Workbook(), io.BytesIO()
        for values in rows:
            book.active.append(values)
        book.save(held)
        response = HttpResponse(held.getvalue(), content_type=XLSX)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="return-servers.{ending}"'
    return response
