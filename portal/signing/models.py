from django.db import models


class SigningKey(models.Model):
    """One of the site's own ES256 keys.

    `sealed_key` opens only in a worker (portal.custody). `web_key` is the private key of a short-lived purpose that
    the web process must hold: it lives at most 24 hours and is certified by the worker-held key of purpose `site`.
    """

    kid = models.CharField(max_length=60, unique=True)
    purpose = models.CharField(max_length=20)
    public_jwk = models.JSONField()
    sealed_key = models.BinaryField(null=True)
    web_key = models.TextField(blank=True)
    certification = models.TextField(blank=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["purpose", "not_after"], name="signing_purpose")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(web_key="") | models.Q(sealed_key__isnull=True), name="key_is_sealed_or_web_held"
            ),
            models.CheckConstraint(
                condition=models.Q(web_key="") | ~models.Q(certification=""), name="web_key_is_certified"
            ),
        ]

    def __str__(self) -> str:
        return self.kid
