"""API keys: shown once, never stored, two at most, revoked for good."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from portal.environments import services as environments
from portal.providers import services
from portal.providers.models import ApiClient
from tests import cast, organisations

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    provider = organisations.provider_of(cast.hanako())
    sandbox, _ = environments.request_sandbox(provider)
    environments.mark_ready(sandbox)
    return provider


def issue(client, provider, environment=None, name="本番サーバ"):
    environment = environment or environments.sandbox_of(provider)
    return client.post(reverse("providers:client-issue"), {"environment": environment.public_id, "name": name})


def test_a_key_is_shown_once_and_opens_the_door(provider):
    client = cast.browser_of(cast.hanako())
    answer = issue(client, provider)
    page = client.get(answer.url)
    text = page.context["text"]
    assert text.startswith("spk_test_")
    assert text in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert services.authenticate(text).provider_id == provider.pk
    again = client.get(answer.url)
    assert again.status_code == 200
    assert text not in again.content.decode()
    listed = client.get(reverse("providers:client-list")).content.decode()
    assert text[:17] in listed
    assert text not in listed


def test_the_key_is_nowhere_in_the_database_while_it_waits_to_be_shown(provider):
    client = cast.browser_of(cast.hanako())
    answer = issue(client, provider)
    kept = [str(row) for row in ApiClient.objects.values()] + [str(s.get_decoded()) for s in Session.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        kept += [str(row) for row in cursor.fetchall()]
    text = client.get(answer.url).context["text"]
    assert text[18:50] not in "".join(kept)


def test_at_most_two_live_keys_for_an_environment(provider):
    client = cast.browser_of(cast.hanako())
    issue(client, provider)
    issue(client, provider)
    refused = issue(client, provider)
    assert "2本" in refused.content.decode()
    assert ApiClient.objects.count() == 2
    client.post(reverse("providers:client-revoke", args=[ApiClient.objects.first().pk]))
    assert issue(client, provider).status_code == 302


def test_revoking_is_confirmed_and_final(provider):
    client = cast.browser_of(cast.hanako())
    text = client.get(issue(client, provider).url).context["text"]
    page = reverse("providers:client-revoke", args=[ApiClient.objects.get().pk])
    assert client.get(page).status_code == 200
    assert services.authenticate(text)
    client.post(page)
    with pytest.raises(services.KeyRefused, match="revoked"):
        services.authenticate(text)
    ended = ApiClient.objects.get().revoked_at
    client.post(page)
    assert ApiClient.objects.get().revoked_at == ended


def test_production_keys_need_an_entitled_organisation(provider):
    client = cast.browser_of(cast.hanako())
    answer = issue(client, provider, environment=environments.production())
    assert answer.status_code == 200
    assert "environment" in answer.context["form"].errors
    services.confirm_basis(provider, by=cast.reiko())
    answer = issue(client, provider, environment=environments.production())
    assert client.get(answer.url).context["text"].startswith("spk_live_")


def test_environments_and_keys_of_others_do_not_exist(provider):
    issue(cast.browser_of(cast.hanako()), provider)
    organisations.provider_of(cast.jiro(), number=organisations.SECOND_NUMBER)
    client = cast.browser_of(cast.jiro())
    assert "environment" in issue(client, provider).context["form"].errors
    key = ApiClient.objects.get()
    assert client.get(reverse("providers:client-issued", args=[key.pk])).status_code == 404
    assert client.post(reverse("providers:client-revoke", args=[key.pk])).status_code == 404
    assert ApiClient.objects.get().revoked_at is None


def test_members_see_keys_and_owners_issue_them(provider):
    organisations.seat(cast.taro(), provider)
    client = cast.browser_of(cast.taro())
    assert client.get(reverse("providers:client-list")).status_code == 200
    assert issue(client, provider).status_code == 403
    assert not ApiClient.objects.exists()
