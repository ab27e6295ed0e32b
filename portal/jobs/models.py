from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of background work. The row is the truth; a Celery message only says "look at this row"."""

    class State(models.TextChoices):
        DUE = "due"
        DONE = "done"
        FAILED = "failed"

    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=list)
    lane = models.CharField(max_length=20, default="default")
    key = models.CharField(max_length=200, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=8)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    nudged_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(state="due", lease_token__isnull=True), name="one_waiting_job_per_key"
            ),
            models.CheckConstraint(condition=Q(state__in=["due", "done", "failed"]), name="job_state_is_known"),
        ]
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(state="due"), name="jobs_due")]

    def __str__(self) -> str:
        return f"{self.name}#{self.pk} {self.state}"


class Schedule(models.Model):
    """When a periodic job is due next. Two beats do no harm: the row is moved by a conditional update."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WorkerPulse(models.Model):
    """One row a worker process, written by its sweep: the status page reads it."""

    worker = models.CharField(max_length=100, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
