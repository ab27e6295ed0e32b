from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """Who did what, for whom, to what, when. Triggers in the database refuse update and delete."""

    at = models.DateTimeField()
    virtual_at = models.DateTimeField(null=True)
    action = models.CharField(max_length=100)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=200)
    provider = models.ForeignKey("providers.ServiceProvider", null=True, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=100)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action} {self.subject_type} {self.subject_id}"
