"""What was looked at from outside: probes of return servers."""

from django.db import models
from django.db.models import Q

from whitelist.models.constraints import known


class Probe(models.Model):
    """One look at a return server: asked by somebody, done by the probe worker, kept as facts without a verdict."""

    class State(models.TextChoices):
        ASKED = "asked"
        LOOKED = "looked"

    url = models.BinaryField(max_length=512)
    url_text = models.CharField(max_length=512)
    host = models.CharField(max_length=255)
    reason = models.CharField(max_length=40)
    # What to look at beyond the URL: {"android": package, "ios": application id, "open_redirect": true}.
    extras = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    facts_json = models.JSONField(null=True)

    class Meta:
        constraints = [
            known("state", ["asked", "looked"], "probe_state_is_known"),
            models.UniqueConstraint(fields=["url"], condition=Q(state="asked"), name="one_waiting_probe_per_url"),
            models.CheckConstraint(
                condition=Q(state="asked", facts_json__isnull=True) | Q(state="looked", facts_json__isnull=False),
                name="a_probe_that_looked_has_facts",
            ),
        ]
        indexes = [
            models.Index(fields=["url", "looked_at"], name="probes_of_a_url"),
            models.Index(fields=["host", "due_at"], name="probes_of_a_host"),
        ]

    def __str__(self) -> str:
        return f"{self.url_text} {self.state}"
