"""What is asked: an application, its immutable revisions, and what the machine found about each."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from whitelist.models.constraints import known
from whitelist.policy import content, revision
from whitelist.policy.workflow import ApplicationState


class Application(models.Model):
    """A request for a production entry. `version` moves with every change: who saw an older one cannot decide."""

    public_id = models.CharField(max_length=20, unique=True)
    provider = models.ForeignKey("providers.ServiceProvider", on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=20, default=ApplicationState.DRAFT.value)
    version = models.PositiveIntegerField(default=1)
    draft = models.JSONField(default=dict)
    # The form's own key: the same form sent twice makes one application.
    form_key = models.UUIDField(unique=True)
    current_revision = models.ForeignKey("whitelist.Revision", null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Everyone who ever saved the draft: none of them may review it.
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    # The share of the standard period (per cent) at which the desk was last warned, since the last submission.
    warned_at_per_cent = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    published_in = models.ForeignKey("whitelist.ListVersion", null=True, on_delete=models.PROTECT, related_name="+")
    # What this application has had published: it stays on the list while the application is reopened.
    live_entry = models.ForeignKey("whitelist.Entry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            known("state", [str(state) for state in ApplicationState], "application_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "reopened"]) | Q(live_entry__isnull=False),
                name="what_is_published_has_its_entry",
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="applications_by_state")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def status(self) -> ApplicationState:
        return ApplicationState(self.state)


class Revision(models.Model):
    """What was submitted, once and for all: canonical JSON and its SHA-256."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content_json = models.TextField()
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.application} r{self.number}"

    @property
    def content(self) -> dict[str, Any]:
        """What was submitted, in today's shape; what was hashed is `content_json`."""
        return content.read(json.loads(self.content_json))

    @property
    def latest_report(self) -> "CheckReport":
        report = self.reports.order_by("-number").first()
        assert report is not None  # a revision is made together with its first report
        return report


class CheckReport(models.Model):
    """What the machine found about a revision at one time, under one rule set."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    report_json = models.TextField()
    digest = models.CharField(max_length=64)
    rule_set_version = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "number"], name="check_report_number_once")]

    def __str__(self) -> str:
        return f"{self.revision} check {self.number}"

    @property
    def report(self) -> dict[str, Any]:
        return dict(json.loads(self.report_json))

    @property
    def binding(self) -> str:
        return revision.binding(self.revision.digest, self.digest, self.rule_set_version)
