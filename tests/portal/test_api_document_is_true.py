"""The committed OpenAPI document is what the code says, is valid OpenAPI 3.1, and speaks both languages."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openapi_spec_validator import validate

from portal.api.document import document


def test_the_committed_document_is_up_to_date() -> None:
    call_command("openapi", "--check")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_is_valid_openapi(language: str) -> None:
    whole = document(language)
    assert whole["openapi"].startswith("3.1")
    validate(json.loads(json.dumps(whole)))


# Open to anybody, without a key.
PUBLIC = (
    "/api/v1/certificate-kinds",
    "/api/v1/return-servers/",
)


def test_every_operation_needs_the_key_and_tells_its_problems() -> None:
    for path, item in document("en")["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in item.values():
            if path.startswith(PUBLIC):
                assert operation.get("security") is None, path
                assert "200" in operation["responses"]
                assert "401" not in operation["responses"], path
            else:
                # Without a key the change log is production's, for anybody; with one, its environment's.
                is_open = path.startswith("/api/v1/whitelist/log/")
                assert operation.get("security") == (None if is_open else [{"apiKey": []}]), path
                assert {"200", "401", "429"} <= set(operation["responses"]), path
            assert operation["summary"]


WORDS = {"description", "summary", "title", "detail", "advice", "reason_meaning"}


def bare(value: Any) -> Any:
    """The document without its sentences."""
    if isinstance(value, dict):
        return {name: bare(item) for name, item in value.items() if name not in WORDS or not isinstance(item, str)}
    return [bare(item) for item in value] if isinstance(value, list) else value


def test_only_words_differ_between_the_languages() -> None:
    english, japanese = bare(document("en")), bare(document("ja"))
    assert list(english.pop("x-field-codes")) == list(japanese.pop("x-field-codes"))
    assert english == japanese


@pytest.mark.django_db
def test_it_is_served_for_machines() -> None:
    response = Client().get(reverse("api:openapi"))
    assert response.json()["openapi"].startswith("3.1")


@pytest.mark.django_db
def test_the_published_keys_are_a_jwk_set() -> None:
    response = Client().get(reverse("jwks"))
    assert response["Content-Type"] == "application/jwk-set+json"
    assert "keys" in response.json()
