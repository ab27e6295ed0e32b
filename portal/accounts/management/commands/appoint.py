"""Make somebody a reviewer or an operator: the only way to these roles."""

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.accounts import services
from portal.accounts.models import User

_BY = "command appoint"


class Command(BaseCommand):
    help = "Appoint a person to a role; a new person is made and asked by mail to set a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=User.Role.values)
        parser.add_argument("--name", default="", help="the name of a new person")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address.") from None
        known = services.by_email(email)
        if known is not None:
            self._appoint(known, options["role"])
        else:
            self._make(email, options["name"] or email.split("@")[0], options["role"])

    def _appoint(self, user: User, role: str) -> None:
        if services.appoint(user, role=role, by=_BY):
            self.stdout.write(f"{user.email} is now {role}.")
        else:
            self.stdout.write(f"{user.email} is {role} already.")

    def _make(self, email: str, name: str, role: str) -> None:
        """Embedded installations print a random password; elsewhere the person sets one by a code sent to them."""
        password = secrets.token_urlsafe(12) if settings.EMBEDDED else None
        with transaction.atomic():
            services.create_person(email=email, name=name, password=password, role=role, by=_BY)
            if password is None:
                _send(email, name)
        if password is None:
            self.stdout.write(f"{email} is made {role}; a mail says how to set the password.")
        else:
            self.stdout.write(f"{email} is made {role}. Password: {password}")


def _send(email: str, name: str) -> None:
    """In both languages. The mail holds no secret: the page it names sends a code to this same address."""
    values = {"name": name, "email": email, "link": settings.SITE_URL + reverse("account_reset_password")}
    subjects, bodies = [], []
    for language in ("ja", "en"):
        with translation.override(language):
            subjects.append(" ".join(render_to_string("accounts/email/appointed_subject.txt", values).split()))
            bodies.append(render_to_string("accounts/email/appointed_body.txt", values).strip())
    send_mail(" / ".join(subjects), "\n\n----\n\n".join(bodies) + "\n", settings.DEFAULT_FROM_EMAIL, [email])
