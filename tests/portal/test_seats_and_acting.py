"""Several seats, a chosen one; a platform operator acts for others exactly as long as the delegation lasts."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal import origin
from portal.audit.models import AuditEvent
from portal.providers import permissions, seats, services
from portal.providers.accreditation import jst_day
from portal.providers.models import Delegation, Membership
from tests import cast, organisations

pytestmark = pytest.mark.django_db
DETAIL = "providers:provider-detail"


@pytest.fixture
def operator():
    return organisations.platform_operator(cast.hanako())


@pytest.fixture
def served(operator):
    return organisations.behind(cast.jiro(), operator)


def sit(client, seat):
    return client.post(reverse("providers:seat-choose"), {"seat": seat})


def acting(served, operator, user=None):
    client = cast.browser_of(user or cast.hanako())
    assert sit(client, f"{served.public_id}@{operator.public_id}").url == reverse("home")
    return client


def test_an_operator_acts_with_a_banner_and_a_way_out(operator, served):
    client = acting(served, operator)
    page = client.get(reverse(DETAIL))
    assert page.context["provider"] == served
    assert "見本商店の代理として操作中" in page.content.decode()
    assert f'name="seat" value="{operator.public_id}"' in page.content.decode()
    sit(client, operator.public_id)
    page = client.get(reverse(DETAIL))
    assert page.context["provider"] == operator
    assert "代理として操作中" not in page.content.decode()
    began = AuditEvent.objects.get(action="seat.acting_began")
    assert (began.provider, began.details) == (served, {"operator": operator.public_id})


def test_acting_is_known_to_the_trail_during_the_request_and_not_after(operator, served, monkeypatch):
    seen = []
    original = permissions.seat_of
    monkeypatch.setattr(
        permissions, "seat_of", lambda user: (seen.append(origin.current().acting_operator_id), original(user))[1]
    )
    client = acting(served, operator)
    client.get(reverse(DETAIL))
    assert operator.pk in seen
    assert origin.current().acting_operator_id is None


def test_who_acts_is_no_owner_and_sees_no_members(operator, served):
    client = acting(served, operator)
    for name in ("member-invite", "member-list", "client-issue", "delegation-request"):
        assert client.get(reverse(f"providers:{name}")).status_code == 403, name
    own = served.memberships.get()
    assert client.post(reverse("providers:member-remove", args=[own.pk])).status_code == 403
    assert Membership.objects.filter(user=cast.hanako()).count() == 1


@pytest.mark.parametrize("end", ["ended", "expired", "seat", "operator", "declined"])
def test_it_ends_at_once_when_its_ground_ends(operator, served, end):
    client = acting(served, operator)
    row = Delegation.objects.get()
    today = jst_day(timezone.now())
    if end == "ended":
        services.end_delegation(row, by=cast.jiro(), on=today)
    elif end == "expired":
        Delegation.objects.update(valid_until=today - timedelta(days=1))
    elif end == "seat":
        operator.memberships.all().delete()
    elif end == "operator":
        operator.accreditations.update(valid_until=today - timedelta(days=1))
    else:
        Delegation.objects.update(accepted_at=None, declined_at=timezone.now())
    answer = client.post(reverse("testenv:environment-request"))
    assert answer.url == reverse("home")
    assert "直前の操作は行われていません" in client.get(reverse("providers:provider-register")).content.decode()
    from portal.environments.models import Environment

    assert not Environment.objects.filter(kind="sandbox", provider__isnull=False).exists()


def test_the_last_day_counts_to_midnight_in_japan(operator, served, monkeypatch):
    Delegation.objects.update(valid_until=date(2026, 11, 30))
    choice = seats.choice_from(f"{served.public_id}@{operator.public_id}")
    for moment, is_open in (("2026-11-30T14:59:59+00:00", True), ("2026-11-30T15:00:00+00:00", False)):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: datetime.fromisoformat(moment))
        assert (seats.resolve(cast.hanako(), choice) is not None) is is_open, moment


@pytest.mark.parametrize("wanted", ["", "nonsense", "@", "sp_0000000000@sp_1111111111"])
def test_a_seat_that_is_not_there_is_refused_in_words(operator, wanted):
    client = cast.browser_of(cast.hanako())
    assert sit(client, wanted).url == reverse("providers:seat-list")
    assert client.get(reverse(DETAIL)).context["provider"] == operator


def test_nobody_sits_on_a_stranger_s_seat(operator, served):
    client = cast.browser_of(cast.jiro())
    assert sit(client, operator.public_id).url == reverse("providers:seat-list")
    # Neither does the served organisation act for itself through the operator.
    assert sit(client, f"{served.public_id}@{operator.public_id}").url == reverse("providers:seat-list")
    assert client.get(reverse(DETAIL)).context["provider"] == served


def test_a_form_of_another_window_does_nothing(operator, served):
    client = acting(served, operator)
    made_for = f"{served.public_id}@{operator.public_id}"
    sit(client, operator.public_id)
    form = {"email": "new@example.jp", "role": "member", "made_for_seat": made_for}
    assert client.post(reverse("providers:member-invite"), form).url == reverse("home")
    assert not operator.invitations.exists()
    form["made_for_seat"] = operator.public_id
    client.post(reverse("providers:member-invite"), form)
    assert operator.invitations.count() == 1


def test_fifty_served_organisations_are_found_by_name_or_number(operator):
    for n in range(50):
        organisations.behind(
            cast.person(f"Owner{n}"), operator, number=organisations.number(n), name=f"見本商店{n:02d}"
        )
    client = cast.browser_of(cast.hanako())
    group = client.get(reverse("providers:seat-list")).context["served"][0]
    assert [row.provider.name for row in group["rows"]] == [f"見本商店{n:02d}" for n in range(50)]
    for asked in ("商店07", organisations.number(7)):
        group = client.get(reverse("providers:seat-list"), {"q": asked}).context["served"][0]
        assert [row.provider.name for row in group["rows"]] == ["見本商店07"]
