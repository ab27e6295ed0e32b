"""How allauth's mails and second-factor secrets are made here."""

import base64
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext


class Site(NamedTuple):
    """What the mail templates call `current_site`."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up makes members only; reviewers and operators are appointed by a command."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links and the site's name come from SITE_URL: a forged Host header must not reach a mail."""
        own = {name: _at_our_site(value) for name, value in context.items() if name.endswith("_url") and value}
        site = Site(name=gettext("Smartphone JPKI Connection Portal"), domain=settings.SITE_URL)
        super().send_mail(template_prefix, email, {**context, **own, "current_site": site})

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: an absolute address is refused even when it names our host."""
        return bool(url) and str(url).startswith("/") and super().is_safe_url(url)


class SecondFactorAdapter(DefaultMFAAdapter):
    """TOTP secrets and recovery seeds are encrypted at rest under a key derived from SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    """The first key encrypts; keys from SECRET_KEY_FALLBACKS still decrypt what was written before a rotation."""
    return MultiFernet([_fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"second factor secrets").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def _at_our_site(url: str) -> str:
    parts = urlsplit(url)
    return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")
