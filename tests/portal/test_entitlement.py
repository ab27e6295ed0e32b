"""Who may have production calls answered, and what makes it so."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.providers import services
from portal.providers.accreditation import Entitled, jst_day
from portal.providers.models import Accreditation, Delegation, Membership
from tests import cast, files, organisations

pytestmark = pytest.mark.django_db


def standing(provider):
    provider.refresh_from_db()
    today = services.entitlement_now(provider)
    return "entitled" if isinstance(today, Entitled) else today.code


def file_url(provider, name="provider-file", **more):
    return reverse(f"providers:{name}", kwargs={"public_id": provider.public_id, **more})


CONFIRM = {"decision": "confirm"}


def standing_url(provider, kind="basis", pk=0):
    return file_url(provider, "standing-decide", kind=kind, pk=pk)


def notice(name="notice.pdf"):
    return SimpleUploadedFile(name, files.pdf())


def test_an_administrative_body_once_a_reviewer_has_confirmed_it():
    provider = organisations.provider_of(cast.hanako())
    assert standing(provider) == "provider.not_confirmed"
    reviewer = cast.browser_of(cast.reiko())
    assert standing_url(provider) in reviewer.get(file_url(provider)).content.decode()
    reviewer.post(standing_url(provider), CONFIRM)
    reviewer.post(standing_url(provider), CONFIRM)
    assert standing(provider) == "entitled"
    assert AuditEvent.objects.filter(action="provider.basis_confirmed").count() == 1


def test_a_certified_operator_on_the_days_of_a_confirmed_certification():
    hanako = cast.hanako()
    provider = organisations.provider_of(hanako, basis="certified_operator")
    assert standing(provider) == "provider.no_accreditation"
    today = jst_day(timezone.now())
    days = {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=1)).isoformat()}
    client = cast.browser_of(hanako)
    for _ in range(2):  # sent twice
        client.post(reverse("providers:accreditation-add"), {"number": "見本第1号", "evidence": notice(), **days})
    row = Accreditation.objects.get()
    assert standing(provider) == "provider.accreditation_not_confirmed"
    cast.browser_of(cast.reiko()).post(standing_url(provider, "certification", row.pk), CONFIRM)
    assert standing(provider) == "entitled"
    assert isinstance(services.entitlement(provider, on=today + timedelta(days=1)), Entitled)
    assert services.entitlement(provider, on=today + timedelta(days=2)).code == "provider.accreditation_over"


def test_days_that_cannot_be_are_refused():
    provider = organisations.provider_of(cast.hanako(), basis="certified_operator")
    answers = {"number": "見本第1号", "valid_from": "2026-02-02", "valid_until": "2026-02-01"}
    answer = cast.browser_of(cast.hanako()).post(reverse("providers:accreditation-add"), answers)
    assert "valid_until" in answer.context["form"].errors
    assert standing(provider) == "provider.no_accreditation"


def asked_delegation():
    operator = organisations.platform_operator(cast.jiro())
    provider = organisations.provider_of(cast.hanako(), basis="behind_platform_operator")
    answers = {"operator": operator.pk, "valid_from": date(2026, 1, 1).isoformat()}
    cast.browser_of(cast.hanako()).post(reverse("providers:delegation-request"), answers)
    return provider, Delegation.objects.get()


def decide(user, row, decision):
    return cast.browser_of(user).post(reverse("providers:delegation-decide", args=[row.pk]), {"decision": decision})


def test_behind_a_platform_operator_once_its_owner_accepts_until_it_ends():
    provider, row = asked_delegation()
    assert standing(provider) == "provider.delegation_not_accepted"
    decide(cast.jiro(), row, "accept")
    assert standing(provider) == "provider.delegation_not_confirmed"
    cast.browser_of(cast.reiko()).post(standing_url(provider, "delegation", row.pk), CONFIRM)
    assert standing(provider) == "entitled"
    decide(cast.jiro(), row, "decline")  # the browser's back button after the decision
    assert standing(provider) == "entitled"
    decide(cast.hanako(), row, "end")
    assert standing(provider) == "provider.delegation_over"


def test_the_applicant_cannot_accept_for_the_operator():
    provider, row = asked_delegation()
    decide(cast.hanako(), row, "accept")
    assert standing(provider) == "provider.delegation_not_accepted"


def test_a_member_of_the_operator_who_is_no_owner_gets_403_in_words():
    _, row = asked_delegation()
    organisations.seat(cast.taro(), row.operator)
    answer = decide(cast.taro(), row, "accept")
    assert answer.status_code == 403
    assert "管理者" in answer.content.decode()


def test_a_declined_operator_can_be_asked_again():
    provider, row = asked_delegation()
    decide(cast.jiro(), row, "decline")
    assert standing(provider) == "provider.no_delegation"
    answers = {"operator": row.operator_id, "valid_from": date(2026, 1, 1).isoformat()}
    cast.browser_of(cast.hanako()).post(reverse("providers:delegation-request"), answers)
    decide(cast.jiro(), row, "accept")
    assert standing(provider) == "provider.delegation_not_confirmed"


def test_only_platform_operators_can_be_asked():
    other = organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    organisations.provider_of(cast.hanako(), basis="behind_platform_operator")
    answers = {"operator": other.pk, "valid_from": "2026-01-01"}
    answer = cast.browser_of(cast.hanako()).post(reverse("providers:delegation-request"), answers)
    assert answer.status_code == 200
    assert not Delegation.objects.exists()


def test_a_reviewer_who_belongs_to_the_organisation_cannot_confirm_it():
    provider = organisations.provider_of(cast.hanako())
    Membership.objects.create(provider=provider, user=cast.renji())
    client = cast.browser_of(cast.renji())
    assert standing_url(provider) not in client.get(file_url(provider)).content.decode()
    client.post(standing_url(provider), CONFIRM)
    assert standing(provider) == "provider.not_confirmed"


def test_operators_look_and_do_not_confirm():
    provider = organisations.provider_of(cast.hanako())
    client = cast.browser_of(cast.osamu())
    assert client.get(file_url(provider)).status_code == 200
    assert client.post(standing_url(provider), CONFIRM).status_code == 403
    assert standing(provider) == "provider.not_confirmed"


def test_members_cannot_look_at_the_reviewers_pages():
    provider = organisations.provider_of(cast.hanako())
    client = cast.browser_of(cast.hanako())
    assert client.get(file_url(provider)).status_code == 404
    assert client.get(reverse("providers:provider-directory")).status_code == 404
    assert client.post(standing_url(provider), CONFIRM).status_code == 404
