"""Warnings 90, 30 and 7 days before a certification or a delegation ends. Each is given once."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from portal.audit import services as audit
from portal.providers import mail
from portal.providers.accreditation import jst_day, warning_due
from portal.providers.models import Accreditation, Delegation, EndWarning, ServiceProvider


@transaction.atomic
def warn(*, at: datetime) -> int:
    """Give every warning that is due at the aware moment `at`; returns how many. Called again, it gives none twice."""
    today = jst_day(at)
    return sum(_warn(row, last_day, today, at) for row, last_day in _ends(today))


def _ends(today: date) -> Iterator[tuple[Any, date]]:
    """Certifications and delegations in force whose end is known and not already covered by a later one."""
    certified = Accreditation.objects.filter(confirmed_at__isnull=False, valid_until__gte=today)
    latest = dict(certified.values_list("provider_id").annotate(Max("valid_until")))
    for accreditation in certified.select_related("provider").order_by("id"):
        if accreditation.valid_until == latest[accreditation.provider_id]:
            yield accreditation, accreditation.valid_until
    delegated = Delegation.objects.filter(accepted_at__isnull=False, ended_on=None, valid_until__gte=today)
    for delegation in delegated.select_related("provider", "operator").order_by("id"):
        assert delegation.valid_until is not None
        yield delegation, delegation.valid_until


def _warn(row: Any, last_day: date, today: date, at: datetime) -> bool:
    given = set(row.warnings.filter(last_day=last_day).values_list("days", flat=True))
    days = warning_due(last_day, on=today, given=given)
    if days is None:
        return False
    field = "accreditation" if isinstance(row, Accreditation) else "delegation"
    warning, is_new = EndWarning.objects.get_or_create(
        **{field: row}, last_day=last_day, days=days, defaults={"at": at}
    )
    if is_new:
        _tell(row, field, warning, (last_day - today).days)
    return is_new


def _tell(row: Any, field: str, warning: EndWarning, left: int) -> None:
    values: dict[str, str | int] = {"days": left, "last_day": warning.last_day.isoformat()}
    about = f"{row.pk}:{warning.last_day}:{warning.days}"
    told: list[ServiceProvider] = [row.provider]
    if field == "accreditation":
        values["number"] = row.number
    else:
        values["operator"] = row.operator.name
        told.append(row.operator)
    for provider in told:
        mail.tell_owners(provider, f"{field}_ends", about=about, **values)
    audit.record(_ACTIONS[field], row, by="worker", provider=row.provider, details={"days": warning.days})


_ACTIONS = {"accreditation": "accreditation.end_warned", "delegation": "delegation.end_warned"}
