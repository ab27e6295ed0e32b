"""A role of staff takes two operators, neither of whom it is for; taking it away takes one, at once."""

import re
import smtplib
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from portal.accounts import letters, services, staff
from portal.accounts.models import StaffGrant, User
from portal.accounts.refusals import Refused
from portal.audit.models import AuditEvent
from tests import cast, organisations

pytestmark = pytest.mark.django_db
ASKED = {"email": "rin@example.jp", "name": "審査 凛", "role": "reviewer", "reason": "任命 2026年4月1日"}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    mail.outbox.clear()


@pytest.fixture
def osamu():
    return cast.osamu()


@pytest.fixture
def sanae():
    return cast.person("Sanae", "operator")


def propose(by, **changes):
    return staff.propose(**{**ASKED, **changes}, by=by, at=timezone.now())


def confirmed(proposer, confirmer, **changes):
    return staff.confirm(propose(proposer, **changes), by=confirmer, at=timezone.now())


def link():
    return re.search(r"/staff/invitation/\S+/", mail.outbox[-1].body)[0]


def refused(code, verb, *args, **kwargs):
    with pytest.raises(Refused) as raised:
        verb(*args, **kwargs)
    assert raised.value.code == code


# The verbs


def test_nothing_is_sent_before_the_second_operator(osamu, sanae):
    grant = propose(osamu)
    assert not mail.outbox
    staff.confirm(grant, by=sanae, at=timezone.now())
    assert mail.outbox[0].to == ["rin@example.jp"]
    assert "職員として招待" in mail.outbox[0].body
    assert "you are invited" in mail.outbox[0].body


def test_the_proposer_cannot_confirm(osamu):
    refused("staff.same_person", staff.confirm, propose(osamu), by=osamu, at=timezone.now())


def test_nobody_takes_part_in_their_own_role(osamu, sanae):
    refused("staff.oneself", propose, osamu, email=osamu.email.upper())
    refused("staff.oneself", staff.confirm, propose(osamu, email=sanae.email), by=sanae, at=timezone.now())


@pytest.mark.parametrize("somebody", [cast.hanako, cast.reiko, cast.aoi])
def test_only_operators_propose_confirm_withdraw_and_revoke(osamu, somebody):
    grant, other = propose(osamu), somebody()
    refused("staff.not_an_operator", propose, other, email="x@example.jp")
    refused("staff.not_an_operator", staff.confirm, grant, by=other, at=timezone.now())
    refused("staff.not_an_operator", staff.withdraw, grant, by=other, at=timezone.now())
    refused("staff.not_an_operator", staff.revoke, osamu, reason="", by=other, at=timezone.now())


def test_an_operator_who_has_just_lost_the_role_confirms_nothing(osamu, sanae):
    grant = propose(osamu)
    User.objects.filter(pk=sanae.pk).update(role="member")  # the page was opened before
    refused("staff.not_an_operator", staff.confirm, grant, by=sanae, at=timezone.now())


def test_a_proposal_falls_with_its_proposer(osamu, sanae):
    third = cast.person("Tadashi", "operator")
    grant = propose(osamu)
    staff.revoke(osamu, reason="left", by=sanae, at=timezone.now())
    refused("staff.over", staff.confirm, grant, by=third, at=timezone.now())


def test_a_proposal_runs_out_and_then_can_be_made_anew(osamu, sanae):
    grant = propose(osamu)
    refused("staff.asked_already", propose, sanae)
    late = timezone.now() + timedelta(days=15)
    refused("staff.over", staff.confirm, grant, by=sanae, at=late)
    assert staff.propose(**ASKED, by=sanae, at=late).pk != grant.pk


def test_whoever_has_a_seat_at_a_provider_cannot_be_staff(osamu, sanae):
    organisations.provider_of(cast.hanako())
    refused("staff.has_a_seat", propose, osamu, email=cast.hanako().email)


