"""What is granted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from whitelist.models.applications import Revision
from whitelist.models.constraints import known
from whitelist.policy.workflow import LISTED, STANDING, EntryState


class EntryQuerySet(models.QuerySet["Entry"]):
    def listed(self) -> "EntryQuerySet":
        """What the list states: live, with or without warnings, or about to retire."""
        return self.filter(state__in=sorted(LISTED))

    def standing(self) -> "EntryQuerySet":
        """Listed or suspended: the URL is taken."""
        return self.filter(state__in=sorted(STANDING))


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
    # Which version of whitelist.policy.canonical made `url`, once, when the entry was made. None: before it was kept.
    canonicaliser = models.SmallIntegerField(null=True)
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
                fields=["environment", "url"],
                condition=Q(state__in=sorted(str(state) for state in STANDING)),
                name="a_url_is_listed_once",
            ),
            models.UniqueConstraint(
                fields=["environment", "url"],
                condition=Q(state=EntryState.APPROVED.value),
                name="a_url_is_approved_once",
            ),
            known("state", [str(state) for state in EntryState], "entry_state_is_known"),
            known("world", ["sandbox", "production"], "entry_world_is_known"),
            known("kind", ["browser", "app"], "entry_kind_is_known"),
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
