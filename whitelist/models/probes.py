"""What was looked at from outside: probes of return servers, proofs of domains."""

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


class DomainProofQuerySet(models.QuerySet["DomainProof"]):
    def kept(self) -> "DomainProofQuerySet":
        """Neither removed by their organisation nor replaced."""
        return self.filter(removed_at=None)

    def proven(self) -> "DomainProofQuerySet":
        return self.kept().filter(state="proven")


class DomainProof(models.Model):
    """That an organisation controls a domain: asked for, waited for in the background, proven, looked at every day."""

    class State(models.TextChoices):
        WAITING = "waiting"
        PROVEN = "proven"
        LAPSED = "lapsed"

    class Method(models.TextChoices):
        DNS_TXT = "dns_txt"
        FILE = "file"

    public_id = models.CharField(max_length=24, unique=True)
    provider = models.ForeignKey("providers.ServiceProvider", on_delete=models.PROTECT, related_name="domain_proofs")
    domain = models.CharField(max_length=253)
    world = models.CharField(max_length=10, default="production")
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.DNS_TXT)
    token = models.CharField(max_length=43, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answers_json = models.JSONField(null=True)
    tries = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    waited_until = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    asked_now_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    missing_since = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = DomainProofQuerySet.as_manager()

    class Meta:
        constraints = [
            known("state", ["waiting", "proven", "lapsed"], "domain_proof_state_is_known"),
            known("method", ["dns_txt", "file"], "domain_proof_method_is_known"),
            known("world", ["sandbox", "production"], "domain_proof_world_is_known"),
            models.UniqueConstraint(
                fields=["provider", "domain", "world"],
                condition=Q(removed_at__isnull=True),
                name="one_proof_per_domain_and_world",
            ),
            models.CheckConstraint(
                condition=~Q(state="proven") | Q(proven_at__isnull=False), name="a_proven_domain_says_since_when"
            ),
        ]
        indexes = [models.Index(fields=["domain", "state"], name="proofs_of_a_domain")]

    def __str__(self) -> str:
        return f"{self.domain} {self.state}"
