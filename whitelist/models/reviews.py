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
    # The statement of no conflict of interest that the reviewer agreed to, by its version.
    no_conflict = models.CharField(max_length=20)
    # How to object, as it was told with a refusal; by its version.
    objection = models.CharField(max_length=20, blank=True)
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
            models.CheckConstraint(condition=~Q(no_conflict=""), name="reviewer_states_no_conflict"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.stage} {self.decision}"


class ProvisionalVerdict(models.Model):
    """What the second reviewer thought before seeing the first one's ticks and notes. Written once."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="provisional_verdicts")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    binding = models.CharField(max_length=64)
    decision = models.CharField(max_length=20, choices=Review.Decision.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "reviewer", "binding"], name="one_provisional_verdict_each"),
            known("decision", ["approve", "request_changes", "refuse"], "provisional_decision_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.decision}?"


class FieldRequest(models.Model):
    """One field of a revision that a correction names, with a template's sentence, the reviewer's words, or both."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="field_requests")
    field = models.CharField(max_length=60)
    template_code = models.CharField(max_length=40)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "field"], name="a_field_is_named_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.field}"
