"""One return server of a platform operator, many organisations: each by its delegation, none by a second entry."""

import uuid
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
from tests.applications import answering, proven, seen
from tests.whitelist.conftest import approve, draft
from whitelist import applications, publication, reopening, served, services
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


@pytest.fixture
def granted(operator, behind, now, commit, keys):
    """The operator's own return server, applied for, approved by two and published."""
    organisations.seat(cast.taro(), operator, role="owner")
    answering(operator, by=cast.hanako())
    proven(operator, "platform.example.jp", by=cast.hanako())
    content = draft("https://platform.example.jp/jpki/return")
    application = applications.start_application(operator, form_key=uuid.uuid4(), content=content, by=cast.hanako())
    seen("https://platform.example.jp/jpki/return")
    applications.submit(application, seen_version=application.version, by=cast.hanako(), at=now)
    with commit():
        approve(application, cast.reiko(), now)
        approve(application, cast.renji(), now)
    application.refresh_from_db()
    return application


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


def test_a_published_entry_serves_whom_its_revision_names(granted, behind):
    named = [one["name"] for one in granted.current_revision.content["served_providers"]]
    assert named == names(granted.live_entry) == ["見本0", "見本1", "見本2"]
    reviewer = cast.browser_of(cast.reiko())
    shown = reviewer.get(reverse("review:application-detail", args=[granted.public_id])).content.decode()
    assert "見本0、見本1、見本2" in shown
    own = cast.browser_of(cast.hanako()).get(reverse("whitelist:entry-detail", args=[granted.live_entry.public_id]))
    assert page(granted.live_entry) in own.content.decode()


def test_its_successor_serves_whom_it_serves_by_then(granted, behind, now, commit):
    reopened = reopening.reopen(granted, by=cast.hanako())
    said = reopened.draft | {"url": "https://platform.example.jp/v2/return"}
    changed = applications.save_draft(reopened, content=said, seen_version=reopened.version, by=cast.hanako())
    seen("https://platform.example.jp/v2/return")
    applications.submit(changed, seen_version=changed.version, by=cast.hanako(), at=now)
    served.stop(served.serving(granted.live_entry)[0], by=cast.hanako(), at=now + timedelta(minutes=1))
    before = granted.live_entry
    with commit():
        approve(changed, cast.reiko(), now)
        approve(changed, cast.renji(), now)
    changed.refresh_from_db()
    assert changed.live_entry != before
    assert names(changed.live_entry) == ["見本1", "見本2"]


def test_a_later_list_begins_nothing_anew(granted, behind, now):
    entry = granted.live_entry
    for row in served.serving(entry):
        served.stop(row, by=cast.hanako(), at=now + timedelta(minutes=1))
    served.follow_publication(publication.current_version(entry.environment))
    assert names(entry) == []
