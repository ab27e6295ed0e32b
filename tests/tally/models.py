from django.db import models


class Mark(models.Model):
    """One mark per committed job effect; nothing keeps doubles out, so that a double would be seen."""

    number = models.IntegerField()

    def __str__(self) -> str:
        return str(self.number)
