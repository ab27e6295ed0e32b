"""The append-only change log of each environment's list, and the signed heads of its Merkle tree."""

from django.db import models


class LogLeaf(models.Model):
    """One change, as the canonical JSON that the tree hashes. Appended with the list version it belongs to."""

    environment = models.ForeignKey("environments.Environment", on_delete=models.PROTECT, related_name="+")
    index = models.PositiveIntegerField()
    change = models.CharField(max_length=12)
    entry_public_id = models.CharField(max_length=20, blank=True)
    list_version = models.PositiveIntegerField()
    content = models.TextField()
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "index"], name="log_leaf_index_once")]
        indexes = [models.Index(fields=["environment", "entry_public_id"], name="log_leaves_of_an_entry")]

    def __str__(self) -> str:
        return f"{self.environment_id} leaf {self.index} {self.change}"


class TreeHead(models.Model):
    """A signed statement that the log had this size and this root: with each list version, and hourly in silence."""

    environment = models.ForeignKey("environments.Environment", on_delete=models.PROTECT, related_name="+")
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    jws = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["environment", "-signed_at"], name="tree_heads_newest_first")]

    def __str__(self) -> str:
        return f"{self.environment_id} size {self.size}"
