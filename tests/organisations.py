"""Organisations of every story, made by the real verbs."""

from datetime import date

from portal.providers import corporate_number, members, services
from portal.providers.models import Membership, ServiceProvider
from tests import cast

SAMPLE_BANK = "7000012050002"
SECOND_NUMBER = "1000012010003"
THIRD_NUMBER = "8000012010005"


def provider_of(user, *, number=SAMPLE_BANK, basis="administrative_body", name="サンプル省") -> ServiceProvider:
    """The organisation of which `user` is the first owner."""
    return services.register(name=name, corporate_number=number, legal_basis=basis, by=user)


def seat(user, provider, role="member") -> Membership:
    """A seat taken through an invitation, as anybody takes one."""
    owner = provider.memberships.filter(role="owner").first().user
    invitation = members.invite(provider, email=user.email, role=role, by=owner)
    return members.accept(invitation, by=user)


def platform_operator(owner, *, number=THIRD_NUMBER) -> ServiceProvider:
    """A certified platform operator whose certification is confirmed."""
    provider = provider_of(owner, number=number, basis="certified_operator", name="株式会社見本プラットフォーム")
    row = services.add_accreditation(
        provider,
        number="見本第000号",
        valid_from=date(2026, 1, 1),
        valid_until=date(2099, 12, 31),
        by=owner,
        is_platform_operator=True,
    )
    services.confirm_accreditation(row, by=cast.reiko())
    provider.refresh_from_db()
    return provider


def number(n: int) -> str:
    """The n-th of a row of valid corporate numbers, none of them used elsewhere in the tests."""
    base = f"{450_000_000_000 + n:012d}"
    return f"{corporate_number.check_digit(base)}{base}"


def behind(owner, operator, *, number=SECOND_NUMBER, name="見本商店") -> ServiceProvider:
    """An organisation that stands behind `operator`, who has accepted."""
    provider = provider_of(owner, number=number, basis="behind_platform_operator", name=name)
    row = services.request_delegation(provider, operator=operator, valid_from=date(2026, 1, 1), by=owner)
    services.answer_delegation(row, accept=True, by=operator.memberships.filter(role="owner").first().user)
    row.refresh_from_db()
    services.confirm_delegation(row, by=cast.reiko())
    return provider
