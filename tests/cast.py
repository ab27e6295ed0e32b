"""The people of every story. Each has an address proven by mail and, once logged in here, a second factor."""

import re
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.accounts import fresh_log_in
from portal.accounts import services as accounts
from portal.accounts.models import User

PASSWORD = "correct horse battery staple"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def person(name: str, role: str = "member") -> User:
    """The person called `name`, made on first use."""
    email = f"{name.lower()}@example.jp"
    found = User.objects.filter(email=email).first()
    if found:
        return found
    user = accounts.create_person(email=email, name=name, password=PASSWORD, role=role, by="tests")
    accounts.set_up_second_factor(user, secret=TOTP_SECRET, by="tests")
    # Not of a moment ago: a factor just set up is still proof of itself.
    Authenticator.objects.filter(user=user).update(created_at=timezone.now() - timedelta(days=3))
    return user


def hanako() -> User:
    return person("Hanako")


def taro() -> User:
    return person("Taro")


def jiro() -> User:
    return person("Jiro")


def reiko() -> User:
    return person("Reiko", "reviewer")


def renji() -> User:
    return person("Renji", "reviewer")


def osamu() -> User:
    return person("Osamu", "operator")


def aoi() -> User:
    return person("Aoi", "auditor")


def proof(user: User) -> dict[str, str]:
    """The fields a form must carry beside its own where a fresh log-in is asked for; each call serves one act."""
    counter = list(yield_hotp_counters_from_time())[1]
    code = format_hotp_value(hotp_value(TOTP_SECRET, counter))
    # Seconds pass between two acts of one person; here the clock is not waited for.
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")
    cache.delete(fresh_log_in.spent_key(f"{user.pk}:{code}"))
    return {"fresh-password": PASSWORD, "fresh-code": code}


def browser_of(user: User | None) -> Client:
    """A browser in which the person is logged in with both factors; None is somebody unknown."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def code_in(message: Any) -> str:
    """The code a mail of sign-up or of the password reset carries on a line of its own."""
    found = re.search(r"^([A-Z0-9]{3,4}-[A-Z0-9]{3,4})$", message.body, re.MULTILINE)
    assert found is not None, message.body
    return found.group(1)
