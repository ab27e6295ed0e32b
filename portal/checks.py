"""Start-up checks: what must never stand in production, and what embedded mode must never be exposed to."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, register

_EMBEDDED_ONLY = ["portal.mailbox"]
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@register
def profile_is_sound(app_configs: Any, **kwargs: Any) -> list[Error]:
    return _production_errors() if settings.PROFILE == "production" else _embedded_errors()


def _production_errors() -> list[Error]:
    errors = [
        Error(f"{name} is for trials and must not be installed in production.", id="portal.E001")
        for name in _EMBEDDED_ONLY
        if apps.is_installed(name)
    ]
    if settings.LOOPBACK_ALLOWED or settings.LOOPBACK_PORTS:
        errors.append(Error("The loopback allow-list must be empty in production.", id="portal.E002"))
    if str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
        errors.append(Error("Production needs PostgreSQL (DATABASE_URL).", id="portal.E003"))
    if not settings.REDIS_URL:
        errors.append(Error("Production needs Redis (REDIS_URL).", id="portal.E004"))
    if settings.CUSTODY_KEY and settings.ROLE != "worker":
        errors.append(Error("Only a worker may hold the custody key.", id="portal.E005"))
    if urlsplit(settings.SITE_URL).scheme != "https":
        errors.append(Error("SITE_URL must be https in production.", id="portal.E006"))
    return errors


def _embedded_errors() -> list[Error]:
    if urlsplit(settings.SITE_URL).hostname not in _LOOPBACK:
        return [Error("Embedded mode serves this machine only: SITE_URL must be a loopback address.", id="portal.E007")]
    return []
