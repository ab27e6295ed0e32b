"""An organisation is registered once, with a true corporate number; wrong input loses nothing."""

import pytest
from django.urls import reverse

from portal.audit.models import AuditEvent
from portal.providers.models import ServiceProvider
from tests import cast, organisations

pytestmark = pytest.mark.django_db
ANSWERS = {
    "name": "サンプル省",
    "name_english": "Ministry of Samples",
    "corporate_number": "７０００−０１２０−５０００２",
    "legal_basis": "administrative_body",
}


def register(client, **changes):
    return client.post(reverse("providers:provider-register"), {**ANSWERS, **changes})


def test_a_number_as_people_write_it_is_kept_as_thirteen_digits():
    client = cast.browser_of(cast.hanako())
    assert register(client).url == "/home/"
    provider = ServiceProvider.objects.get()
    assert provider.corporate_number == "7000012050002"
    assert provider.memberships.get().role == "owner"
    assert AuditEvent.objects.filter(action="provider.registered", provider=provider).count() == 1
    assert "サンプル省" in client.get(reverse("providers:provider-detail")).content.decode()


@pytest.mark.parametrize(
    ("basis", "page"),
    [
        ("certified_operator", "providers:accreditation-add"),
        ("behind_platform_operator", "providers:delegation-request"),
    ],
)
def test_the_legal_basis_decides_the_next_page(basis, page):
    client = cast.browser_of(cast.hanako())
    answer = register(client, legal_basis=basis)
    assert answer.url == reverse(page)
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("7000012050003", "corporate_number.check_digit"),
        ("700001205000", "corporate_number.length"),
        ("70000120500O2", "corporate_number.characters"),
        ("---", "corporate_number.empty"),
    ],
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_wrong_number_is_named_beside_its_field(number, code, language):
    client = cast.browser_of(cast.hanako())
    client.cookies["django_language"] = language
    answer = register(client, corporate_number=number)
    assert answer.status_code == 200
    assert [error.code for error in answer.context["form"].errors["corporate_number"].as_data()] == [code]
    page = answer.content.decode()
    assert 'value="サンプル省"' in page
    assert "法人番号" in page if language == "ja" else "corporate number" in page
    assert not ServiceProvider.objects.exists()


@pytest.mark.parametrize("value", ["a\0b", "x" * 201])
def test_a_name_that_cannot_be_stored_is_refused(value):
    assert "name" in register(cast.browser_of(cast.hanako()), name=value).context["form"].errors


def test_sent_twice_makes_one_organisation():
    client = cast.browser_of(cast.hanako())
    register(client)
    assert register(client).url == reverse("providers:provider-detail")
    assert ServiceProvider.objects.count() == 1


def test_the_number_of_another_organisation_is_refused():
    organisations.provider_of(cast.jiro())
    answer = register(cast.browser_of(cast.hanako()))
    assert "corporate_number" in answer.context["form"].errors
    assert ServiceProvider.objects.count() == 1


def test_reviewers_register_nothing():
    assert register(cast.browser_of(cast.reiko())).status_code == 403
    assert not ServiceProvider.objects.exists()
