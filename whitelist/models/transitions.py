"""When an application entered which state: the trail from which the legal clock is read."""

from django.db import models

from whitelist.models.applications import Application
from whitelist.models.constraints import known
from whitelist.policy.workflow import ApplicationState


class Transition(models.Model):
    """The application entered `state` at `at`. Appended with the state itself, never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="transitions")
    state = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [known("state", [str(state) for state in ApplicationState], "transition_state_is_known")]
        indexes = [
            models.Index(fields=["application", "id"], name="trail_of_an_application"),
            models.Index(fields=["state", "at"], name="transitions_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.state}"
