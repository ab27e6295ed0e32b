"""A trail with something in it."""

from django.db import transaction

from portal.accounts import services as accounts
from portal.audit import services as audit
from portal.audit.models import AuditCheckpoint, AuditEvent
from portal.providers import services as providers
from portal.providers.models import ServiceProvider


def confirmed(*, provider: str, reviewer: str) -> dict:
    """A reviewer has confirmed the organisation's legal basis."""
    found = ServiceProvider.objects.get(public_id=provider)
    providers.confirm_basis(found, by=accounts.by_email(reviewer))
    return {}


def busy(*, provider: str, by: str, events: int) -> dict:
    """Many acts of one person."""
    found, person = ServiceProvider.objects.get(public_id=provider), accounts.by_email(by)
    with transaction.atomic():
        for number in range(events):
            audit.record(
                "provider.changed", found, by=person, provider=found, before={"n": number}, after={"n": number + 1}
            )
    return {}


def signed() -> bool:
    """Whether everything there is stands under a signed checkpoint."""
    mark = AuditCheckpoint.objects.order_by("-number").first()
    return bool(mark and not AuditEvent.objects.filter(seal__isnull=True).exists() and mark.size >= mark_of_last())


def mark_of_last() -> int:
    return int(AuditEvent.objects.order_by("-seal__sequence").values_list("seal__sequence", flat=True)[0])
