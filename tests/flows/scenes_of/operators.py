"""A platform operator and the organisations behind it."""

from datetime import date

from portal.accounts import services as accounts
from portal.environments.models import Environment
from portal.providers import services as providers
from tests.flows.scenes_of import people


def operator(*, owner: str, number: str, name: str, reviewer: str) -> dict:
    """Certified, confirmed, and with a test environment whose keys nobody needs here."""
    by = accounts.by_email(owner)
    made = providers.register(name=name, corporate_number=number, legal_basis="certified_operator", by=by)
    row = providers.add_accreditation(
        made,
        number="見本第500号",
        valid_from=date(2026, 1, 1),
        valid_until=date(2099, 12, 31),
        is_platform_operator=True,
        by=by,
    )
    providers.confirm_accreditation(row, by=accounts.by_email(reviewer))
    Environment.objects.create(public_id=f"env_{made.public_id}", provider=made, kind="sandbox", state="ready")
    return {"provider": made.public_id}


def behind(*, owner: str, number: str, name: str, operator_owner: str, reviewer: str) -> dict:
    """Stands behind the operator that `operator_owner` owns; both sides agreed and a reviewer confirmed it."""
    people.person(email=owner, name="背後 一")
    by, front = accounts.by_email(owner), accounts.by_email(operator_owner)
    made = providers.register(name=name, corporate_number=number, legal_basis="behind_platform_operator", by=by)
    operator = front.memberships.get().provider
    row = providers.request_delegation(made, operator=operator, valid_from=date(2026, 1, 1), by=by)
    providers.answer_delegation(row, accept=True, by=front)
    row.refresh_from_db()
    providers.confirm_delegation(row, by=accounts.by_email(reviewer))
    return {"provider": made.public_id}
