"""What is stated: numbers given, the marker of change, and the signed versions of a list."""

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
    """A version of an environment's list. Appended, never changed; each names the digest of the one before.

    `jws` is the list head as first signed. What the version lists is what the leaves below `tree_size` add up to.
    `document_json` is kept only for versions older than the change log, whose `jws` carries the whole document.
    """

    environment = models.ForeignKey("environments.Environment", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, null=True)
    entry_count = models.PositiveIntegerField()
    document_json = models.TextField(blank=True, default="")
    jws = models.TextField()
    kid = models.CharField(max_length=60, blank=True)
    tree_size = models.PositiveIntegerField(null=True)
    tree_root = models.CharField(max_length=64, blank=True)
    # How many leaves of each kind came with it: what a row of the public record says.
    changes = models.JSONField(default=dict)
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
            models.CheckConstraint(
                condition=Q(tree_size__isnull=False) | ~Q(document_json=""), name="list_version_can_be_rebuilt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.environment_id} v{self.number}"


class ListHead(models.Model):
    """The one row that moves: the newest signed head of the current version, signed anew before it ends."""

    environment = models.OneToOneField(
        "environments.Environment", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.ForeignKey(ListVersion, on_delete=models.PROTECT, related_name="+")
    jws = models.TextField()
    signed_at = models.DateTimeField()
    valid_until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.environment_id} until {self.valid_until}"
