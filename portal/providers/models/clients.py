"""Keys to the API."""

from django.conf import settings
from django.db import models

from portal.providers.models.organisations import ServiceProvider


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
