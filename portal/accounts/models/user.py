from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. The e-mail address identifies; the role says which half of the site is theirs.

    There is no `is_superuser` and no permission table: what someone may do follows from role and membership.
    """

    class Role(models.TextChoices):
        MEMBER = "member"
        REVIEWER = "reviewer"
        OPERATOR = "operator"
        AUDITOR = "auditor"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100, blank=True)
    # The language of mails to this person, and of the pages wherever they log in. Empty: never chosen.
    language = models.CharField(max_length=2, choices=[("ja", "ja"), ("en", "en")], blank=True, default="")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    # Part of what every session is bound to: raised, it ends them all.
    session_epoch = models.PositiveIntegerField(default=0)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["member", "reviewer", "operator", "auditor"]),
                name="user_role_is_known",
            ),
            models.CheckConstraint(condition=models.Q(language__in=["", "ja", "en"]), name="user_language_is_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """As Django's, over the password and the epoch: a change of either ends the sessions that stand."""
        bound = f"{self.password}:{self.session_epoch}"
        return salted_hmac("portal.accounts.session", bound, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_reviewer(self) -> bool:
        return self.role == self.Role.REVIEWER

    @property
    def is_operator(self) -> bool:
        return self.role == self.Role.OPERATOR

    @property
    def is_auditor(self) -> bool:
        return self.role == self.Role.AUDITOR

    @property
    def is_member(self) -> bool:
        """No staff: somebody who stands, or may come to stand, on the side of a service provider."""
        return self.role == self.Role.MEMBER
