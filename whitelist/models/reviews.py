"""What reviewers decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from whitelist.models.applications import CheckReport, Revision
from whitelist.models.constraints import known


class Review(models.Model):
    """One reviewer's decision at one stage, bound to the revision, the report and the rule set it looked at."""

    class Stage(models.TextChoices):
        FIRST = "first"
        SECOND = "second"

    class Decision(models.TextChoices):
        APPROVE = "approve"
        REQUEST_CHANGES = "request_changes"
        REFUSE = "refuse"

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reviews")
    report = models.ForeignKey(CheckReport, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage.choices)
    decision = models.CharField(max_length=20, choices=Decision.choices)
    binding = models.CharField(max_length=64)
    criteria = models.JSONField(default=list)
    findings_seen = models.JSONField(default=list)
    criterion = models.CharField(max_length=10, blank=True)
    message = models.TextField(blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "stage"], condition=Q(voided_at__isnull=True), name="one_standing_review_per_stage"
            ),
            models.UniqueConstraint(
                fields=["revision", "reviewer"],
                condition=Q(voided_at__isnull=True),
                name="nobody_reviews_a_revision_twice",
            ),
            known("stage", ["first", "second"], "review_stage_is_known"),
            known("decision", ["approve", "request_changes", "refuse"], "review_decision_is_known"),
            models.CheckConstraint(
                condition=~Q(decision="refuse") | (~Q(criterion="") & ~Q(message="")), name="refusal_gives_its_grounds"
            ),
            models.CheckConstraint(
                condition=~Q(decision="request_changes") | ~Q(message=""), name="correction_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.stage} {self.decision}"
