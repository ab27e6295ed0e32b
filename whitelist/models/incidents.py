"""What happens to an entry after it was granted: re-checks, suspensions and their end, retirement."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from whitelist.models.constraints import known
from whitelist.models.entries import Entry


class Recheck(models.Model):
    """One look at the server of a live entry, judged by the entry's own rule set. Kept as its history."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="rechecks")
    at = models.DateTimeField()
    health = models.CharField(max_length=12)
    blocking = models.JSONField(default=list)
    inconclusive = models.JSONField(default=list)
    # 1, 2, 3 when this look counted as a strike, else 0.
    strike = models.PositiveSmallIntegerField(default=0)
    rule_set_version = models.CharField(max_length=40)
    report_digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["entry", "-at"], name="rechecks_of_an_entry")]
        constraints = [known("health", ["healthy", "failing", "inconclusive"], "recheck_health_is_known")]

    def __str__(self) -> str:
        return f"{self.entry} {self.at:%Y-%m-%d %H:%M} {self.health}"


class Suspension(models.Model):
    """An entry stopped at once: by its own service provider, or by one reviewer (or two, past the hourly number).

    It is effective from `effective_at`; while that is empty it waits for a second reviewer. `ended_at` closes it.
    """

    class Reason(models.TextChoices):
        INCIDENT = "incident"
        TAKEOVER = "takeover"
        KEY_COMPROMISE = "key_compromise"
        BASIS_ENDED = "basis_ended"
        OTHER = "other"

    public_id = models.CharField(max_length=30, unique=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = models.TextField(blank=True)
    by_provider = models.BooleanField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    seconded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    effective_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(ended_at__isnull=True), name="one_open_suspension_per_entry"
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("asked_by")),
                name="suspension_is_seconded_by_another",
            ),
            known(
                "reason",
                ["incident", "takeover", "key_compromise", "basis_ended", "other"],
                "suspension_reason_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} of {self.entry}"


class Reinstatement(models.Model):
    """The way back into the list: proposed by one reviewer, confirmed by another."""

    suspension = models.ForeignKey(Suspension, on_delete=models.PROTECT, related_name="reinstatements")
    words = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["suspension"], condition=Q(withdrawn_at__isnull=True), name="one_standing_reinstatement"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="reinstatement_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="confirmed_reinstatement_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"reinstatement of {self.suspension}"


class Retirement(models.Model):
    """An entry on its way out of the list on `due_at`: its successor has taken over, or its owner gives it up."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="retirement")
    successor = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # What the impact preview said when it was decided: figures with their sources, never who was behind a match.
    impact = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gte=F("asked_at")), name="retirement_is_not_in_the_past")
        ]

    def __str__(self) -> str:
        return f"retirement of {self.entry}"
