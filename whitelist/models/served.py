"""For whom a platform operator's return server works."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from whitelist.models.entries import Entry


class EntryService(models.Model):
    """One organisation served by one entry. Adding an organisation adds such a row, never a second entry."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="services")
    provider = models.ForeignKey("providers.ServiceProvider", on_delete=models.PROTECT, related_name="+")
    delegation = models.ForeignKey("providers.Delegation", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "provider"], condition=Q(until=None), name="an_entry_serves_a_provider_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="service_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} for {self.provider}"
