"""Whom this site reaches when something happens: addresses that have answered a mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ContactConfirmation(models.Model):
    """One mail to a contact of an organisation, and when somebody there answered it. The newest answer counts.

    The link in the mail is derived from `public_id` under the site's secret; nothing here opens it.
    """

    public_id = models.CharField(max_length=30, unique=True)
    provider = models.ForeignKey("providers.ServiceProvider", on_delete=models.PROTECT, related_name="+")
    email = models.CharField(max_length=254)  # lower case: two spellings of one mailbox are one contact
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=models.F("asked_at")),
                name="a_contact_answers_after_it_was_asked",
            )
        ]
        indexes = [models.Index(fields=["provider", "email"], name="contacts_of_a_provider")]

    def __str__(self) -> str:
        return f"{self.email} of {self.provider_id}"
