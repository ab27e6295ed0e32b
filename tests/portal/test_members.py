"""Seats: asked by mail, taken once by the right person, changed and given up; an owner always remains."""

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import letters
from portal.audit.models import AuditEvent
from portal.providers.models import Invitation, Membership
from tests import cast, organisations

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    return organisations.provider_of(cast.hanako())


def invite(email="taro@example.jp", role="member", by=None):
    client = cast.browser_of(by or cast.hanako())
    return client.post(reverse("providers:member-invite"), {"email": email, "role": role})


def link_in(message):
    found = re.search(r"http://localhost:8000(/organisation/invitations/accept/\S+/)", message.body)
    return found.group(1)


def roles(provider):
    return dict(provider.memberships.values_list("user__name", "role"))


def test_an_invited_person_takes_the_seat_once(provider):
    invite(role="owner")
    link = link_in(mail.outbox[0])
    client = cast.browser_of(cast.taro())
    assert "サンプル省" in client.get(link).content.decode()
    assert client.post(link).url == "/home/"
    assert roles(provider) == {"Hanako": "owner", "Taro": "owner"}
    assert client.post(link).status_code == 404
    actions = list(AuditEvent.objects.filter(provider=provider).values_list("action", flat=True))
    assert actions == ["provider.registered", "invitation.sent", "membership.taken"]


def test_the_mail_speaks_both_languages_and_the_token_is_not_stored(provider):
    invite()
    body = mail.outbox[0].body
    assert "招待" in body
    assert "invites you" in body
    token = link_in(mail.outbox[0]).split("/")[-2]
    assert token not in str(Invitation.objects.values().get())


def test_somebody_else_cannot_use_the_link(provider):
    invite()
    link = link_in(mail.outbox[0])
    client = cast.browser_of(cast.jiro())
    assert client.get(link).status_code == 200
    client.post(link)
    assert "Jiro" not in roles(provider)


def test_an_unknown_visitor_is_led_to_sign_up_and_back(provider):
    invite()
    link = link_in(mail.outbox[0])
    assert f"{reverse('account_signup')}?next={link}" in Client().get(link).content.decode()
    Client().post(link)
    assert len(roles(provider)) == 1


@pytest.mark.parametrize("spoil", ["withdraw", "age", "garble"])
def test_a_link_that_is_over_says_so(provider, spoil):
    invite()
    link = link_in(mail.outbox[0])
    if spoil == "withdraw":
        pk = Invitation.objects.get().pk
        cast.browser_of(cast.hanako()).post(reverse("providers:invitation-withdraw", args=[pk]))
    elif spoil == "age":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        link = link[:-3] + "/"
    answer = cast.browser_of(cast.taro()).get(link)
    assert answer.status_code == 404
    assert "この招待はもう使えません" in answer.content.decode()


def test_sent_twice_invites_once(provider):
    invite()
    assert "email" in invite().context["form"].errors
    assert len(mail.outbox) == 1


def test_a_member_is_not_invited_again(provider):
    assert "email" in invite(email="HANAKO@example.jp").context["form"].errors


def test_without_a_mail_nobody_is_invited(provider, monkeypatch):
    def refuse(*args, **kwargs):
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(letters, "post", refuse)
    assert invite().context["form"].non_field_errors()
    assert not Invitation.objects.exists()


def test_who_has_a_seat_elsewhere_takes_another_and_sits_there(provider):
    other = organisations.provider_of(cast.taro(), number=organisations.SECOND_NUMBER, name="見本県")
    invite()
    client = cast.browser_of(cast.taro())
    client.post(link_in(mail.outbox[0]))
    assert roles(provider)["Taro"] == "member"
    assert client.get(reverse("providers:provider-detail")).context["provider"] == provider
    client.post(reverse("providers:seat-choose"), {"seat": other.public_id})
    assert client.get(reverse("providers:provider-detail")).context["provider"] == other


def test_roles_change_and_the_last_owner_stays(provider):
    seat = organisations.seat(cast.taro(), provider)
    client = cast.browser_of(cast.hanako())
    own = Membership.objects.get(user=cast.hanako())
    client.post(reverse("providers:member-role", args=[own.pk]), {"role": "member"})
    assert roles(provider) == {"Hanako": "owner", "Taro": "member"}
    client.post(reverse("providers:member-role", args=[seat.pk]), {"role": "owner"})
    client.post(reverse("providers:member-role", args=[own.pk]), {"role": "member"})
    assert roles(provider) == {"Hanako": "member", "Taro": "owner"}
    assert AuditEvent.objects.filter(action="membership.role_changed").count() == 2


def test_a_role_that_does_not_exist_changes_nothing(provider):
    seat = organisations.seat(cast.taro(), provider)
    cast.browser_of(cast.hanako()).post(reverse("providers:member-role", args=[seat.pk]), {"role": "reviewer"})
    assert roles(provider)["Taro"] == "member"


def test_removal_is_confirmed_and_the_last_owner_cannot_leave(provider):
    seat = organisations.seat(cast.taro(), provider)
    client = cast.browser_of(cast.hanako())
    own = Membership.objects.get(user=cast.hanako())
    page = reverse("providers:member-remove", args=[seat.pk])
    assert "Taro" in client.get(page).content.decode()
    assert len(roles(provider)) == 2
    client.post(reverse("providers:member-remove", args=[own.pk]))
    assert len(roles(provider)) == 2
    client.post(page)
    assert roles(provider) == {"Hanako": "owner"}
    assert client.post(page).status_code == 404
    assert AuditEvent.objects.filter(action="membership.removed").count() == 1


def test_owners_verbs_are_refused_to_members_in_words(provider):
    organisations.seat(cast.taro(), provider)
    client = cast.browser_of(cast.taro())
    own = Membership.objects.get(user=cast.taro())
    assert client.get(reverse("providers:member-list")).status_code == 200
    for answer in (
        client.get(reverse("providers:member-invite")),
        client.post(reverse("providers:member-role", args=[own.pk]), {"role": "owner"}),
        client.post(reverse("providers:member-remove", args=[own.pk])),
    ):
        assert answer.status_code == 403
        assert "この操作は、組織の管理者だけができます。" in answer.content.decode()
    assert roles(provider)["Taro"] == "member"


def test_seats_and_invitations_of_others_do_not_exist(provider):
    invite()
    organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    client = cast.browser_of(cast.jiro())
    seat = Membership.objects.get(user=cast.hanako())
    assert client.post(reverse("providers:member-role", args=[seat.pk]), {"role": "member"}).status_code == 404
    assert client.get(reverse("providers:member-remove", args=[seat.pk])).status_code == 404
    invitation = Invitation.objects.get()
    assert client.post(reverse("providers:invitation-withdraw", args=[invitation.pk])).status_code == 404
    assert client.get(reverse("providers:member-remove", args=[10**30])).status_code == 404
