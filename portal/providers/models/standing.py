"""By what an organisation may verify: its certification or the operator it stands behind, and when they end."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.providers.accreditation import jst_day
from portal.providers.models.organisations import Confirmable, ServiceProvider


class Accreditation(Confirmable):
    """Certification by the competent ministers, Act (2002 No. 153) Art. 17(1)(vi), with its days."""

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="accreditations")
    number = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_until = models.DateField()
    evidence = models.ForeignKey("evidence.EvidenceFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Confirmable.Meta):
        constraints = [
            *Confirmable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_until__gte=models.F("valid_from")), name="accreditation_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.provider}"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed in Japan."""
        return self.valid_until < jst_day(timezone.now())


class Delegation(Confirmable):
    """A platform operator verifies for a service provider; ends the day it is revoked or runs out (JST)."""

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="delegations")
    operator = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="delegated_to_us")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    evidence = models.ForeignKey("evidence.EvidenceFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Confirmable.Meta):
        constraints = [
            *Confirmable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True), name="delegation_has_one_answer"
            ),
            models.UniqueConstraint(fields=["provider", "operator"], name="one_delegation_per_pair"),
            models.CheckConstraint(condition=~Q(provider=models.F("operator")), name="no_delegation_to_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} through {self.operator}"

    @property
    def is_waiting(self) -> bool:
        """The operator has not answered yet."""
        return self.accepted_at is None and self.declined_at is None

    @property
    def is_live(self) -> bool:
        """Accepted and not ended; whether its days include today is for `services.entitlement` to say."""
        return self.accepted_at is not None and self.ended_on is None


class EndWarning(models.Model):
    """The owners were told that an end is near: once for each end and each number of days before it."""

    accreditation = models.ForeignKey(Accreditation, null=True, on_delete=models.CASCADE, related_name="warnings")
    delegation = models.ForeignKey(Delegation, null=True, on_delete=models.CASCADE, related_name="warnings")
    last_day = models.DateField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accreditation__isnull=True) ^ Q(delegation__isnull=True), name="warning_is_about_one_end"
            ),
            models.UniqueConstraint(fields=["accreditation", "last_day", "days"], name="accreditation_warned_once"),
            models.UniqueConstraint(fields=["delegation", "last_day", "days"], name="delegation_warned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days before {self.last_day}"
