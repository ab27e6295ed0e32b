"""The append-only trail."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from portal.audit.models import AuditEvent


def record(
    action: str,
    subject: models.Model,
    *,
    by: Any,
    provider: Any = None,
    details: dict[str, Any] | None = None,
    virtual_at: datetime | None = None,
) -> AuditEvent:
    """Append one event; call it inside the transaction of the verb it tells of.

    `action` is like `application.submitted`. `by` is a User, or a short label for a machine ("worker", an API client's
    name). `provider` is the service provider whose people may see the event. `virtual_at` is the sandbox's own time
    where it differs from real time. `details` must be JSON and free of secrets and personal data.
    """
    is_user = isinstance(by, models.Model)
    return AuditEvent.objects.create(
        at=timezone.now(),
        virtual_at=virtual_at,
        action=action,
        actor=by if is_user else None,
        actor_label=str(by),
        provider=provider,
        subject_type=subject._meta.label_lower,
        subject_id=str(getattr(subject, "public_id", None) or subject.pk),
        details=details or {},
    )


def history(subject: models.Model) -> models.QuerySet[AuditEvent]:
    """Events of one thing, oldest first."""
    identity = str(getattr(subject, "public_id", None) or subject.pk)
    return AuditEvent.objects.filter(subject_type=subject._meta.label_lower, subject_id=identity).order_by("id")
