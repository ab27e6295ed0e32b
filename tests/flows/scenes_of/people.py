"""People who can log in: made by the real verbs, with a second factor whose secret the journey knows."""

from portal.accounts import services as accounts
from portal.providers import members
from portal.providers import services as providers
from portal.providers.models import ServiceProvider
from tests import organisations
from tests.cast import TOTP_SECRET
from tests.flows.people import PASSWORD


def person(*, email: str, name: str, role: str = "member") -> dict:
    user = accounts.by_email(email)
    if user is None:
        user = accounts.create_person(email=email, name=name, password=PASSWORD, role=role, by="journey")
        accounts.set_up_second_factor(user, secret=TOTP_SECRET, by="journey")
    return {"email": email, "secret": TOTP_SECRET}


def organisation(*, owner: str, number: str, name: str, basis: str = "administrative_body", second: str = "") -> dict:
    """`owner` registers it; with `second` another owner joins; a reviewer has confirmed its legal basis."""
    by = accounts.by_email(owner)
    taken = ServiceProvider.objects.filter(corporate_number=number).first()  # all journeys share one site
    if taken is not None and taken.memberships.filter(user=by).exists():
        return {"provider": taken.public_id}
    if taken is not None:
        number = organisations.number(5000 + ServiceProvider.objects.count())
    provider = providers.register(name=name, corporate_number=number, legal_basis=basis, by=by)
    if second:
        invitation = members.invite(provider, email=second, role="owner", by=by)
        members.accept(invitation, by=accounts.by_email(second))
    return {"provider": provider.public_id}
