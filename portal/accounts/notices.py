"""Mail to a person about their own account, so that they hear of what somebody else did in their name.

When (Japan time), which kind of browser, and what to do if it was not them: no address, no full user agent. What
allauth tells by itself (password, factors, e-mail address) has the same end (account/email/base_notification.txt).
"""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from portal.accounts import letters
from portal.accounts.models import User
from portal.audit import services as audit
from portal.jobs import services as jobs
from portal.templatetags.devices import families


@transaction.atomic
def new_device(user: User, request: HttpRequest) -> None:
    """Somebody has logged in as `user` at a browser not seen before."""
    audit.record("person.new_device", user, by=user)
    _from_browser("new_device", user, request)


@transaction.atomic
def recovery_code_used(user: User, request: HttpRequest) -> None:
    """One of the codes for the worst case was taken."""
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    audit.record("person.recovery_code_used", user, by=user, before={"left": left + 1}, after={"left": left})
    _from_browser("recovery_code_used", user, request, left=left)


def tell(user: User, kind: str, **values: str | int) -> None:
    """Send the mail accounts/email/KIND to `user`, by a job of the present transaction. `values` are JSON."""
    jobs.enqueue("accounts.send_notice", user.pk, kind, values, lane="mail")


def send(user_id: int, kind: str, values: dict[str, Any]) -> int:
    """The mail itself; returns how many were sent: to somebody whose account is closed, that alone is told."""
    user = User.objects.get(pk=user_id)
    if not user.is_active and kind != "account_closed":
        return 0
    at = datetime.fromisoformat(values["at"]) if "at" in values else None
    return letters.send(kind, [user.email], {**values, "at": at, "person": user, **_links()})


def _from_browser(kind: str, user: User, request: HttpRequest, **values: str | int) -> None:
    browser, system = families(request.headers.get("User-Agent", ""))
    tell(user, kind, at=timezone.now().isoformat(timespec="seconds"), browser=browser, system=system, **values)


def _links() -> dict[str, str]:
    return {
        "account_link": settings.SITE_URL + reverse("person:account"),
        "password_link": settings.SITE_URL + reverse("account_reset_password"),
    }
