"""How ownership passes on: offered by an owner, or recovered under four eyes when no owner can log in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.providers.models.organisations import ServiceProvider


class OwnershipOffer(models.Model):
    """An owner offers their ownership to a member; accepted, the two change roles in one moment."""

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="ownership_offers")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    # Declined by the one, or taken back by the other.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(offered_by=F("offered_to")), name="no_offer_to_oneself"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(closed_at__isnull=True), name="offer_has_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.offered_by} to {self.offered_to}"


class OwnerRecovery(models.Model):
    """A new owner for an organisation whose owners cannot log in: asked, confirmed by two, done after a delay.

    Any owner who can log in after all stops it.
    """

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="recoveries")
    email = models.EmailField()
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_by__isnull=True) | ~Q(first_by=F("asked_by")), name="recovery_first_is_not_who_asked"
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True)
                | (Q(first_by__isnull=False) & ~Q(second_by=F("first_by")) & ~Q(second_by=F("asked_by"))),
                name="recovery_is_confirmed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(second_by__isnull=False, stopped_at__isnull=True),
                name="recovery_is_done_after_two_confirmed",
            ),
            models.UniqueConstraint(
                fields=["provider"], condition=Q(done_at=None, stopped_at=None), name="one_open_recovery_per_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.email}"

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.stopped_at is None

    @property
    def stage(self) -> str:
        """How far an open one has come: asked, first_confirmed, second_confirmed."""
        if self.first_by_id is None:
            return "asked"
        return "first_confirmed" if self.second_by_id is None else "second_confirmed"
