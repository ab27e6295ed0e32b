"""A row appended by one plain statement; a lost connection is tested over a real server (tests/flows)."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from portal import inserting
from portal.environments import services as environments
from tests.verifier.bench import a_provider
from verifier.models import EvidenceVersion

pytestmark = pytest.mark.django_db


def append(environment_id: int, token: uuid.UUID) -> None:
    columns = ("environment_id", "token")
    inserting.append("verifier_evidenceversion", columns, (environment_id, token.hex), unique="environment_id")


def test_the_row_is_there_and_a_second_one_of_the_same_name_is_an_error() -> None:
    environment = environments.request_sandbox(a_provider())[0]
    first, second = uuid.uuid4(), uuid.uuid4()
    append(environment.pk, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        append(environment.pk, second)
    assert EvidenceVersion.objects.get(pk=environment.pk).token == first
