"""Service providers, their people's seats, and their API keys."""

import hashlib
import hmac
import secrets
import time
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal import identifiers
from portal.accounts.models import User
from portal.audit import services as audit
from portal.providers.models import ApiClient, Membership, ServiceProvider

_PRINCIPAL_SECONDS = 5.0
_principals: dict[bytes, tuple[float, "ApiPrincipal"]] = {}


@dataclass(frozen=True)
class ApiPrincipal:
    """Who calls the API: the key, its provider (None for the public demonstration) and its environment."""

    client_id: int
    prefix: str
    provider_id: int | None
    environment_id: int
    expires_at: datetime | None


class KeyRefused(Exception):
    """`code` is api_key.malformed, api_key.unknown, api_key.revoked or api_key.expired."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def register(
    *, name: str, corporate_number: str, legal_basis: str, by: User, name_english: str = ""
) -> ServiceProvider:
    """A new service provider with `by` as its first owner; the form has checked the corporate number's digit."""
    provider = ServiceProvider.objects.create(
        public_id=identifiers.new("sp", 10),
        name=name,
        name_english=name_english,
        corporate_number=corporate_number,
        legal_basis=legal_basis,
    )
    Membership.objects.create(provider=provider, user=by, role=Membership.Role.OWNER)
    audit.record("provider.registered", provider, by=by, provider=provider, details={"legal_basis": legal_basis})
    return provider


@transaction.atomic
def issue_client(
    provider: ServiceProvider | None, *, environment: Any, name: str, by: Any, secret: str | None = None
) -> tuple[ApiClient, str]:
    """A new API key and its text, which is shown once and never stored.

    The text is `spk_test_` or `spk_live_`, eight characters that name the key, an underscore, 43 secret characters
    (256 bits) and a CRC-32 check sum, so that scanners for leaked secrets can recognise it.
    """
    kind = "live" if environment.is_production else "test"
    prefix = f"spk_{kind}_{identifiers.new('', 8)[1:]}"
    text = _with_check_sum(f"{prefix}_{secret or secrets.token_urlsafe(32)}")
    client = ApiClient.objects.create(
        provider=provider,
        environment=environment,
        name=name,
        prefix=prefix,
        secret_digest=hashlib.sha256(text.encode()).digest(),
        created_by=by if isinstance(by, User) else None,
    )
    audit.record("api_client.issued", client, by=by, provider=provider, details={"prefix": prefix, "name": name})
    return client, text


@transaction.atomic
def revoke_client(client: ApiClient, *, by: User) -> None:
    """End a key; other processes notice within five seconds."""
    changed = ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=timezone.now())
    if changed:
        _principals.clear()
        audit.record("api_client.revoked", client, by=by, provider=client.provider, details={"prefix": client.prefix})


def authenticate(text: str) -> ApiPrincipal:
    """Who holds this key; raises KeyRefused. A found principal is kept in the process for at most five seconds."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    kept = _principals.get(digest)
    now = time.monotonic()
    if kept is not None and kept[0] > now:
        return kept[1]
    principal = _look_up(text, digest)
    if len(_principals) > 10_000:
        _principals.clear()
    _principals[digest] = (now + _PRINCIPAL_SECONDS, principal)
    return principal


def _look_up(text: str, digest: bytes) -> ApiPrincipal:
    if not text.startswith("spk_") or len(text) > 120 or _with_check_sum(text[:-6]) != text:
        raise KeyRefused("api_key.malformed")
    prefix = "_".join(text.split("_")[:3])
    client = ApiClient.objects.filter(prefix=prefix).first()
    if client is None or not hmac.compare_digest(bytes(client.secret_digest), digest):
        raise KeyRefused("api_key.unknown")
    now = timezone.now()
    if client.revoked_at is not None:
        raise KeyRefused("api_key.revoked")
    if client.expires_at is not None and client.expires_at <= now:
        raise KeyRefused("api_key.expired")
    if client.last_used_at is None or now - client.last_used_at > timedelta(minutes=1):
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return ApiPrincipal(client.pk, prefix, client.provider_id, client.environment_id, client.expires_at)


def public_demonstration_secret() -> str:
    """The secret part of the public demonstration's key: derived, so that the landing page can show it again."""
    digest = hmac.new(settings.SECRET_KEY.encode(), b"public demonstration key", hashlib.sha256).hexdigest()
    return digest[:43]


def _with_check_sum(text: str) -> str:
    value, alphabet = zlib.crc32(text.encode("utf-8", "replace")), "0123456789abcdefghijklmnopqrstuvwxyz"
    check = ""
    for _ in range(6):
        value, digit = divmod(value, 36)
        check += alphabet[digit]
    return text + check
