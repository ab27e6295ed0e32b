"""Many return servers at once, from a table: handed in, read by a worker, looked at, entered in one transaction.

In the test environment rows become entries at once, at a platform operator also in those of whom it stands in front.
For production each URL becomes a draft of an application, which is completed and sent as any other. A platform
operator's draft is its own, and names the organisations it is for: each row says one of them, by corporate number or
public id.
"""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal import identifiers, origin
from portal.audit import services as audit
from portal.environments import services as environments
from portal.evidence import names
from portal.jobs import services as jobs
from portal.providers import seats
from whitelist import applications, import_looks, services, sheets
from whitelist.models import BulkImport
from whitelist.policy import bulk, bulk_merge
from whitelist.refusals import Refused

PROGRESS_EVERY = 50


@transaction.atomic
def hand_in(
    provider: Any, *, content: bytes, name: str, world: str, form_key: uuid.UUID, by: Any, acting_operator: Any = None
) -> BulkImport:
    """Keep the table and ask a worker to read it; the same form sent twice gives the one it made. `world`: sandbox or
    production. Nothing of the content is looked at here but its size (Refused: sheet.empty, sheet.too_large)."""
    standing = BulkImport.objects.filter(form_key=form_key, provider=provider).first()
    if standing is not None:
        return standing
    if not content:
        raise Refused("sheet.empty")
    if len(content) > sheets.MAX_BYTES:
        raise Refused("sheet.too_large")
    made = BulkImport.objects.create(
        public_id=identifiers.new("imp"),
        provider=provider,
        acting_operator=acting_operator,
        world=world,
        name=names.shown(name),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        form_key=form_key,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    audit.record("import.handed_in", made, by=by, provider=provider, details={"sha256": made.sha256, "world": world})
    jobs.enqueue("whitelist.read_import", made.pk, key=f"whitelist.read_import:{made.pk}")
    return made


def read(import_id: int) -> Callable[[], object] | None:
    """Read the table outside any transaction, telling how far it is; gives what is to be written about it."""
    row = BulkImport.objects.select_related("provider").get(pk=import_id)
    if row.state != "waiting":
        return None
    try:
        drafts, findings, count = _read(row)
    except sheets.SheetRefused as refused:
        changes: dict[str, Any] = {
            "state": "refused",
            "refusal_code": refused.code,
            "refusal_values": refused.values,
        }
    else:
        changes = {
            "state": "read",
            "rows_read": count,
            "drafts": [draft.as_json() for draft in drafts],
            "findings": [found.as_json() for found in findings],
        }
    return lambda: _keep(row, changes)


def _keep(row: BulkImport, changes: dict[str, Any]) -> None:
    """What was read, and the looks at the servers it names."""
    if BulkImport.objects.filter(pk=row.pk, state="waiting").update(**changes) and changes["state"] == "read":
        row.drafts = changes["drafts"]
        import_looks.ask(row, at=timezone.now().replace(microsecond=0))


def _read(row: BulkImport) -> tuple[list[bulk.Draft], list[bulk.CellFinding], int]:
    drafts: list[bulk.Draft] = []
    findings: list[bulk.CellFinding] = []
    columns: dict[int, str] | None = None
    number, known, check_url = 0, _known(row), import_looks.UrlEngine(row)
    for number, cells in enumerate(sheets.rows_of(bytes(row.content), name=row.name), start=1):
        if number % PROGRESS_EVERY == 0:
            BulkImport.objects.filter(pk=row.pk).update(rows_read=number)
        if not any(cells):
            continue
        if columns is None:
            columns, findings = bulk.heading_columns(cells)
            if findings:
                return [], findings, number
            continue
        draft, found = bulk.read_row(number, cells, columns, world=row.world, check_url=check_url, known=known)
        findings += found
        if draft is not None:
            drafts.append(draft)
    if columns is None or not (drafts or findings):
        raise sheets.SheetRefused("sheet.no_rows")
    if not is_for_served(row):
        return drafts, findings + bulk_merge.one_each(drafts), number
    drafts, said = bulk_merge.served_together(drafts, own_number=row.provider.corporate_number)
    return drafts, findings + said, number


def is_for_served(row: BulkImport) -> bool:
    """Whether rows name whom the operator's own return servers serve, and not whose entries they become."""
    return row.world == "production" and bool(row.provider.is_platform_operator)


def _known(row: BulkImport) -> dict[str, str]:
    """By every name a row may use: the corporate number."""
    return {
        bulk.name_of(name): number for number, owner in owners_of(row).items() for name in (number, owner.public_id)
    }


def owners_of(row: BulkImport) -> dict[str, Any]:
    """By corporate number: the organisation itself, and at a platform operator those that it serves today."""
    served = seats.served_by(row.provider) if row.provider.is_platform_operator else []
    return {row.provider.corporate_number: row.provider} | {
        one.provider.corporate_number: one.provider for one in served
    }


@transaction.atomic
def ask_to_enter(row: BulkImport, *, by: Any) -> bool:
    """Have a worker enter every row; False if that was asked before. Raises Refused: import.not_ready."""
    locked = BulkImport.objects.select_for_update().get(pk=row.pk)
    if locked.state in {"entering", "entered"}:
        return False
    if locked.state != "read" or locked.is_blocked or not locked.drafts:
        raise Refused("import.not_ready")
    BulkImport.objects.filter(pk=row.pk).update(state="entering", entered_by=by)
    jobs.enqueue("whitelist.enter_import", row.pk, key=f"whitelist.enter_import:{row.pk}")
    return True


def enter(import_id: int, *, at: datetime) -> None:
    """All rows, in the transaction this is called in: either every one stands afterwards, or none."""
    row = BulkImport.objects.select_for_update(of=("self",)).select_related("provider", "entered_by").get(pk=import_id)
    if row.state != "entering":
        return
    owners = owners_of(row)
    origin.act_for(row.acting_operator_id)
    made, code = [], ""
    try:
        with transaction.atomic():
            made = [_enter(row, draft, owners) for draft in row.drafts]
    except Refused as refused:
        code = refused.code
    if code:
        BulkImport.objects.filter(pk=row.pk).update(state="failed", refusal_code=code)
        return
    BulkImport.objects.filter(pk=row.pk).update(state="entered", entered_at=at, made=made)
    details = {"sha256": row.sha256, "rows": len(made), "world": row.world}
    before, after = {"state": row.state}, {"state": "entered"}
    audit.record(
        "import.entered", row, by=row.entered_by, provider=row.provider, before=before, after=after, details=details
    )


def _enter(row: BulkImport, draft: dict[str, Any], owners: dict[str, Any]) -> str:
    """The public id of what the row became. A delegation may have ended since the table was read."""
    values, number = draft["values"], row.provider.corporate_number
    owner = row.provider if is_for_served(row) else owners.get(values.get("corporate_number") or number)
    served = [owners.get(number) for number in draft.get("served", ())]
    if owner is None or None in served:
        raise Refused("import.delegation_ended")
    if row.world == "sandbox":
        sandbox = environments.sandbox_of(owner)
        if sandbox is None:
            raise Refused("import.no_sandbox")
        return services.enter_in_sandbox(
            sandbox,
            url=values["url"],
            purposes=values["purposes"],
            ways_in=values["ways_in"],
            kind=values["kind"],
            by=row.entered_by,
        ).public_id
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"import:{row.public_id}:{draft['number']}")
    return applications.start_application(
        owner, form_key=key, content=_content(values, served), by=row.entered_by
    ).public_id


def _content(values: dict[str, Any], served: Sequence[Any]) -> dict[str, Any]:
    """The draft of an application, as its form keeps it."""
    contact = {"email": values["email"], "phone": values["phone"]}
    identifier = values.get("app_identifier", "")
    return {
        "url": values["url"],
        "accepts_canonical": values["url"],
        "kind": values["kind"],
        "app": {"identifier": identifier, "fingerprint": ""} if values["kind"] == "app" else None,
        "purposes": values["purposes"],
        "ways_in": values["ways_in"],
        "purpose_of_use": values["purpose_of_use"],
        "contacts": {"security": contact, "operations": {"email": "", "phone": ""}},
        "note": values["note"],
        "served_providers": [{"name": one.name, "corporate_number": one.corporate_number} for one in served],
    }
