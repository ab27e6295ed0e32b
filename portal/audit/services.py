"""The append-only trail: one line an act, written inside the act's own transaction."""

import ipaddress
import secrets
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from portal import origin
from portal.audit.models import AuditAddress, AuditEvent


def record(
    action: str,
    subject: models.Model,
    *,
    by: Any,
    provider: Any = None,
    acting_operator: Any = None,
    reason: str = "",
    before: Any = None,
    after: Any = None,
    details: dict[str, Any] | None = None,
    virtual_at: datetime | None = None,
) -> AuditEvent:
    """Append one event; call it inside the transaction of the verb it tells of.

    `action` is like `application.submitted`. `by` is a User, or a short label for a machine ("worker", an API client's
    name). `provider` is the service provider on whose behalf it happens and whose people may see the event;
    `acting_operator` the platform operator acting for it (else the one that `portal.origin` knows). `reason` is a code.
    `before` and `after` are JSON: codes, digests, public ids. So is `details`. None of them may hold secrets, names or
    anything else personal: a row can never be changed again. `virtual_at` is the sandbox's time where it differs.
    """
    here, is_user, now = origin.current(), isinstance(by, models.Model), timezone.now()
    event = AuditEvent.objects.create(
        at=now,
        virtual_at=virtual_at,
        action=action,
        actor=by if is_user else None,
        actor_label=getattr(by, "role", "") if is_user else str(by)[:200],
        actor_salt=secrets.token_hex(16),
        provider=provider,
        acting_operator_id=acting_operator.pk if acting_operator else here.acting_operator_id,
        subject_type=subject._meta.label_lower,
        subject_id=identity_of(subject),
        reason=reason,
        request_id=here.request_id,
        before=before,
        after=after,
        details=details or {},
    )
    if address := _address(here.address):
        AuditAddress.objects.create(event=event, address=address, at=now)
    return event


def identity_of(subject: models.Model) -> str:
    """The public id of the thing, or its row's id where it has none."""
    return str(getattr(subject, "public_id", None) or subject.pk)


def history(subject: models.Model) -> models.QuerySet[AuditEvent]:
    """Events of one thing, oldest first."""
    found = AuditEvent.objects.filter(subject_type=subject._meta.label_lower, subject_id=identity_of(subject))
    return found.order_by("id")


def forget_addresses(*, before: datetime) -> int:
    """Delete the addresses seen before that aware moment; returns how many. Nothing else of the trail is deletable."""
    return AuditAddress.objects.filter(at__lt=before).delete()[0]


def _address(text: str) -> str | None:
    """The address without an IPv6 zone, or None: a local socket has none, a broken proxy header is worth nothing."""
    try:
        return str(ipaddress.ip_address(text.partition("%")[0])) if text else None
    except ValueError:
        return None
