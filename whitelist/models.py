"""Applications ask, entries grant.

An application carries immutable revisions; a check report looks at a revision; a review is bound to both and to the
rule set. An entry is a fact of its own: who may receive an answer where, granted by whom. A list version is what is
stated about the entries of one environment at one moment. The database refuses what the services would refuse: see the
constraints here and the triggers in the migrations.
"""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from whitelist.policy import revision
from whitelist.policy.workflow import ApplicationState, EntryState


def _known(field: str, values: list[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)


class NumberSeries(models.Model):
    """The last number given in a series, such as the applications of a year: a row to lock, so no number is twice."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


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
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    published_in = models.ForeignKey("whitelist.ListVersion", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [_known("state", [str(state) for state in ApplicationState], "application_state_is_known")]
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
        return dict(json.loads(self.content_json))

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
            _known("stage", ["first", "second"], "review_stage_is_known"),
            _known("decision", ["approve", "request_changes", "refuse"], "review_decision_is_known"),
            models.CheckConstraint(
                condition=~Q(decision="refuse") | (~Q(criterion="") & ~Q(message="")), name="refusal_gives_its_grounds"
            ),
            models.CheckConstraint(
                condition=~Q(decision="request_changes") | ~Q(message=""), name="correction_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} {self.stage} {self.decision}"


class EntryQuerySet(models.QuerySet["Entry"]):
    def live(self) -> "EntryQuerySet":
        return self.filter(state=EntryState.LIVE)

    def standing(self) -> "EntryQuerySet":
        """Live or suspended: the URL is taken."""
        return self.exclude(state=EntryState.REMOVED)


class Entry(models.Model):
    """A grant: answers may be sent to exactly these bytes. Only its state changes; another URL is another entry."""

    class Kind(models.TextChoices):
        BROWSER = "browser"
        APP = "app"

    public_id = models.CharField(max_length=20, unique=True)
    environment = models.ForeignKey(
        "environments.Environment", on_delete=models.PROTECT, related_name="whitelist_entries"
    )
    # The kind of the environment again, so that the checks below can see it; a trigger keeps the two equal.
    world = models.CharField(max_length=10)
    provider = models.ForeignKey("providers.ServiceProvider", null=True, on_delete=models.PROTECT, related_name="+")
    url = models.BinaryField(max_length=512)
    url_text = models.CharField(max_length=512)
    host = models.CharField(max_length=255)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BROWSER)
    purposes = models.JSONField()
    ways_in = models.JSONField()
    state = models.CharField(max_length=10, default=EntryState.LIVE.value)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    first_approver = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    second_approver = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.OneToOneField(Revision, null=True, on_delete=models.PROTECT, related_name="entry")
    rule_set_version = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "url"], condition=Q(state__in=["live", "suspended"]), name="a_url_is_listed_once"
            ),
            _known("state", [str(state) for state in EntryState], "entry_state_is_known"),
            _known("world", ["sandbox", "production"], "entry_world_is_known"),
            _known("kind", ["browser", "app"], "entry_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(world="production")
                | Q(
                    first_approver__isnull=False,
                    second_approver__isnull=False,
                    revision__isnull=False,
                    provider__isnull=False,
                ),
                name="production_entry_has_two_approvers",
            ),
            models.CheckConstraint(
                condition=Q(first_approver__isnull=True)
                | Q(second_approver__isnull=True)
                | ~Q(first_approver=F("second_approver")),
                name="approvers_are_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(world="production") | Q(url_text__startswith="https://"), name="production_entry_is_https"
            ),
            models.CheckConstraint(
                condition=~Q(world="production")
                | ~(
                    Q(host="localhost") | Q(host__endswith=".localhost") | Q(host__startswith="127.") | Q(host="[::1]")
                ),
                name="production_entry_is_not_loopback",
            ),
        ]
        indexes = [models.Index(fields=["environment", "state"], name="entries_of_an_environment")]

    def __str__(self) -> str:
        return f"{self.public_id} {self.url_text}"


class ListMarker(models.Model):
    """One row per environment: a new stamp whenever an entry or a list version changes, so readers notice cheaply."""

    environment = models.OneToOneField(
        "environments.Environment", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    stamp = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.environment_id}: {self.stamp}"


class ListVersion(models.Model):
    """A signed version of an environment's list. Appended, never changed; each names the digest of the one before."""

    environment = models.ForeignKey("environments.Environment", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, null=True)
    entry_count = models.PositiveIntegerField()
    document_json = models.TextField()
    jws = models.TextField()
    added = models.JSONField(default=list)
    removed = models.JSONField(default=list)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "number"], name="list_version_number_once"),
            models.CheckConstraint(
                condition=Q(number=1, previous_digest__isnull=True) | Q(number__gt=1, previous_digest__isnull=False),
                name="list_version_names_the_one_before",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.environment_id} v{self.number}"

    @property
    def document(self) -> dict[str, Any]:
        return dict(json.loads(self.document_json))
