"""The organisation, and what it asks to be changed about itself once it is confirmed."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Confirmable(models.Model):
    """What an organisation says of itself; a reviewer confirms it, refuses it with a reason, or has not looked yet."""

    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    refusal_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(refused_at__isnull=True),
                name="%(class)s_is_confirmed_or_refused",
            )
        ]

    @property
    def is_undecided(self) -> bool:
        """No reviewer has spoken yet."""
        return self.confirmed_at is None and self.refused_at is None


class ServiceProvider(models.Model):
    """The organisation whose service uses the certificates (SP)."""

    class LegalBasis(models.TextChoices):
        ADMINISTRATIVE_BODY = "administrative_body"
        CERTIFIED_OPERATOR = "certified_operator"
        BEHIND_PLATFORM_OPERATOR = "behind_platform_operator"

    public_id = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=200)
    name_english = models.CharField(max_length=200, blank=True)
    corporate_number = models.CharField(max_length=13, unique=True)
    legal_basis = models.CharField(max_length=30, choices=LegalBasis.choices)
    # An administrative body's standing, or the stated basis as such, as looked at by a reviewer.
    basis_confirmed_at = models.DateTimeField(null=True)
    basis_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    basis_refused_at = models.DateTimeField(null=True)
    basis_refusal_reason = models.TextField(blank=True)
    # Where it is and whom to reach; not part of what a reviewer confirms, except the address.
    address = models.CharField(max_length=300, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    is_platform_operator = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis_confirmed_at__isnull=True) | Q(basis_refused_at__isnull=True),
                name="basis_is_confirmed_or_refused",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def hold(cls, pk: int) -> "ServiceProvider":
        """The row as it is now, held until the transaction ends: verbs about one organisation happen in turn.

        Its key stays free (FOR NO KEY UPDATE): rows that only point at it, as those of the trail do, wait for nobody,
        so that two verbs that meet on another row cannot wait for each other in a circle.
        """
        return cls.objects.select_for_update(no_key=True).get(pk=pk)


class ProviderChange(Confirmable):
    """New facts about a confirmed organisation. The old ones stay in force until a reviewer confirms the new."""

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="changes")
    name = models.CharField(max_length=200)
    name_english = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # Asked anew with other facts, or taken back.
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Confirmable.Meta):
        constraints = [
            *Confirmable.Meta.constraints,
            models.UniqueConstraint(
                fields=["provider"],
                condition=Q(confirmed_at=None, refused_at=None, withdrawn_at=None),
                name="one_open_change_per_provider",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.name}"
