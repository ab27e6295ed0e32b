"""Service providers, their people's seats, and their API keys."""

import hashlib
import hmac
import secrets
import time
import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal import identifiers
from portal.accounts.models import User
from portal.audit import services as audit
from portal.evidence.models import EvidenceFile
from portal.providers import accreditation as rules
from portal.providers import confirmation, permissions
from portal.providers.models import Accreditation, ApiClient, Delegation, Membership, ServiceProvider
from portal.providers.refusals import Refused as Refused

LIVE_KEYS_PER_ENVIRONMENT = 2

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
    """A new service provider with `by` as its first owner; the form has checked the corporate number's digit.

    Raises Refused: person.is_staff (reviewers, operators and auditors belong to no service provider),
    corporate_number.taken.
    """
    may_take_a_seat(by)
    if ServiceProvider.objects.filter(corporate_number=corporate_number).exists():
        raise Refused("corporate_number.taken")
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


def may_take_a_seat(user: User) -> None:
    """Call inside a transaction: holds the person's row. Raises Refused as `register` does."""
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if held.role != User.Role.MEMBER:
        raise Refused("person.is_staff")


@transaction.atomic
def add_accreditation(
    provider: ServiceProvider,
    *,
    number: str,
    valid_from: date,
    valid_until: date,
    by: User,
    is_platform_operator: bool = False,
    evidence: EvidenceFile | None = None,
) -> Accreditation:
    """Declare a certification with its first and last day (JST, both inclusive); a reviewer confirms it later.

    A refused one may be declared again. `evidence` is the notice of certification.

    Raises Refused: accreditation.known (the same number and days again), accreditation.other_basis.
    """
    held = ServiceProvider.hold(provider.pk)
    if held.legal_basis != ServiceProvider.LegalBasis.CERTIFIED_OPERATOR:
        raise Refused("accreditation.other_basis")
    terms = {"number": number, "valid_from": valid_from, "valid_until": valid_until}
    if held.accreditations.filter(**terms, refused_at=None).exists():
        raise Refused("accreditation.known")
    row = Accreditation.objects.create(provider=held, evidence=evidence, **terms)
    if is_platform_operator and not held.is_platform_operator:
        ServiceProvider.objects.filter(pk=held.pk).update(is_platform_operator=True)
    offers = {"platform_operator": held.is_platform_operator}
    audit.record(
        "accreditation.declared",
        row,
        by=by,
        provider=held,
        before=offers,
        after={"platform_operator": held.is_platform_operator or is_platform_operator},
        details=_cited(number=number, evidence=evidence),
    )
    return row


def confirm_basis(provider: ServiceProvider, *, by: User) -> bool:
    """A reviewer has seen that the stated legal basis is true (see confirmation.confirm)."""
    return confirmation.confirm(confirmation.Question(confirmation.BASIS, provider), by=by)


def confirm_accreditation(row: Accreditation, *, by: User) -> bool:
    """A reviewer has seen the certification (see confirmation.confirm)."""
    return confirmation.confirm(confirmation.Question("certification", row.provider, row), by=by)


def confirm_delegation(row: Delegation, *, by: User) -> bool:
    """A reviewer has seen the delegation (see confirmation.confirm)."""
    return confirmation.confirm(confirmation.Question("delegation", row.provider, row), by=by)


def _cited(*, evidence: EvidenceFile | None, **details: str) -> dict[str, str]:
    return {**details, "evidence": evidence.sha256} if evidence else details


def platform_operators() -> Any:
    """Organisations that offer to stand in front of others, by name."""
    return ServiceProvider.objects.filter(is_platform_operator=True).order_by("name")


@transaction.atomic
def request_delegation(
    provider: ServiceProvider,
    *,
    operator: ServiceProvider,
    valid_from: date,
    by: User,
    valid_until: date | None = None,
    evidence: EvidenceFile | None = None,
) -> Delegation:
    """Ask a platform operator to stand in front of `provider` from a day (JST) on; it counts once they accept.

    Asking anew after a refusal or an end uses the same row; `evidence` is the signed agreement.
    Raises Refused: delegation.other_basis,
    delegation.not_an_operator, delegation.known (one is waiting or live).
    """
    held = ServiceProvider.hold(provider.pk)
    if held.legal_basis != ServiceProvider.LegalBasis.BEHIND_PLATFORM_OPERATOR:
        raise Refused("delegation.other_basis")
    if not operator.is_platform_operator or operator.pk == held.pk:
        raise Refused("delegation.not_an_operator")
    known = Delegation.objects.filter(provider=held, operator=operator).first()
    if known is not None and known.refused_at is None and (known.is_waiting or known.is_live):
        raise Refused("delegation.known")
    row, _ = Delegation.objects.update_or_create(
        provider=held,
        operator=operator,
        defaults={
            "valid_from": valid_from,
            "valid_until": valid_until,
            "accepted_at": None,
            "declined_at": None,
            "ended_on": None,
            "evidence": evidence,
            "confirmed_at": None,
            "confirmed_by": None,
            "refused_at": None,
            "refused_by": None,
            "refusal_reason": "",
        },
    )
    before, after = {"state": _standing_told(known)}, {"state": "waiting"}
    details = _cited(operator=operator.public_id, evidence=evidence)
    audit.record("delegation.requested", row, by=by, provider=held, before=before, after=after, details=details)
    return row


