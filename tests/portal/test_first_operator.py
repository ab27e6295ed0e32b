"""The command that names the first operator works once, whatever became of whoever it named."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command, get_commands
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import services, staff
from portal.accounts.models import FirstOperator, StaffGrant, User
from portal.audit.models import AuditEvent
from tests import cast

pytestmark = pytest.mark.django_db
FIRST, SECOND = "osamu@j-lis.example.jp", "sanae@j-lis.example.jp"


def name_first(email=FIRST, second=SECOND):
    out = StringIO()
    call_command("first_operator", email, "--name", "運用 修", "--second", second, "--second-name", "次席", stdout=out)
    return out.getvalue()


def test_it_makes_one_operator_and_proposes_another_for_them_to_confirm():
    printed = name_first()
    first = User.objects.get()
    assert (first.email, first.role) == (FIRST, "operator")
    password = printed.split("Password: ")[1].split()[0]
    answer = Client().post(reverse("account_login"), {"login": FIRST, "password": password})
    assert answer.url == "/home/"
    grant = StaffGrant.objects.get()
    assert (grant.email, grant.role, grant.proposed_by, grant.confirmed_at) == (SECOND, "operator", None, None)
    staff.confirm(grant, by=first, at=timezone.now())
    assert mail.outbox[0].to == [SECOND]
    assert set(AuditEvent.objects.values_list("action", flat=True)) >= {"person.role_changed", "staff.proposed"}


def test_elsewhere_no_password_is_printed_and_a_mail_says_how_to_set_one(settings):
    settings.EMBEDDED = False
    settings.SITE_URL = "https://portal.example.go.jp"
    assert "Password" not in name_first()
    assert mail.outbox[0].to == [FIRST]
    assert "https://portal.example.go.jp/accounts/password/reset/" in mail.outbox[0].body
    assert not User.objects.get().has_usable_password()


def test_a_second_time_is_refused_and_makes_nobody():
    name_first()
    with pytest.raises(CommandError):
        name_first("other@example.jp", "third@example.jp")
    assert User.objects.count() == StaffGrant.objects.count() == 1


def test_it_stays_refused_when_the_first_operator_is_gone():
    name_first()
    User.objects.update(is_active=False, role="member")
    with pytest.raises(CommandError):
        name_first("other@example.jp", "third@example.jp")


def test_the_database_keeps_the_one_row():
    name_first()
    other = cast.hanako()
    for number in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            FirstOperator.objects.create(id=number, user=other, made_at=timezone.now())


def test_one_person_cannot_be_both():
    with pytest.raises(CommandError):
        name_first(FIRST, FIRST.upper())
    assert not User.objects.exists()


@pytest.mark.parametrize("addresses", [("osamu", SECOND), (FIRST, "sanae")])
def test_a_wrong_address_makes_nobody(addresses):
    with pytest.raises(CommandError, match="not an e-mail address"):
        name_first(*addresses)
    assert not User.objects.exists()


def test_there_is_no_other_command_to_a_role(settings):
    assert "appoint" not in get_commands()
    settings.EMBEDDED = False
    with pytest.raises(services.StaffByInvitationOnly):
        services.create_person(email="r@example.jp", name="R", password=None, role="reviewer", by="somebody")


def test_there_is_no_superuser_and_no_django_admin():
    assert not {"is_superuser", "is_staff", "user_permissions", "groups"} & {f.name for f in User._meta.get_fields()}
    user = User(email="x@example.jp", is_active=True)
    user.is_superuser = user.is_staff = True
    assert user.is_member
    assert Client().get("/admin/").status_code == 404
