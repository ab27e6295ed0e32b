"""The way back into an account whose second factors are lost: two operators, neither of them its owner, and a delay."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q


def _person(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class PersonRecoveryQuerySet(models.QuerySet["PersonRecovery"]):
    def open(self) -> "PersonRecoveryQuerySet":
        return self.filter(done_at=None, closed_at=None)

    def lapsed(self, at: datetime) -> "PersonRecoveryQuerySet":
        """Open still, but nobody did the next step in time."""
        return self.open().filter(second_at=None, expires_at__lte=at)


class PersonRecovery(models.Model):
    """Asked for at a public page, the address proven by a link, proposed by one operator, confirmed by another.

    `expires_at` ends the present step: the link's half an hour, then the days the operators have. `contact` is how the
    person can be reached, `grounds` how the first operator made sure of them. Closed without effect: by whom, and why.
    """

    class Lost(models.TextChoices):
        FACTORS = "factors"
        EVERYTHING = "everything"

    class Closing(models.TextChoices):
        STOPPED = "stopped"
        REFUSED = "refused"
        LAPSED = "lapsed"
        CONFIRMER_LEFT = "confirmer_left"

    user = _person()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    lost = models.CharField(max_length=10, choices=Lost.choices, blank=True)
    contact = models.CharField(max_length=500, blank=True)
    first_by = _person(null=True)
    first_at = models.DateTimeField(null=True)
    grounds = models.CharField(max_length=500, blank=True)
    second_by = _person(null=True)
    second_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = _person(null=True)
    closing = models.CharField(max_length=15, choices=Closing.choices, blank=True)

    objects = PersonRecoveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_by=None) | (Q(proven_at__isnull=False) & ~Q(first_by=F("user"))),
                name="person_recovery_first_is_not_the_person",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None)
                | (Q(first_by__isnull=False) & ~Q(second_by=F("first_by")) & ~Q(second_by=F("user"))),
                name="person_recovery_takes_two_others",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None)
                | Q(second_by__isnull=False, due_at__isnull=False, done_at__gte=F("due_at"), closed_at=None),
                name="person_recovery_done_after_its_delay",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closing="")
                | Q(closed_at__isnull=False, closing__in=["stopped", "refused", "lapsed", "confirmer_left"]),
                name="person_recovery_closing_is_known",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(done_at=None, closed_at=None), name="one_open_recovery_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"recovery of {self.user}"

    @property
    def state(self) -> str:
        """The last step, as the trail tells it."""
        if self.closing:
            return self.closing
        moments = ("done_at", "second_at", "first_at", "proven_at", "asked_at")
        last = next(name for name in moments if getattr(self, name) is not None)
        return {"second_at": "second_confirmed", "first_at": "first_confirmed"}.get(last, last.removesuffix("_at"))

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.closed_at is None
