"""Ownership passes on without a gap: handed over, or recovered by two reviewers after a delay."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.providers import handover, members, owners, recovery
from portal.providers.models import Membership, OwnerRecovery, OwnershipOffer
from portal.providers.refusals import Refused
from tests import cast, organisations

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    provider = organisations.provider_of(cast.hanako())
    organisations.seat(cast.taro(), provider)
    return provider


def roles(provider):
    return dict(provider.memberships.values_list("user__name", "role"))


def post(user, name, pk, **form):
    return cast.browser_of(user).post(reverse(f"providers:{name}", args=[pk]), form)


@pytest.fixture
def in_production(monkeypatch):
    monkeypatch.setattr(owners, "_claims", [lambda provider: True])


def offered(provider):
    post(cast.hanako(), "ownership-offer", provider.memberships.get(user=cast.taro()).pk)
    return OwnershipOffer.objects.get()


def test_ownership_is_offered_accepted_and_changes_hands_in_one_moment(provider, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        offer = offered(provider)
    assert [message.to for message in mail.outbox if "引継ぎ" in message.subject] == [["taro@example.jp"]]
    assert roles(provider) == {"Hanako": "owner", "Taro": "member"}
    page = cast.browser_of(cast.taro()).get(reverse("providers:member-list")).content.decode()
    assert "引継ぎを承諾する" in page
    post(cast.taro(), "ownership-answer", offer.pk, answer="accept")
    assert roles(provider) == {"Hanako": "member", "Taro": "owner"}
    post(cast.taro(), "ownership-answer", offer.pk, answer="accept")  # sent twice
    assert roles(provider) == {"Hanako": "member", "Taro": "owner"}
    assert AuditEvent.objects.filter(action="ownership.handed_over").count() == 1


def test_the_same_offer_is_made_once(provider):
    assert offered(provider) == offered(provider)


def test_only_the_one_it_was_made_to_accepts(provider):
    offer = offered(provider)
    post(cast.hanako(), "ownership-answer", offer.pk, answer="accept")
    assert roles(provider) == {"Hanako": "owner", "Taro": "member"}
    organisations.seat(cast.jiro(), provider)
    post(cast.jiro(), "ownership-answer", offer.pk, answer="close")
    assert handover.open_offers(provider).count() == 1


@pytest.mark.parametrize("end", ["declined", "withdrawn", "expired", "offerer_no_owner", "member_left"])
def test_an_offer_that_is_over_changes_nothing(provider, end):
    offer = offered(provider)
    if end == "declined":
        handover.close(offer, by=cast.taro())
    elif end == "withdrawn":
        handover.close(offer, by=cast.hanako())
    elif end == "expired":
        OwnershipOffer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "offerer_no_owner":
        provider.memberships.filter(user=cast.hanako()).update(role="member")
    else:
        members.remove(provider.memberships.get(user=cast.taro()), by=cast.hanako())
    before = roles(provider)
    with pytest.raises(Refused, match=r"ownership\.over"):
        handover.accept(offer, by=cast.taro())
    assert roles(provider) == before


def test_two_owners_stay_while_something_is_in_production(provider, in_production):
    members.change_role(provider.memberships.get(user=cast.taro()), role="owner", by=cast.hanako())
    seat = provider.memberships.get(user=cast.taro())
    for attempt in (
        lambda: members.remove(seat, by=cast.hanako()),
        lambda: members.change_role(seat, role="member", by=cast.hanako()),
    ):
        with pytest.raises(Refused, match=r"membership\.two_owners"):
            attempt()
    organisations.seat(cast.jiro(), provider)
    offer = handover.offer(provider.memberships.get(user=cast.jiro()), by=cast.taro())
    handover.accept(offer, by=cast.jiro())
    members.remove(provider.memberships.get(user=cast.taro()), by=cast.hanako())
    assert roles(provider) == {"Hanako": "owner", "Jiro": "owner"}


def test_a_listed_production_entry_is_what_asks_for_two_owners(provider):
    from whitelist import milestones

    assert milestones.has_production_entry in owners._claims
    assert owners.required(provider) == 1


def asked(provider, email="taro@example.jp"):
    return recovery.ask(provider, email=email, reason="管理者が退職しました。", by=cast.taro())


def test_two_reviewers_and_a_delay_make_a_new_owner(provider, settings, django_capture_on_commit_callbacks):
    settings.OWNER_RECOVERY_HOURS = 24
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        made = asked(provider)
        recovery.confirm(made, by=cast.reiko(), at=now)
        recovery.confirm(made, by=cast.renji(), at=now)
    assert [message.to for message in mail.outbox if "管理者" in message.subject] == [["hanako@example.jp"]] * 2
    assert recovery.due(now + timedelta(hours=23, minutes=59)) == []
    assert not recovery.complete(made.pk, at=now + timedelta(hours=23))
    assert recovery.due(now + timedelta(hours=24)) == [made.pk]
    assert recovery.complete(made.pk, at=now + timedelta(hours=24))
    assert not recovery.complete(made.pk, at=now + timedelta(hours=25))
    assert roles(provider) == {"Hanako": "owner", "Taro": "owner"}


def test_somebody_from_outside_is_invited_as_an_owner(provider, settings):
    settings.OWNER_RECOVERY_HOURS = 0
    made, now = asked(provider, "new@example.jp"), timezone.now()
    recovery.confirm(made, by=cast.reiko(), at=now)
    recovery.confirm(made, by=cast.renji(), at=now)
    recovery.complete(made.pk, at=now)
    assert members.open_invitations(provider).get(email="new@example.jp").role == "owner"


def test_an_owner_who_can_log_in_stops_it(provider):
    made = asked(provider)
    recovery.confirm(made, by=cast.reiko(), at=timezone.now())
    assert "中止する" in cast.browser_of(cast.hanako()).get(reverse("providers:member-list")).content.decode()
    post(cast.hanako(), "recovery-stop", made.pk)
    with pytest.raises(Refused, match=r"recovery\.over"):
        recovery.confirm(made, by=cast.renji(), at=timezone.now())
    assert recovery.open_recovery(provider) is None


def test_four_eyes_also_against_one_who_asked_or_belongs(provider):
    now = timezone.now()
    made = recovery.ask(provider, email="taro@example.jp", reason="x", by=cast.reiko())
    with pytest.raises(Refused, match=r"recovery\.own_request"):
        recovery.confirm(made, by=cast.reiko(), at=now)
    recovery.confirm(made, by=cast.renji(), at=now)
    with pytest.raises(Refused, match=r"recovery\.two_people"):
        recovery.confirm(made, by=cast.renji(), at=now)
    third = cast.person("Rika", "reviewer")
    Membership.objects.create(provider=provider, user=third)
    with pytest.raises(Refused, match=r"review\.own_organisation"):
        recovery.confirm(made, by=third, at=now)
    with pytest.raises(Refused, match=r"review\.not_a_reviewer"):
        recovery.confirm(made, by=cast.osamu(), at=now)
    for wrong in (
        {"second_by": cast.renji()},
        {"second_by": cast.reiko()},
        {"done_at": now},
        {"first_by": cast.reiko()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            OwnerRecovery.objects.filter(pk=made.pk).update(**wrong)


def test_who_may_ask(provider):
    with pytest.raises(Refused, match=r"recovery\.owner_can_invite"):
        recovery.ask(provider, email="x@example.jp", reason="x", by=cast.hanako())
    with pytest.raises(Refused, match=r"recovery\.not_yours"):
        recovery.ask(provider, email="x@example.jp", reason="x", by=cast.jiro())
    asked(provider)
    with pytest.raises(Refused, match=r"recovery\.open_already"):
        asked(provider)


def test_a_confirmation_asks_for_both_factors_anew(provider):
    made = asked(provider)
    client = cast.browser_of(cast.reiko())
    address = reverse("providers:recovery-confirm", args=[provider.public_id, made.pk])
    client.post(address)
    made.refresh_from_db()
    assert made.first_by is None
    page = client.get(reverse("providers:provider-file", args=[provider.public_id])).content.decode()
    assert "管理者が退職しました。" in page
    assert address in page
