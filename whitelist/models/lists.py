"""What is stated: numbers given, the marker of change, and the signed versions of a list."""

import json
from typing import Any

from django.db import models
from django.db.models import Q


class NumberSeries(models.Model):
    """The last number given in a series, such as the applications of a year: a row to lock, so no number is twice."""

    name = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


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
