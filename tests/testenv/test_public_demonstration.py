"""The public sandbox is made by the worker and keeps one answer that anyone may send to the API."""

from typing import Any

import pytest

from portal.environments import services as environments
from portal.providers import services as providers
from portal.providers.models import ApiClient
from testenv import services, tasks
from verifier import services as verifier

pytestmark = pytest.mark.django_db


def test_it_is_made_when_missing_and_verifies(few_personas: None, commit: Any) -> None:
    assert services.demonstration() is None
    for _ in range(2):
        with commit():
            tasks.keep_public_sandbox()
    body, key = services.demonstration(), services.demonstration_key()
    assert body is not None
    assert key is not None
    question = verifier.question_from_json(body)
    principal = providers.authenticate(key)
    assert principal.environment_id == environments.public_sandbox().pk
    assert verifier.verify(principal, question, request_id="demonstration").code == "ok"
    assert ApiClient.objects.filter(provider=None).count() == 1


def test_renewing_keeps_the_key(few_personas: None, commit: Any) -> None:
    with commit():
        tasks.keep_public_sandbox()
    before = services.demonstration_key()
    effect = tasks.renew_demonstration(environments.public_sandbox().pk)
    assert effect is not None
    effect()
    assert services.demonstration_key() == before
