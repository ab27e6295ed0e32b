"""An account that an operator has closed, and perhaps opened again."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q


def _person(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, **options)


class AccountClosure(models.Model):
    """From `closed_at` the person cannot log in, until somebody opens the account again. Read by operators alone."""

    user = _person(related_name="closures")
    reason = models.CharField(max_length=500)
    closed_by = _person(related_name="+")
    closed_at = models.DateTimeField()
    reopening_reason = models.CharField(max_length=500, blank=True)
    reopened_by = _person(related_name="+", null=True)
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(closed_by=F("user")), name="nobody_closes_their_own_account"),
            models.CheckConstraint(
                condition=Q(reopened_by=None, reopened_at=None)
                | (Q(reopened_by__isnull=False, reopened_at__isnull=False) & ~Q(reopened_by=F("user"))),
                name="nobody_reopens_their_own_account",
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(reopened_at=None), name="one_open_closure_per_person"),
        ]

    def __str__(self) -> str:
        return f"closure of {self.user}"
