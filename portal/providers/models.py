from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


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
    is_platform_operator = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner"
        MEMBER = "member"

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)

    # Set on a seat that is never saved: the platform operator through which the person acts (portal.providers.seats).
    acting_operator: "ServiceProvider | None" = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "user"], name="one_membership_per_person")]

    def __str__(self) -> str:
        return f"{self.user} {self.role} of {self.provider}"


class Invitation(models.Model):
    """A person asked by mail to join; the token is stored hashed and works once, until `expires_at`."""

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Membership.Role.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.email} to {self.provider}"

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be accepted at the aware moment `at`."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > at


class Accreditation(models.Model):
    """Certification by the competent ministers, Act (2002 No. 153) Art. 17(1)(vi), with its days."""

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="accreditations")
    number = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_until = models.DateField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=models.F("valid_from")), name="accreditation_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.provider}"


class Delegation(models.Model):
    """A platform operator verifies for a service provider; ends the day it is revoked or runs out (JST)."""

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="delegations")
    operator = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="delegated_to_us")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True), name="delegation_has_one_answer"
            ),
            models.UniqueConstraint(fields=["provider", "operator"], name="one_delegation_per_pair"),
            models.CheckConstraint(condition=~Q(provider=models.F("operator")), name="no_delegation_to_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} through {self.operator}"

    @property
    def is_waiting(self) -> bool:
        """The operator has not answered yet."""
        return self.accepted_at is None and self.declined_at is None

    @property
    def is_live(self) -> bool:
        """Accepted and not ended; whether its days include today is for `services.entitlement` to say."""
        return self.accepted_at is not None and self.ended_on is None


class ApiClient(models.Model):
    """An API key: recognisable prefix, secret stored as a digest, bound to one environment."""

    provider = models.ForeignKey(ServiceProvider, null=True, on_delete=models.CASCADE, related_name="api_clients")
    environment = models.ForeignKey("environments.Environment", on_delete=models.CASCADE, related_name="api_clients")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=30, unique=True)
    secret_digest = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"
