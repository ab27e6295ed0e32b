"""Checks of return servers that anybody may ask for, without an account."""

from django.db import models


class PublicCheck(models.Model):
    """One asking from the street: it follows a probe and is forgotten after a day.

    asker is a keyed digest of the address it came from, good for counting and for nothing else.
    """

    public_id = models.CharField(max_length=30, unique=True)
    asked_text = models.CharField(max_length=512)
    world = models.CharField(max_length=10)
    host = models.CharField(max_length=255)
    asker = models.CharField(max_length=64)
    probe = models.ForeignKey("whitelist.Probe", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["asker", "asked_at"], name="checks_of_an_asker"),
            models.Index(fields=["host", "asked_at"], name="checks_of_a_host"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.host}"
