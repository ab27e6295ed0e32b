"""Name the first operator of an installation, and the second for the first to confirm. Works exactly once."""

import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts import letters, messages, staff
from portal.accounts.models import User
from portal.accounts.refusals import Refused


class Command(BaseCommand):
    help = "Name the first operator and propose the second. Every later role is granted in the site, by two people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the first operator")
        parser.add_argument("--name", required=True)
        parser.add_argument("--second", required=True, help="address of the second operator, whom the first confirms")
        parser.add_argument("--second-name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        for address in (options["email"], options["second"]):
            _require_address(address)
        # Embedded installations print a random password; elsewhere the person sets one by a code sent to them.
        password = secrets.token_urlsafe(12) if settings.EMBEDDED else None
        try:
            user = self._name(options, password)
        except Refused as refused:
            raise CommandError(messages.sentence(refused.code)) from None
        self.stdout.write(f"{user.email} is the first operator of this installation.")
        if password is not None and user.check_password(password):
            self.stdout.write(f"Password: {password}")
        self.stdout.write(f"{options['second']} waits for their confirmation at {_grants_page()}.")

    def _name(self, options: dict[str, Any], password: str | None) -> User:
        with transaction.atomic():
            user = staff.name_first_operator(
                email=options["email"],
                name=options["name"],
                second_email=options["second"],
                second_name=options["second_name"],
                password=password,
                at=timezone.now(),
            )
            if password is None:
                link = settings.SITE_URL + reverse("account_reset_password")
                letters.send("first_operator", [user.email], {"name": user.name, "email": user.email, "link": link})
        return user


def _require_address(address: str) -> None:
    try:
        validate_email(address.strip())
    except ValidationError:
        raise CommandError(f"{address} is not an e-mail address.") from None


def _grants_page() -> str:
    return settings.SITE_URL + reverse("staff:grant-list")
