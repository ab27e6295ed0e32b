from django.db import models


class Judgement(models.Model):
    """The one row that the plain view writes."""

    request_id = models.CharField(max_length=64)
    verdict = models.CharField(max_length=15)
    message = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.request_id
