from django.conf import settings
from django.db import models
from django.db.models import F, Q


class AuditEvent(models.Model):
    """Who did what, on behalf of whom, to what, when and why. The database refuses update, delete and truncate.

    Codes, digests and public identifiers only: no names, no text a person typed. A person stands as a reference whose
    name lives in `accounts`, where it can be erased.
    """

    at = models.DateTimeField()
    virtual_at = models.DateTimeField(null=True)
    action = models.CharField(max_length=100)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # A machine's label ("worker", an API client's name); of a person the role held at that moment.
    actor_label = models.CharField(max_length=200)
    # 128 random bits: opens the commitment to the actor in the sealed row (see portal.audit.chain).
    actor_salt = models.CharField(max_length=32, blank=True, default="", db_default="")
    provider = models.ForeignKey(
        "providers.ServiceProvider", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The platform operator through whose seat the person acted for `provider`.
    acting_operator = models.ForeignKey(
        "providers.ServiceProvider", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=100)
    reason = models.CharField(max_length=100, blank=True, default="", db_default="")
    request_id = models.CharField(max_length=64, blank=True, default="", db_default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["provider", "id"], condition=Q(provider__isnull=False), name="audit_provider"),
            models.Index(fields=["actor", "id"], condition=Q(actor__isnull=False), name="audit_actor"),
            models.Index(fields=["action", "id"], name="audit_action"),
            models.Index(fields=["at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.subject_type} {self.subject_id}"


class AuditSeal(models.Model):
    """An event's place in the chain. The sealer gives the sequence, because commits land out of order."""

    sequence = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal")
    digest = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sequence__gte=1), name="audit_sequence_counts_from_one")]

    def __str__(self) -> str:
        return f"{self.sequence}: {bytes(self.link).hex()}"


class AuditCheckpoint(models.Model):
    """A signed statement: the trail has `size` rows and its last link is `head`. Published, so that others keep it."""

    number = models.BigIntegerField(primary_key=True)
    size = models.BigIntegerField()
    head = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    statement = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["size", "number"], name="audit_checkpoint_size")]
        constraints = [models.CheckConstraint(condition=Q(number__gte=1, size__gte=1), name="checkpoint_of_something")]

    def __str__(self) -> str:
        return f"{self.number}: {self.size} {self.head}"


class AuditSealer(models.Model):
    """The one row a sealer locks, and how far it has looked: `through` is the highest event id it has seen.

    `gaps` are lower ids it did not see (a transaction still open, or rolled back), each with the moment it was missed.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    through = models.BigIntegerField(default=0)
    gaps = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_sealer")]

    def __str__(self) -> str:
        return f"sealed through event {self.through}"


class AuditAddress(models.Model):
    """From which address an event came: outside the chain, kept 90 days, the only part that is ever deleted."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="address", primary_key=True)
    address = models.GenericIPAddressField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.event_id}: {self.address}"


class AuditInspection(models.Model):
    """One run over the whole chain: how many rows were checked against what, and what was found wrong."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    size = models.BigIntegerField()
    checkpoints = models.BigIntegerField()
    # Empty when everything holds; else the code of the first contradiction and the sequence it was met at.
    code = models.CharField(max_length=60, blank=True)
    at_sequence = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="inspection_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.ended_at:%Y-%m-%d %H:%M} {self.size} {self.code or 'whole'}"
