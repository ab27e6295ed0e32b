"""People: made by sign-up (allauth), by a command, or by the demonstration; their second factor and their role."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit


class StaffByInvitationOnly(Exception):
    """Outside embedded mode nobody is born with a role: see portal.accounts.staff."""


@transaction.atomic
def create_person(*, email: str, name: str, password: str | None, role: str = "member", by: Any) -> User:
    """A person whose address is taken as proven. Without `password` they set one by a code sent to that address.

    `role`, a value of User.Role other than member, is for the invented people of embedded mode: elsewhere it raises
    StaffByInvitationOnly. `by` is a User or a label for a machine. Raises django.db.IntegrityError for a known address.
    """
    if role != User.Role.MEMBER and not settings.EMBEDDED:
        raise StaffByInvitationOnly(role)
    user = User.objects.create_user(email, password, name=name, role=role)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit.record("person.created", user, by=by, details={"role": role})
    return user


@transaction.atomic
def set_up_second_factor(user: User, *, secret: str, by: Any) -> None:
    """Give `user` the TOTP `secret` (base 32) and fresh recovery codes; what was there before is gone."""
    replaced, _ = Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    before, after = {"second_factor": bool(replaced)}, {"second_factor": True}
    audit.record("person.second_factor_set", user, by=by, before=before, after=after)


@transaction.atomic
def describe_oneself(user: User, *, name: str, language: str, by: User) -> User:
    """The name others see, and the language ("ja" or "en") of mails and pages. The trail says which of them changed."""
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    wanted = {"name": name.strip(), "language": language}
    changed = [field for field, value in wanted.items() if getattr(held, field) != value]
    if changed:
        User.objects.filter(pk=user.pk).update(**wanted)
        before, after = {"language": held.language}, {"language": language}
        audit.record("person.described", held, by=by, before=before, after=after, details={"changed": changed})
    held.name, held.language = wanted["name"], wanted["language"]
    return held


def change_role(user: User, *, role: str, by: Any) -> None:
    """Inside a verb of portal.accounts.staff, which holds the rules. Takes effect with the person's next request."""
    before = User.objects.select_for_update(no_key=True).get(pk=user.pk).role
    User.objects.filter(pk=user.pk).update(role=role)
    user.role = role
    audit.record("person.role_changed", user, by=by, before={"role": before}, after={"role": role})


def by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


def reviewer_addresses() -> list[str]:
    """Addresses of everybody at the reviewers' desk."""
    desk = User.objects.filter(role=User.Role.REVIEWER, is_active=True).order_by("id")
    return list(desk.values_list("email", flat=True))


def operator_addresses(*, but: int) -> list[str]:
    """Addresses of the operators, without the one whose key this is: whoever did something need not be told of it."""
    others = User.objects.filter(role=User.Role.OPERATOR, is_active=True).exclude(pk=but).order_by("id")
    return list(others.values_list("email", flat=True))
