from django.db import models


class Message(models.Model):
    """A mail that embedded mode keeps instead of sending."""

    sent_at = models.DateTimeField(auto_now_add=True)
    sender = models.CharField(max_length=200)
    recipient = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    body = models.TextField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.subject}"
