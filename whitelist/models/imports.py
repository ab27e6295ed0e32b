"""A table of return servers that was handed in: its bytes, what was read, what is wrong, what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from whitelist.models.constraints import known

STATES = ("waiting", "read", "refused", "entering", "entered", "failed")


class BulkImport(models.Model):
    """Read by a worker, shown with its findings, and entered in one transaction or not at all."""

    public_id = models.CharField(max_length=30, unique=True)
    provider = models.ForeignKey("providers.ServiceProvider", on_delete=models.PROTECT, related_name="+")
    acting_operator = models.ForeignKey(
        "providers.ServiceProvider", null=True, on_delete=models.PROTECT, related_name="+"
    )
    world = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    # The form's own key: the same form sent twice hands in one table.
    form_key = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, default="waiting")
    rows_read = models.PositiveIntegerField(default=0)
    refusal_code = models.CharField(max_length=60, blank=True)
    refusal_values = models.JSONField(default=dict)
    drafts = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    # Public ids of the applications or entries, in the order of the rows.
    made = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known("state", list(STATES), "bulk_import_state_is_known"),
            known("world", ["sandbox", "production"], "bulk_import_world_is_known"),
            models.CheckConstraint(
                condition=~Q(state="entered") | Q(entered_by__isnull=False, entered_at__isnull=False),
                name="bulk_import_is_entered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.name}"

    @property
    def is_working(self) -> bool:
        return self.state in {"waiting", "entering"}

    @property
    def is_blocked(self) -> bool:
        return any(found["is_blocking"] for found in self.findings)
