from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.evidence.content import MAX_BYTES, MediaType


class EvidenceFile(models.Model):
    """A file that proves something an organisation says. Written once; its SHA-256 stands in what cites it.

    The bytes stand in the database, so that one backup holds what a decision was based on.
    """

    public_id = models.CharField(max_length=30, unique=True)
    provider = models.ForeignKey("providers.ServiceProvider", on_delete=models.PROTECT, related_name="evidence_files")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "sha256"], name="one_file_per_provider_and_digest"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=MAX_BYTES), name="evidence_has_a_size_we_keep"),
            models.CheckConstraint(
                condition=Q(media_type__in=[str(known) for known in MediaType]), name="evidence_is_of_a_known_type"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceContent(models.Model):
    """The bytes of a file: a table of its own, so that lists of files never read them."""

    file = models.OneToOneField(EvidenceFile, primary_key=True, on_delete=models.PROTECT, related_name="content")
    data = models.BinaryField(max_length=MAX_BYTES)

    def __str__(self) -> str:
        return f"bytes of {self.file_id}"
