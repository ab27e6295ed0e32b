"""Who holds copies of a list (TSMs), what each has said it runs, and how often it found each entry."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from whitelist.models.lists import ListVersion


class Consumer(models.Model):
    """A TSM that holds copies of one environment's list, with a key of its own kind, kept as a digest.

    In production one operator enters it and another confirms it. A sandbox's own stand-in has no key: it is this site.
    """

    public_id = models.CharField(max_length=30, unique=True)
    environment = models.ForeignKey("environments.Environment", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    is_stand_in = models.BooleanField(default=False)
    prefix = models.CharField(max_length=30, null=True, unique=True)
    secret_digest = models.BinaryField(max_length=32, null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "name"], condition=Q(revoked_at__isnull=True), name="consumer_name_once"
            ),
            models.CheckConstraint(
                condition=Q(is_stand_in=True, prefix__isnull=True, secret_digest__isnull=True)
                | Q(is_stand_in=False, prefix__isnull=False, secret_digest__isnull=False, created_by__isnull=False),
                name="consumer_has_a_key_or_stands_in",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("created_by")),
                name="consumer_is_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.public_id}"


class Acknowledgement(models.Model):
    """What a consumer says it runs: a version and the tree it saw. `is_true` is whether that is what was published."""

    consumer = models.ForeignKey(Consumer, on_delete=models.PROTECT, related_name="acknowledgements")
    version = models.ForeignKey(ListVersion, on_delete=models.PROTECT, related_name="acknowledgements")
    tree_size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    is_true = models.BooleanField()
    at = models.DateTimeField(help_text="since when it runs there, by the consumer's clock")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consumer", "version", "tree_size", "root"], name="acknowledged_once_and_the_same"
            )
        ]
        indexes = [models.Index(fields=["consumer", "-received_at"], name="acknowledgements_newest_first")]

    def __str__(self) -> str:
        return f"{self.consumer_id} runs {self.version_id}"


class MatchCount(models.Model):
    """How often a consumer found an entry in one hour, as it last said; an hour only ever grows."""

    consumer = models.ForeignKey(Consumer, on_delete=models.PROTECT, related_name="match_counts")
    entry_public_id = models.CharField(max_length=20)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "entry_public_id", "hour"], name="match_count_of_an_hour_once")
        ]
        indexes = [models.Index(fields=["entry_public_id", "-hour"], name="matches_of_an_entry")]

    def __str__(self) -> str:
        return f"{self.entry_public_id} {self.hour}: {self.count}"
