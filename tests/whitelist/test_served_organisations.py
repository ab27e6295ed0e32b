"""One return server of a platform operator, many organisations: each by its delegation, none by a second entry."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.environments.models import Environment
from portal.providers import services as providers
from portal.providers.accreditation import jst_day
from portal.providers.models import Delegation
from tests import cast, organisations
from whitelist import served, services
from whitelist.models import Entry, EntryService
from whitelist.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return organisations.platform_operator(cast.hanako())


@pytest.fixture
def entry(operator):
    sandbox = Environment.objects.create(public_id="env_served", provider=operator, kind="sandbox", state="ready")
    return services.enter_in_sandbox(
        sandbox, url="https://platform.example.jp/return", purposes=["signature"], ways_in=["qr"], by=cast.hanako()
    )


@pytest.fixture
def behind(operator):
    owners = [cast.person(f"Owner{n}") for n in range(3)]
    return [
        organisations.behind(owner, operator, number=organisations.number(n), name=f"見本{n}")
        for n, owner in enumerate(owners)
    ]


def page(entry):
    return reverse("whitelist:entry-served", args=[entry.public_id])


def names(entry):
    return [row.provider.name for row in served.serving(entry)]


def test_organisations_are_added_to_one_entry(entry, behind):
    client = cast.browser_of(cast.hanako())
    assert "見本0" in client.get(page(entry)).content.decode()
    numbers = [organisations.number(0), organisations.number(2)]
    client.post(page(entry), {"number": numbers})
    client.post(page(entry), {"number": numbers})  # sent twice
    assert names(entry) == ["見本0", "見本2"]
    assert Entry.objects.count() == 1
    assert AuditEvent.objects.filter(action="entry.serves").count() == 2
    assert served.said_of(entry)[0] == {"name": "見本0", "corporate_number": numbers[0]}
    assert served.entries_for(behind[0]) == [entry]
    assert served.entries_for(behind[1]) == []


def test_an_organisation_is_taken_out_and_can_come_back(entry, behind):
    served.serve(entry, [organisations.number(0)], by=cast.hanako(), at=timezone.now())
    row = EntryService.objects.get()
    cast.browser_of(cast.hanako()).post(page(entry), {"stop": str(row.pk)})
    assert names(entry) == []
    assert not served.stop(row, by=cast.hanako(), at=timezone.now())
    served.serve(entry, [organisations.number(0)], by=cast.hanako(), at=timezone.now())
    assert names(entry) == ["見本0"]


@pytest.mark.parametrize("end", ["ended", "expired"])
def test_serving_ends_with_the_delegation(entry, behind, end):
    served.serve(entry, [organisations.number(0)], by=cast.hanako(), at=timezone.now())
    today = jst_day(timezone.now())
    if end == "ended":
        providers.end_delegation(behind[0].delegations.get(), by=cast.hanako(), on=today)
    else:
        Delegation.objects.filter(provider=behind[0]).update(valid_until=today - timedelta(days=1))
    assert names(entry) == []
    assert served.entries_for(behind[0]) == []


def test_all_or_none_and_only_with_a_delegation_in_force(entry, behind):
    organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    with pytest.raises(Refused, match=r"served\.no_delegation"):
        served.serve(entry, [organisations.number(0), organisations.SECOND_NUMBER], by=cast.hanako(), at=timezone.now())
    assert names(entry) == []
    assert "1つ以上" in cast.browser_of(cast.hanako()).post(page(entry), follow=True).content.decode()


def test_only_a_platform_operator_s_standing_entry_serves(behind):
    provider = organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    sandbox = Environment.objects.create(public_id="env_other", provider=provider, kind="sandbox", state="ready")
    entry = services.enter_in_sandbox(
        sandbox, url="https://other.example.jp/return", purposes=["signature"], ways_in=["qr"], by=cast.jiro()
    )
    with pytest.raises(Refused, match=r"served\.not_an_operator"):
        served.serve(entry, [organisations.number(0)], by=cast.jiro(), at=timezone.now())


def test_a_removed_entry_serves_nobody_new(entry, behind):
    services.remove_from_sandbox(entry, by=cast.hanako(), at=timezone.now())
    with pytest.raises(Refused, match=r"served\.not_standing"):
        served.serve(entry, [organisations.number(0)], by=cast.hanako(), at=timezone.now())


def test_the_database_keeps_one_row_for_each_pair(entry, behind):
    row = served.serve(entry, [organisations.number(0)], by=cast.hanako(), at=timezone.now())[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryService.objects.create(entry=entry, provider=row.provider, delegation=row.delegation, since=timezone.now())
