"""How allauth's mails and second-factor secrets are made here."""

import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from portal.sealing import cipher

_LOGGED_IN_AT = "logged_in_at"
_PURPOSE = b"second factor"


class Site(NamedTuple):
    """What the mail templates call `current_site`."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Sign-up makes members only; reviewers and operators are appointed by a command."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links and the site's name come from SITE_URL: a forged Host header must not reach a mail."""
        own = {name: _at_our_site(value) for name, value in context.items() if name.endswith("_url") and value}
        site = Site(name=gettext("Smartphone JPKI Connection Portal"), domain=settings.SITE_URL)
        super().send_mail(template_prefix, email, {**context, **own, "current_site": site})

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        request.session[_LOGGED_IN_AT] = int(time.time())

    def is_reauthentication_required(self, *, app: str) -> bool:
        """A log-in of the last minutes is proof enough: sign-up leads straight to the second factor and its codes."""
        age = time.time() - self.request.session.get(_LOGGED_IN_AT, 0)
        return bool(age > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT and super().is_reauthentication_required(app=app))

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: an absolute address is refused even when it names our host."""
        return bool(url) and str(url).startswith("/") and super().is_safe_url(url)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """TOTP secrets and recovery seeds are encrypted at rest under a key derived from SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return cipher(_PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher(_PURPOSE).decrypt(encrypted_text.encode()).decode()


def _at_our_site(url: str) -> str:
    parts = urlsplit(url)
    return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")
