"""Back into an account without second factors: the mailbox, two operators who are somebody else, and a delay."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.utils import timezone

from portal.accounts import recovery, recovery_mail, sessions
from portal.accounts.models import PersonRecovery, User
from portal.accounts.refusals import Refused
from portal.accounts.tasks import ask_for_lapses, ask_for_recoveries
from portal.audit.models import AuditEvent
from portal.jobs.models import Job
from tests import cast

pytestmark = pytest.mark.django_db
ASK = "/account/recovery/"
PROOF = {"lost": "everything", "contact": "代表 03-0000-0000 総務課"}


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    mail.outbox.clear()


@pytest.fixture
def hanako():
    return cast.hanako()


@pytest.fixture
def osamu():
    return cast.osamu()


@pytest.fixture
def sanae():
    return cast.person("Sanae", "operator")


def now():
    return timezone.now()


def committed():
    """What the block asks of the workers is done at its end."""
    return TestCase.captureOnCommitCallbacks(execute=True)


def proven(user):
    made = recovery.ask(user.email, at=now())
    return recovery.prove(recovery_mail.proof_token(made), **PROOF, at=now())


def proposed(user, by):
    return recovery.propose(proven(user), grounds="折り返し電話で確認", by=by, at=now())


def confirmed(user, first, second):
    return recovery.confirm(proposed(user, first), by=second, at=now())


def refused(code, verb, *args, **kwargs):
    before = list(PersonRecovery.objects.values())
    with pytest.raises(Refused) as raised:
        verb(*args, **kwargs)
    assert raised.value.code == code
    assert list(PersonRecovery.objects.values()) == before


def factors(user):
    return Authenticator.objects.filter(user=user).count()


def lines():
    found = AuditEvent.objects.filter(action__startswith="person.recovery").order_by("id")
    return list(found.values_list("action", flat=True))


# The whole way


def test_the_factors_go_after_two_operators_and_the_delay(hanako, osamu, sanae, settings):
    settings.PERSON_RECOVERY_HOURS = 24
    elsewhere = cast.browser_of(hanako)
    made = confirmed(hanako, osamu, sanae)
    assert made.due_at - made.second_at == timedelta(hours=24)
    assert recovery.due(made.due_at - timedelta(seconds=1)) == []
    assert not recovery.complete(made.pk, at=made.due_at - timedelta(seconds=1))
    assert factors(hanako) == 2
    assert recovery.due(made.due_at) == [made.pk]
    assert recovery.complete(made.pk, at=made.due_at)
    assert factors(hanako) == 0
    assert elsewhere.get("/account/").status_code == 302  # that session has ended
    assert not recovery.complete(made.pk, at=made.due_at), "once is enough"
    assert lines() == [
        "person.recovery_asked",
        "person.recovery_proven",
        "person.recovery_first_confirmed",
        "person.recovery_second_confirmed",
        "person.recovery_done",
    ]


def test_afterwards_the_password_opens_and_a_new_factor_is_asked_for(osamu, sanae):
    reiko = cast.reiko()
    made = confirmed(reiko, osamu, sanae)
    recovery.complete(made.pk, at=made.due_at)
    client = Client()
    assert client.post("/accounts/login/", {"login": reiko.email, "password": cast.PASSWORD}).status_code == 302
    assert client.get("/review/").url == "/accounts/2fa/totp/activate/"


def test_the_trail_holds_nothing_the_person_wrote(hanako, osamu, sanae):
    confirmed(hanako, osamu, sanae)
    for event in AuditEvent.objects.filter(action__startswith="person.recovery"):
        assert event.details in ({}, {"lost": "everything"})
        assert hanako.email not in str(event.details)


def test_the_worker_does_what_is_due(hanako, osamu, sanae, settings):
    settings.PERSON_RECOVERY_HOURS = 0
    with committed():
        confirmed(hanako, osamu, sanae)
    with committed():
        ask_for_recoveries()
    assert factors(hanako) == 0


# Asking


def test_the_answer_is_the_same_with_and_without_an_account(hanako):
    pages, jobs = [], []
    for email in (hanako.email, "nobody1@example.jp"):
        answer = Client().post(ASK, {"email": email})
        pages.append((answer.status_code, answer.content.decode().replace(email, "…")))
        jobs.append(Job.objects.latest("id").name)
    assert re.sub(r'value="\w+"', "", pages[0][1]) == re.sub(r'value="\w+"', "", pages[1][1])
    assert pages[0][0] == pages[1][0] == 200
    assert jobs == ["accounts.ask_recovery"] * 2


def test_only_a_known_address_gets_a_mail(hanako):
    for email, sent in (("nobody@example.jp", 0), (hanako.email.upper(), 1)):
        with committed():
            Client().post(ASK, {"email": email})
        assert len(mail.outbox) == sent
    assert "/account/recovery/prove/" in mail.outbox[0].body
    assert "アカウントの回復の申し出がありました" in mail.outbox[0].body


def test_asking_is_limited_for_every_address_alike(hanako):
    for email in (hanako.email, "nobody@example.jp"):
        cache.clear()
        answers = [Client().post(ASK, {"email": email}).status_code for _ in range(4)]
        assert answers == [200, 200, 200, 429]
    cache.clear()
    by_client = [Client().post(ASK, {"email": f"n{n}@example.jp"}).status_code for n in range(11)]
    assert by_client == [200] * 10 + [429]


@pytest.mark.parametrize("wrong", ["", "x", "a@b", "あ@", "a" * 300 + "@example.jp", "a\0@example.jp"])
def test_what_is_no_address_is_named(wrong):
    answer = Client().post(ASK, {"email": wrong})
    assert answer.status_code == 200
    assert "email" in answer.context["form"].errors
    assert not Job.objects.exists()


def test_without_a_second_factor_there_is_nothing_to_recover(hanako):
    Authenticator.objects.filter(user=hanako).delete()
    with committed():
        assert recovery.ask(hanako.email, at=now()) is None
    assert "回復は必要ありません" in mail.outbox[0].body
    assert not PersonRecovery.objects.exists()


def test_a_closed_account_is_not_recovered(hanako):
    User.objects.filter(pk=hanako.pk).update(is_active=False)
    assert recovery.ask(hanako.email, at=now()) is None


def test_addresses_typed_by_strangers_are_forgotten(hanako):
    with committed():
        Client().post(ASK, {"email": "nobody@example.jp"})
    Job.objects.update(closed_at=now() - timedelta(hours=2))
    with committed():
        ask_for_lapses()
    assert not Job.objects.filter(name="accounts.ask_recovery").exists()


# The link


def test_opening_the_link_changes_nothing_and_its_button_proves(hanako):
    made = recovery.ask(hanako.email, at=now())
    path = f"/account/recovery/prove/{recovery_mail.proof_token(made)}/"
    for _ in range(3):
        assert Client().get(path).status_code == 200
        assert Client().head(path).status_code == 405
    made.refresh_from_db()
    assert made.proven_at is None
    with committed():
        assert "これから運用担当者2人" in Client().post(path, PROOF).content.decode()
    made.refresh_from_db()
    assert (made.lost, made.contact) == ("everything", PROOF["contact"])
    assert "心当たりがない場合は" in mail.outbox[-1].body
    assert Client().get(path).status_code == Client().post(path, PROOF).status_code == 404


def test_what_is_missing_is_named_and_the_link_still_works(hanako):
    made = recovery.ask(hanako.email, at=now())
    path = f"/account/recovery/prove/{recovery_mail.proof_token(made)}/"
    answer = Client().post(path, {"lost": "nothing", "contact": ""})
    assert set(answer.context["form"].errors) == {"lost", "contact"}
    assert Client().get(path).status_code == 200


def test_a_link_is_short_lived_and_a_newer_one_replaces_it(hanako):
    made = recovery.ask(hanako.email, at=now() - timedelta(minutes=31))
    old = recovery_mail.proof_token(made)
    assert recovery.by_link(old, at=now()) is None
    refused("recovery.link_over", recovery.prove, old, **PROOF, at=now())
    newer = recovery.ask(hanako.email, at=now())
    assert newer.pk == made.pk
    assert recovery.by_link(old, at=now()) is None
    assert recovery.by_link(recovery_mail.proof_token(newer), at=now()) == made


@pytest.mark.parametrize("token", ["x", "a:b:c", "WzEsMl0:1:x", "%00", "あ"])
def test_what_we_did_not_write_opens_nothing(token):
    for kind in ("prove", "stop"):
        assert Client().get(f"/account/recovery/{kind}/{token}/").status_code == 404
        assert Client().post(f"/account/recovery/{kind}/{token}/", PROOF).status_code == 404


def test_asked_again_while_operators_look_the_first_request_stands(hanako):
    made = proven(hanako)
    with committed():
        assert recovery.ask(hanako.email, at=now()) == made
    assert "あらためて申し出る必要はありません" in mail.outbox[-1].body
    assert PersonRecovery.objects.count() == 1


# Four eyes


def test_nobody_but_operators_decides(hanako, osamu, sanae):
    made = proven(hanako)
    for somebody in (cast.taro(), cast.reiko(), cast.aoi(), hanako):
        refused("staff.not_an_operator", recovery.propose, made, grounds="x", by=somebody, at=now())
        refused("staff.not_an_operator", recovery.confirm, made, by=somebody, at=now())
        refused("staff.not_an_operator", recovery.refuse, made, by=somebody, at=now())


def test_one_operator_is_not_enough(hanako, osamu):
    refused("recovery.not_proposed", recovery.confirm, proven(hanako), by=osamu, at=now())
    made = recovery.propose(PersonRecovery.objects.get(), grounds="x", by=osamu, at=now())
    refused("recovery.two_people", recovery.confirm, made, by=osamu, at=now())
    refused("recovery.proposed_already", recovery.propose, made, grounds="y", by=osamu, at=now())


def test_nobody_decides_on_their_own_account(osamu, sanae):
    made = proven(osamu)
    refused("recovery.oneself", recovery.propose, made, grounds="x", by=osamu, at=now())
    refused("recovery.oneself", recovery.refuse, made, by=osamu, at=now())
    made = recovery.propose(made, grounds="x", by=sanae, at=now())
    refused("recovery.oneself", recovery.confirm, made, by=osamu, at=now())


def test_who_proposed_must_be_an_operator_still(hanako, osamu, sanae):
    made = proposed(hanako, osamu)
    User.objects.filter(pk=osamu.pk).update(is_active=False)
    refused("recovery.first_left", recovery.confirm, made, by=sanae, at=now())


def test_the_second_confirmation_counts_once(hanako, osamu, sanae):
    made = confirmed(hanako, osamu, sanae)
    third = cast.person("Satoru", "operator")
    refused("recovery.confirmed_already", recovery.confirm, made, by=third, at=now())
    refused("recovery.proposed_already", recovery.propose, made, grounds="x", by=third, at=now())


@pytest.mark.parametrize("left", ["first_by", "second_by"])
def test_who_was_sent_away_in_the_meantime_lets_nobody_in(hanako, osamu, sanae, left):
    made = confirmed(hanako, osamu, sanae)
    User.objects.filter(pk=getattr(made, left).pk).update(role="member")
    assert not recovery.complete(made.pk, at=made.due_at)
    made.refresh_from_db()
    assert made.closing == "confirmer_left"
    assert factors(hanako) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_by": "person"},
        {"first_by": "osamu", "second_by": "osamu"},
        {"first_by": "osamu", "second_by": "person"},
        {"second_by": "osamu"},
        {"first_by": "osamu", "second_by": "sanae", "done_at": "early"},
        {"done_at": "early"},
        {"closing": "stopped"},
        {"closing": "whatever", "closed_at": "early"},
    ],
)
def test_the_database_holds_the_rule_too(hanako, osamu, sanae, wrong):
    made = proven(hanako)
    known = {"person": hanako, "osamu": osamu, "sanae": sanae, "early": now()}
    values = {name: known.get(value, value) for name, value in wrong.items()}
    if "second_by" in wrong and "done_at" in wrong:
        values["due_at"] = now() + timedelta(hours=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonRecovery.objects.filter(pk=made.pk).update(**values)


def test_the_database_refuses_a_second_open_one(hanako):
    proven(hanako)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonRecovery.objects.create(user=hanako, asked_at=now(), expires_at=now())


# Ends


def test_the_link_in_the_mail_stops_it_by_its_button_alone(hanako, osamu, sanae):
    with committed():
        made = confirmed(hanako, osamu, sanae)
    path = re.search(r"/account/recovery/stop/\S+/", mail.outbox[-1].body)[0]
    assert Client().get(path).status_code == 200
    made.refresh_from_db()
    assert made.is_open
    with committed():
        assert Client().post(path).status_code == 200
    made.refresh_from_db()
    assert (made.closing, made.closed_by) == ("stopped", None)
    assert not recovery.complete(made.pk, at=made.due_at)
    assert factors(hanako) == 2
    assert "止められました" in mail.outbox[-1].body
    assert Client().post(path).status_code == 404
    assert AuditEvent.objects.get(action="person.recovery_stopped").actor_label == "mail link"


def test_who_can_log_in_after_all_stops_it_on_their_page(hanako, osamu):
    made = proposed(hanako, osamu)
    browser = cast.browser_of(hanako)
    assert "あなたのアカウントの回復の申し出があります" in browser.get("/account/").content.decode()
    assert browser.post("/account/recovery/stop/").url == "/account/"
    made.refresh_from_db()
    assert (made.closing, made.closed_by) == ("stopped", hanako)
    assert "すでに終わっています" in browser.post("/account/recovery/stop/", follow=True).content.decode()


def test_nobody_stops_another_person_s(hanako):
    refused("recovery.not_yours", recovery.stop, proven(hanako), by=cast.taro(), at=now())


def test_one_operator_refuses(hanako, osamu, sanae):
    made = proposed(hanako, osamu)
    with committed():
        recovery.refuse(made, by=sanae, at=now())
    assert "確認できませんでした" in mail.outbox[-1].body
    for verb in (recovery.confirm, recovery.refuse):
        refused("recovery.over", verb, made, by=sanae, at=now())
    refused("recovery.over", recovery.stop, made, by=None, at=now())


def test_a_delay_that_runs_can_still_be_refused(hanako, osamu, sanae):
    made = confirmed(hanako, osamu, sanae)
    later = made.expires_at + timedelta(days=1)  # the days to confirm are over; it is confirmed
    assert recovery.lapse(at=later) == 0
    recovery.refuse(made, by=osamu, at=later)
    assert not recovery.complete(made.pk, at=later)


def test_what_nobody_goes_on_with_lapses(hanako, osamu, sanae):
    with committed():
        made = proposed(hanako, osamu)
        later = made.expires_at
        refused("recovery.over", recovery.confirm, made, by=sanae, at=later)
        assert recovery.lapse(at=later - timedelta(seconds=1)) == 0
        assert recovery.lapse(at=later) == 1
    assert "取りやめになりました" in mail.outbox[-1].body
    assert recovery.ask(hanako.email, at=later).pk != made.pk


def test_an_unused_link_lapses_without_a_mail(hanako):
    with committed():
        recovery.ask(hanako.email, at=now() - timedelta(hours=1))
    mail.outbox.clear()
    with committed():
        ask_for_lapses()
    assert PersonRecovery.objects.get().closing == "lapsed"
    assert not mail.outbox


# The operators' pages


def test_only_what_is_proven_is_shown_and_only_to_operators(hanako, osamu):
    made = recovery.ask(hanako.email, at=now())
    browser = cast.browser_of(osamu)
    assert hanako.email not in browser.get("/staff/recoveries/").content.decode()
    assert "待っている人はいません" in browser.get("/staff/recoveries/").content.decode()
    assert browser.get(f"/staff/recoveries/{made.pk}/").status_code == 404
    recovery.prove(recovery_mail.proof_token(made), **PROOF, at=now())
    assert hanako.email in browser.get("/staff/recoveries/").content.decode()
    assert PROOF["contact"] in browser.get(f"/staff/recoveries/{made.pk}/").content.decode()
    for somebody in (hanako, cast.reiko(), cast.aoi()):
        assert cast.browser_of(somebody).get(f"/staff/recoveries/{made.pk}/").status_code == 404


def test_both_confirmations_ask_for_a_fresh_log_in(hanako, osamu, sanae):
    made = proven(hanako)
    path, grounds = f"/staff/recoveries/{made.pk}/", {"grounds": "折り返し電話"}
    for user, act, answers in ((osamu, "propose", grounds), (sanae, "confirm", {})):
        browser = cast.browser_of(user)
        assert "fresh-password" in browser.post(f"{path}{act}/", answers).content.decode()
        made.refresh_from_db()
        assert (made.first_by if act == "propose" else made.second_by) is None
        assert browser.post(f"{path}{act}/", answers | cast.proof(user)).url == path
    made.refresh_from_db()
    assert (made.first_by, made.second_by) == (osamu, sanae)


def test_the_first_confirmation_needs_grounds(hanako, osamu):
    made = proven(hanako)
    answer = cast.browser_of(osamu).post(f"/staff/recoveries/{made.pk}/propose/", {"grounds": " "} | cast.proof(osamu))
    assert answer.context["form"].errors
    made.refresh_from_db()
    assert made.first_by is None


def test_the_page_offers_what_the_reader_may_do(hanako, osamu, sanae):
    made = proposed(hanako, osamu)
    path = f"/staff/recoveries/{made.pk}/"
    assert f"{path}confirm/" not in cast.browser_of(osamu).get(path).content.decode()
    assert f"{path}confirm/" in cast.browser_of(sanae).get(path).content.decode()
    own = proven(sanae)
    page = cast.browser_of(sanae).get(f"/staff/recoveries/{own.pk}/").content.decode()
    assert "ほかの運用担当者2人が判断します" in page
    assert f"/staff/recoveries/{own.pk}/refuse/" not in page


def test_refusing_is_one_press_and_stands_in_the_list(hanako, osamu):
    made = proven(hanako)
    browser = cast.browser_of(osamu)
    assert browser.post(f"/staff/recoveries/{made.pk}/refuse/").url == "/staff/recoveries/"
    assert "運用担当者が認めませんでした" in browser.get("/staff/recoveries/").content.decode()


def test_all_sessions_end_with_it(hanako, osamu, sanae):
    before = hanako.session_epoch
    made = confirmed(hanako, osamu, sanae)
    recovery.complete(made.pk, at=made.due_at)
    hanako.refresh_from_db()
    assert hanako.session_epoch == before + 1
    assert sessions.of(hanako) == []
