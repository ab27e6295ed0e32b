"""How allauth's mails and second-factor secrets are made here."""

import time
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from portal.accounts import languages
from portal.sealing import cipher

_LOGGED_IN_AT = "logged_in_at"
_PURPOSE = b"second factor"


class Site(NamedTuple):
    """What the mail templates call `current_site`."""

    name: Promise
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Sign-up makes members only; for staff see portal.accounts.staff."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links and the site's name come from SITE_URL: a forged Host header must not reach a mail."""
        own = {name: _at_our_site(value) for name, value in context.items() if name.endswith("_url") and value}
        site = Site(name=gettext_lazy("Smartphone JPKI Connection Portal"), domain=settings.SITE_URL)
        super().send_mail(template_prefix, email, {**context, **own, "current_site": site})

    def render_mail(self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None) -> Any:
        """In the language the person chose, else Japanese first and English below."""
        mails = []
        for language in languages.of(email):
            with translation.override(language):
                mails.append(super().render_mail(template_prefix, email, context, headers))
        mails[0].subject = " / ".join(mail.subject for mail in mails)
        mails[0].body = languages.RULE.join(mail.body.strip() for mail in mails) + "\n"
        return mails[0]

    def login(self, request: HttpRequest, user: Any) -> None:
        request.is_first_log_in = user.last_login is None  # type: ignore[attr-defined]  # there is no other browser yet
        super().login(request, user)
        request.session[_LOGGED_IN_AT] = int(time.time())

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Who has a second factor shows it anew before anything changes, but for one set up a moment ago.

        Without one, a log-in of the last minutes is enough: sign-up leads straight to the second factor and its codes.
        (The first second factor ends all other sessions, so a moment ago it was set up here or has been shown since.)
        """
        since = _first_factor_at(self.request.user) or self.request.session.get(_LOGGED_IN_AT, 0)
        is_fresh = time.time() - since <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not is_fresh and bool(super().is_reauthentication_required(app=app))

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: an absolute address is refused even when it names our host."""
        return bool(url) and str(url).startswith("/") and super().is_safe_url(url)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """TOTP secrets and recovery seeds are encrypted at rest under a key derived from SECRET_KEY."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the site's own name, whatever Host a request claims."""
        name = gettext("Smartphone JPKI Connection Portal")
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": name}

    def encrypt(self, text: str) -> str:
        return cipher(_PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher(_PURPOSE).decrypt(encrypted_text.encode()).decode()


def _first_factor_at(user: Any) -> float | None:
    """When the oldest second factor of the person was set up; None without one."""
    from allauth.mfa.models import Authenticator  # allauth reads this module before its models are there

    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    oldest = factors.order_by("created_at").first()
    return oldest.created_at.timestamp() if oldest else None


def _at_our_site(url: str) -> str:
    parts = urlsplit(url)
    return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")
