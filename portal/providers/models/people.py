"""People's seats at an organisation, and how they come to them."""

from datetime import datetime

from django.conf import settings
from django.db import models

from portal.providers.models.organisations import ServiceProvider


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner"
        MEMBER = "member"

    provider = models.ForeignKey(ServiceProvider, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True)

    # Set on a seat that is never saved: the platform operator through which the person acts (portal.providers.seats).
    acting_operator: ServiceProvider | None = None

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