@transaction.atomic
def answer_delegation(row: Delegation, *, accept: bool, by: User) -> None:
    """The operator's owner says yes or no. Raises Refused: delegation.answered, delegation.not_the_operator."""
    if not permissions.is_owner(by, row.operator):
        raise Refused("delegation.not_the_operator")
    field = "accepted_at" if accept else "declined_at"
    waiting = Delegation.objects.filter(pk=row.pk, accepted_at=None, declined_at=None)
    if not waiting.update(**{field: timezone.now()}):
        raise Refused("delegation.answered")
    action = "delegation.accepted" if accept else "delegation.declined"
    _record_delegation(action, row, "waiting", "accepted" if accept else "declined", by=by)


@transaction.atomic
def end_delegation(row: Delegation, *, by: User, on: date) -> None:
    """Either side's owner ends it; from the day `on` (JST) it no longer counts. Raises Refused: delegation.not_live."""
    if not (permissions.is_owner(by, row.operator) or permissions.is_owner(by, row.provider)):
        raise Refused("delegation.not_the_operator")
    if not Delegation.objects.filter(pk=row.pk, accepted_at__isnull=False, ended_on=None).update(ended_on=on):
        raise Refused("delegation.not_live")
    _record_delegation("delegation.ended", row, "accepted", "ended", by=by)


def _standing_told(known: Delegation | None) -> str | None:
    """How a delegation that is asked for anew had come to nothing; None where it was never asked for."""
    if known is None:
        return None
    if known.refused_at is not None:
        return "refused"
    return "declined" if known.declined_at is not None else "ended"


def _record_delegation(action: str, row: Delegation, before: str, after: str, *, by: User) -> None:
    audit.record(
        action,
        row,
        by=by,
        provider=row.provider,
        before={"state": before},
        after={"state": after},
        details={"operator": row.operator.public_id},
    )


def entitlement(provider: ServiceProvider, *, on: date) -> rules.Entitled | rules.NotEntitled:
    """Whether the provider may have production calls answered on the day `on` (JST; see accreditation.jst_day)."""
    delegations = provider.delegations.filter(declined_at=None).select_related("operator")
    return rules.entitlement(
        provider.legal_basis,
        provider.basis_confirmed_at is not None,
        _accreditations(provider),
        [
            rules.Delegation(
                _standing(row.operator),
                rules.Term(row.valid_from, row.valid_until, row.ended_on),
                accepted=row.accepted_at is not None,
                confirmed=row.confirmed_at is not None,
            )
            for row in delegations
        ],
        on=on,
    )


def entitlement_now(provider: ServiceProvider) -> rules.Entitled | rules.NotEntitled:
    """`entitlement` on the present day in Japan."""
    return entitlement(provider, on=rules.jst_day(timezone.now()))


def _standing(operator: ServiceProvider) -> rules.PlatformOperator:
    confirmed = operator.basis_confirmed_at is not None
    return rules.PlatformOperator(operator.legal_basis, confirmed, _accreditations(operator))


def _accreditations(provider: ServiceProvider) -> tuple[rules.Accreditation, ...]:
    return tuple(
        rules.Accreditation(rules.Term(row.valid_from, row.valid_until), row.confirmed_at is not None)
        for row in provider.accreditations.all()
    )


@transaction.atomic
def issue_client(
    provider: ServiceProvider | None, *, environment: Any, name: str, by: Any, secret: str | None = None
) -> tuple[ApiClient, str]:
    """A new API key and its text, which is shown once and never stored.

    The text is `spk_test_` or `spk_live_`, eight characters that name the key, an underscore, 43 secret characters
    (256 bits) and a CRC-32 check sum, so that scanners for leaked secrets can recognise it.
    Raises Refused: api_client.too_many; provider.not_entitled for a production key without a confirmed legal basis.
    """
    if provider is not None:
        _may_have_another_key(ServiceProvider.hold(provider.pk), environment)
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
    audit.record("api_client.issued", client, by=by, provider=provider, details={"prefix": prefix})
    return client, text


def live_clients(provider: ServiceProvider) -> Any:
    """Keys of the provider that still open a door, newest first."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiClient.objects.filter(unexpired, provider=provider, revoked_at=None).order_by("-id")


def _may_have_another_key(provider: ServiceProvider, environment: Any) -> None:
    if live_clients(provider).filter(environment=environment).count() >= LIVE_KEYS_PER_ENVIRONMENT:
        raise Refused("api_client.too_many")
    if environment.is_production and isinstance(entitlement_now(provider), rules.NotEntitled):
        raise Refused("provider.not_entitled")


@transaction.atomic
def revoke_client(client: ApiClient, *, by: User) -> bool:
    """End a key; other processes notice within five seconds. False if it had ended before."""
    changed = ApiClient.objects.filter(pk=client.pk, revoked_at=None).update(revoked_at=timezone.now())
    if changed:
        _principals.clear()
        audit.record(
            "api_client.revoked",
            client,
            by=by,
            provider=client.provider,
            before={"state": "live"},
            after={"state": "revoked"},
            details={"prefix": client.prefix},
        )
    return bool(changed)


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


def public_demonstration_key(prefix: str) -> str:
    """The text of the public demonstration's key with that prefix."""
    return _with_check_sum(f"{prefix}_{public_demonstration_secret()}")


def _with_check_sum(text: str) -> str:
    value, alphabet = zlib.crc32(text.encode("utf-8", "replace")), "0123456789abcdefghijklmnopqrstuvwxyz"
    check = ""
    for _ in range(6):
        value, digit = divmod(value, 36)
        check += alphabet[digit]
    return text + check
