"""E-mail, code by mail, second factor, organisation: nobody gets past a step that is not done."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts.models import User
from tests import cast

pytestmark = pytest.mark.django_db
ANSWERS = {
    "name": "申請 花子",
    "email": "hanako@example.jp",
    "password1": "correct horse battery staple",
}


def one_time_code(secret):
    counter = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(secret, counter))


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), {**ANSWERS, **changes})


def test_the_whole_way_from_e_mail_to_the_organisation_form():
    client = Client()
    assert sign_up(client).url == reverse("account_email_verification_sent")
    assert client.get("/home/").url.startswith(reverse("account_login"))

    answer = client.post(reverse("account_email_verification_sent"), {"code": cast.code_in(mail.outbox[0])})
    assert answer.url == "/organisation/register/"
    for practice in ("/organisation/register/", "/home/"):
        assert client.get(practice).status_code == 200  # the second factor may wait
    assert client.get("/organisation/members/").url == reverse("mfa_activate_totp")

    page = client.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, page.url
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": one_time_code(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert len(client.get(answer.url).context["unused_codes"]) == 10

    assert client.get("/home/").url == "/organisation/members/"  # the page that was asked for last
    assert client.get("/organisation/register/").status_code == 200
    assert client.get("/home/").status_code == 200
    assert User.objects.get().name == "申請 花子"
    assert User.objects.get().role == "member"


def test_log_in_asks_for_the_second_factor():
    cast.hanako()
    client = Client()
    answer = client.post(reverse("account_login"), {"login": "HANAKO@example.jp", "password": cast.PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    assert client.get("/home/").url.startswith(reverse("account_login"))
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    answer = client.post(reverse("mfa_authenticate"), {"code": one_time_code(cast.TOTP_SECRET)})
    assert answer.url == "/home/"
    assert client.get("/home/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"name": "  "}, "name"),
        ({"password1": "short"}, "password1"),
        ({"password1": "password1234"}, "password1"),
    ],
)
def test_wrong_answers_are_named_and_make_nobody(changes, field):
    answer = sign_up(Client(), **changes)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not User.objects.exists()


def test_a_known_address_is_not_told_to_a_stranger():
    cast.hanako()
    assert sign_up(Client()).url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert "/accounts/password/reset/" in mail.outbox[0].body


def test_a_wrong_code_three_times_ends_the_attempt():
    client = Client()
    sign_up(client)
    answers = [client.post(reverse("account_email_verification_sent"), {"code": "AAAAAA"}) for _ in range(3)]
    assert answers[0].status_code == 200
    assert answers[2].status_code == 302
    assert client.get("/home/").url.startswith(reverse("account_login"))


def test_sign_up_cannot_choose_a_role():
    sign_up(Client(), role="reviewer", is_active="1")
    assert User.objects.get().role == "member"


def test_secrets_of_the_second_factor_are_not_stored_as_they_are():
    cast.hanako()
    assert Authenticator.objects.count() == 2
    assert cast.TOTP_SECRET not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_there_is_no_log_in_through_others():
    with pytest.raises(NoReverseMatch):
        reverse("socialaccount_connections")
    assert Client().get("/accounts/3rdparty/").status_code == 404


OPEN_BEFORE = ["/home/", "/organisation/register/", "/test-environment/", "/verifications/"]
CLOSED_BEFORE = [
    "/organisation/",
    "/organisation/members/",
    "/organisation/members/invite/",
    "/organisation/keys/",
    "/organisation/keys/issue/",
    "/whitelist/add/",
    "/whitelist/applications/",
    "/whitelist/applications/new/",
    "/account/sessions/1/end/",
]


def test_before_the_second_factor_a_member_practises_and_nothing_else():
    user = cast.person("Hanako")
    Authenticator.objects.filter(user=user).delete()
    client = cast.browser_of(user)
    for address in OPEN_BEFORE:
        assert client.get(address).status_code in {200, 302}
        assert client.get(address, follow=True).request["PATH_INFO"] != reverse("mfa_activate_totp")
    for address in CLOSED_BEFORE:
        for ask in (client.get, client.post):
            assert ask(address).url == reverse("mfa_activate_totp"), address


def test_staff_get_nothing_at_all_before_it():
    user = cast.person("Reiko", "reviewer")
    Authenticator.objects.filter(user=user).delete()
    client = cast.browser_of(user)
    for address in [*OPEN_BEFORE, *CLOSED_BEFORE, "/review/", "/staff/"]:
        assert client.get(address).url == reverse("mfa_activate_totp"), address
