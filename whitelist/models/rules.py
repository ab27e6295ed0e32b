"""How grave each finding is, as people decided it: versions of the rule set after the seed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from whitelist.models.constraints import known


class RuleSetVersion(models.Model):
    """A change of severities: proposed by one person over a dry run, confirmed by another, in force from a day on.

    severities: the whole table, "code" or "code/variant" -> [in the sandbox, in production]. dry_run: the live entries
    that would fail, as shown to the one who proposed. Entries keep their own version until notice_until.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        WITHDRAWN = "withdrawn"

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=40, unique=True)
    severities = models.JSONField()
    note = models.TextField()
    dry_run = models.JSONField(default=list)
    notice_days = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Who confirmed or withdrew it; until then effective_from is the earliest day that was proposed.
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    effective_from = models.DateTimeField()
    notice_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known("state", ["proposed", "confirmed", "withdrawn"], "rule_set_state_is_known"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="proposed"), name="one_rule_set_is_proposed_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", closed_by__isnull=True)
                | ~Q(state="proposed") & Q(closed_by__isnull=False),
                name="a_closed_rule_set_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(closed_by=F("proposed_by")),
                name="a_rule_set_is_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(
                    closed_at__isnull=False,
                    notice_until__isnull=False,
                    effective_from__gte=F("closed_at"),
                    notice_until__gte=F("effective_from"),
                ),
                name="a_confirmed_rule_set_gives_notice",
            ),
        ]

    def __str__(self) -> str:
        return self.name
