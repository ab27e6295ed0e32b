"""An event as the row that is sealed: plain JSON values, one shape for sealer, inspection and export."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from portal.audit import chain
from portal.audit.models import AuditEvent

COLUMNS: Final = (
    "id", "at", "virtual_at", "action", "actor_id", "actor_label", "actor_salt", "provider__public_id",
    "acting_operator__public_id", "subject_type", "subject_id", "reason", "request_id", "before", "after", "details",
)  # fmt: skip


def values(events: Any) -> Iterable[dict[str, Any]]:
    """The events of a QuerySet as dictionaries that `row` takes."""
    found: Iterable[dict[str, Any]] = events.values(*COLUMNS)
    return found


def row(event: dict[str, Any]) -> dict[str, Any]:
    """The sealed row of one event (a dictionary of `values`); version 1 of its shape."""
    return {
        "v": 1,
        "id": event["id"],
        "at": moment(event["at"]),
        "virtual_at": moment(event["virtual_at"]) if event["virtual_at"] else None,
        "action": event["action"],
        "actor": {
            "kind": "user" if event["actor_id"] else "machine",
            "label": event["actor_label"] if not event["actor_id"] or event["actor_salt"] else "",
            "commitment": chain.commitment(event["actor_salt"], actor(event)),
        },
        "provider": event["provider__public_id"],
        "acting_operator": event["acting_operator__public_id"],
        "subject": {"type": event["subject_type"], "id": event["subject_id"]},
        "reason": event["reason"],
        "request_id": event["request_id"],
        "before": event["before"],
        "after": event["after"],
        "details": event["details"],
    }


def actor(event: dict[str, Any]) -> str:
    """What the commitment commits to."""
    return f"user:{event['actor_id']}" if event["actor_id"] else f"machine:{event['actor_label']}"


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds, always the same length."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def of(pks: Iterable[int]) -> Iterable[dict[str, Any]]:
    """The events with these ids as dictionaries, in no order."""
    return values(AuditEvent.objects.filter(pk__in=list(pks)))
