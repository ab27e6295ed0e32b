from django.db import models
from django.db.models import Q


class Environment(models.Model):
    """A world of its own: its entries, keys, certificates and clock. Testenv provisions sandboxes, not owns them.

    There is one production environment; it belongs to nobody. One sandbox without a provider is the public
    demonstration.
    """

    class Kind(models.TextChoices):
        SANDBOX = "sandbox"
        PRODUCTION = "production"

    class State(models.TextChoices):
        REQUESTED = "requested"
        READY = "ready"
        FAILED = "failed"

    public_id = models.CharField(max_length=30, unique=True)
    provider = models.ForeignKey(
        "providers.ServiceProvider", null=True, on_delete=models.CASCADE, related_name="environments"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    clock_offset = models.BigIntegerField(default=0, help_text="seconds the sandbox's clock is ahead")
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["sandbox", "production"]), name="environment_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind="production") | Q(clock_offset=0, provider__isnull=True),
                name="production_has_real_time_and_no_owner",
            ),
            models.CheckConstraint(condition=Q(clock_offset__gte=0), name="virtual_time_never_moves_back"),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="production"), name="one_production"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="sandbox", provider__isnull=True), name="one_public_sandbox"
            ),
            models.UniqueConstraint(fields=["provider"], name="one_sandbox_per_provider"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_production(self) -> bool:
        return self.kind == self.Kind.PRODUCTION