def test_a_mail_that_cannot_be_sent_leaves_the_proposal_unconfirmed(osamu, sanae, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    grant = propose(osamu)
    with pytest.raises((OSError, smtplib.SMTPException)):
        staff.confirm(grant, by=sanae, at=timezone.now())
    grant.refresh_from_db()
    assert grant.confirmed_at is None


@pytest.mark.parametrize(
    "broken",
    [
        lambda g, osamu, sanae, rin: {"confirmed_by": osamu, "confirmed_at": g.proposed_at},
        lambda g, osamu, sanae, rin: {"confirmed_by": sanae, "subject": osamu},
        lambda g, osamu, sanae, rin: {"confirmed_by": sanae, "subject": sanae},
        lambda g, osamu, sanae, rin: {"subject": rin, "accepted_at": g.proposed_at},
        lambda g, osamu, sanae, rin: {"proposed_by": None},
        lambda g, osamu, sanae, rin: {"role": "member"},
    ],
)
def test_the_database_holds_the_rule_too(osamu, sanae, broken):
    grant, rin = propose(osamu), cast.person("Rin")
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffGrant.objects.filter(pk=grant.pk).update(**broken(grant, osamu, sanae, rin))


# The way of the invited person


def test_the_whole_way_from_the_mail_to_the_desk(osamu, sanae):
    confirmed(osamu, sanae)
    browser, address = Client(), link()
    page = browser.get(address)
    assert page.status_code == 200
    assert not User.objects.filter(email="rin@example.jp").exists()  # looking decides nothing
    answer = browser.post(address, {"name": "審査 凛", "password": cast.PASSWORD, "email": "other@example.jp"})
    assert answer.url == address
    rin = User.objects.get(email="rin@example.jp")
    assert rin.role == "member"
    assert browser.get(address).url == "/accounts/2fa/totp/activate/"
    assert browser.post(address).url == "/accounts/2fa/totp/activate/"
    services.set_up_second_factor(rin, secret=cast.TOTP_SECRET, by="tests")
    assert "役割を引き受ける" in browser.get(address).content.decode()
    assert browser.post(address).url == "/home/"
    rin.refresh_from_db()
    assert rin.role == "reviewer"
    assert browser.get("/review/").status_code == 200
    assert browser.get(address).status_code == 404  # taken once
    actions = AuditEvent.objects.filter(action__startswith="staff.").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["staff.proposed", "staff.confirmed", "staff.accepted"]


def test_the_link_serves_its_address_alone(osamu, sanae):
    confirmed(osamu, sanae)
    jiro = cast.browser_of(cast.jiro())
    assert jiro.post(link()).status_code == 200
    assert cast.jiro().role == "member"
    assert StaffGrant.objects.get().accepted_at is None


def test_a_known_person_logs_in_first(osamu, sanae):
    cast.person("Rin")
    confirmed(osamu, sanae)
    page = Client().get(link()).content.decode()
    assert "/accounts/login/?next=" in page
    assert 'name="password"' not in page


def test_a_weak_password_is_named(osamu, sanae):
    confirmed(osamu, sanae)
    page = Client().post(link(), {"name": "凛", "password": "short"})
    assert "password" in page.context["form"].errors
    assert not User.objects.filter(email="rin@example.jp").exists()


@pytest.mark.parametrize("after", [timedelta(days=7, seconds=1), timedelta(days=400)])
def test_the_link_runs_out(osamu, sanae, after):
    confirmed(osamu, sanae)
    StaffGrant.objects.update(expires_at=timezone.now() - after)
    assert Client().get(link()).status_code == 404


def test_a_withdrawn_invitation_is_over(osamu, sanae):
    staff.withdraw(confirmed(osamu, sanae), by=osamu, at=timezone.now())
    assert Client().get(link()).status_code == 404


# Taking a role away


def test_revoking_ends_the_role_and_every_session_at_once(osamu):
    reiko = cast.reiko()
    desk, other = cast.browser_of(reiko), cast.browser_of(reiko)
    assert desk.get("/review/").status_code == other.get("/review/").status_code == 200
    staff.revoke(reiko, reason="moved", by=osamu, at=timezone.now())
    for browser in (desk, other):
        assert browser.get("/review/").url.startswith("/accounts/login/")
    assert cast.browser_of(User.objects.get(pk=reiko.pk)).get("/review/").status_code == 404


def test_the_last_operator_stays(osamu):
    refused("staff.last_operator", staff.revoke, osamu, reason="", by=osamu, at=timezone.now())
    cast.person("Sanae", "operator")
    staff.revoke(osamu, reason="", by=osamu, at=timezone.now())
    assert User.objects.get(pk=osamu.pk).role == "member"


# The pages


def test_proposing_confirming_and_revoking_each_ask_for_a_fresh_log_in(osamu, sanae):
    first, second = cast.browser_of(osamu), cast.browser_of(sanae)
    assert "fresh-code" in first.post("/staff/grants/propose/", ASKED).content.decode()
    assert not StaffGrant.objects.exists()
    assert first.post("/staff/grants/propose/", {**ASKED, **cast.proof(osamu)}).url == "/staff/grants/"
    grant = StaffGrant.objects.get()
    address = f"/staff/grants/{grant.pk}/confirm/"
    assert "fresh-code" in second.post(address).content.decode()
    assert not mail.outbox
    assert second.post(address, cast.proof(sanae)).url == "/staff/grants/"
    assert mail.outbox
    reiko = cast.reiko()
    address = f"/staff/people/{reiko.pk}/revoke/"
    assert "fresh-code" in first.post(address, {"reason": "moved"}).content.decode()
    assert first.post(address, {"reason": "moved", **cast.proof(osamu)}).url == "/staff/"
    assert User.objects.get(pk=reiko.pk).role == "member"


def test_a_form_with_a_mistake_spends_no_code(osamu):
    browser, proof = cast.browser_of(osamu), cast.proof(osamu)
    assert "role" in browser.post("/staff/grants/propose/", {**ASKED, "role": "king", **proof}).context["form"].errors
    assert browser.post("/staff/grants/propose/", {**ASKED, **proof}).url == "/staff/grants/"


def test_the_proposer_is_not_offered_the_confirmation(osamu, sanae):
    propose(osamu)
    assert "/confirm/" not in cast.browser_of(osamu).get("/staff/grants/").content.decode()
    assert "/confirm/" in cast.browser_of(sanae).get("/staff/grants/").content.decode()


def test_who_lost_the_second_factor_reaches_no_page_of_staff(osamu):
    browser = cast.browser_of(osamu)
    Authenticator.objects.filter(user=osamu).delete()
    assert browser.get("/staff/").url == "/accounts/2fa/totp/activate/"


def test_letters_are_in_both_languages():
    letters.send("first_operator", ["a@example.jp"], {"name": "A", "email": "a@example.jp", "link": "https://x"})
    assert "アカウント" in mail.outbox[0].body
    assert "set a password" in mail.outbox[0].body
