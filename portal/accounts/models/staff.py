"""How somebody comes to a role of staff: two people, neither of them the subject. The database holds the rule too."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.accounts.models.user import User


def _person(**options: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class StaffGrantQuerySet(models.QuerySet["StaffGrant"]):
    def open(self, at: datetime) -> "StaffGrantQuerySet":
        """Neither taken nor withdrawn, and its days are not over at `at`."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


class StaffGrant(models.Model):
    """A role of staff on its way to a person: proposed by one operator, confirmed by another, accepted by the subject.

    `subject` is known from the acceptance on; until then the address says who is meant. The digest is that of the
    link's token, made at the confirmation. The very first one comes from the installation and has no proposer.
    """

    ROLES: ClassVar = [User.Role.REVIEWER, User.Role.OPERATOR, User.Role.AUDITOR]

    email = models.EmailField()
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=10, choices=[(role.value, role.label) for role in ROLES])
    reason = models.CharField(max_length=500)
    from_installation = models.BooleanField(default=False)
    proposed_by = _person(null=True)
    proposed_at = models.DateTimeField()
    confirmed_by = _person(null=True)
    confirmed_at = models.DateTimeField(null=True)
    token_digest = models.CharField(max_length=64, blank=True, db_index=True)
    expires_at = models.DateTimeField()
    subject = _person(null=True)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_by = _person(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = StaffGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(proposed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="staff_grant_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(subject=None)
                | ((Q(proposed_by=None) | ~Q(subject=F("proposed_by"))) & ~Q(subject=F("confirmed_by"))),
                name="staff_grant_never_for_oneself",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(confirmed_by__isnull=False, subject__isnull=False),
                name="staff_grant_taken_only_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(from_installation=True, proposed_by=None)
                | Q(from_installation=False, proposed_by__isnull=False),
                name="staff_grant_has_a_proposer",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["reviewer", "operator", "auditor"]), name="staff_grant_is_for_staff"
            ),
            models.UniqueConstraint(
                fields=["from_installation"],
                condition=Q(from_installation=True),
                name="staff_grant_from_installation_once",
            ),
            models.UniqueConstraint(
                fields=["email"], condition=Q(accepted_at=None, withdrawn_at=None), name="staff_grant_one_open_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.email}"


class FirstOperator(models.Model):
    """The one row that the command `first_operator` writes: a second one cannot exist, whatever became of the first."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    user = _person()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="first_operator_is_one")]

    def __str__(self) -> str:
        return f"first operator: {self.user}"
