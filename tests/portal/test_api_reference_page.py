"""The reference page tells everything the document does, in both languages, and every problem's `type` leads to it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

from portal import problems
from portal.api.document import document
from verifier.messages import verdict_words

pytestmark = pytest.mark.django_db


def page(language: str) -> str:
    client = Client()
    client.cookies["django_language"] = language
    response = client.get(reverse("api-reference"))
    assert response.status_code == 200
    html: str = response.content.decode()
    return html


@pytest.mark.parametrize("language", ["ja", "en"])
def test_operations_codes_and_shapes_each_have_their_place(language: str) -> None:
    html = page(language)
    whole = document(language)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    wanted = {operation["operationId"] for item in whole["paths"].values() for operation in item.values()}
    wanted |= {f"shape-{name}" for name in whole["components"]["schemas"]}
    wanted |= set(problems.KINDS) | set(verdict_words.VERDICTS)
    assert wanted <= set(ids)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_link_on_the_page_leads_somewhere(language: str) -> None:
    html = page(language)
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= ids
    client = Client()
    for path in set(re.findall(r'<a [^>]*href="(/[^"#]*)', html)):
        assert client.get(path).status_code in {200, 302}, path


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_operation_shows_an_answer_of_the_promised_shape(language: str) -> None:
    whole = document(language)
    html = page(language)
    for item in whole["paths"].values():
        for operation in item.values():
            answer = operation["responses"]["200"]["content"]["application/json"]
            examples = list(answer["examples"].values())
            for example in examples:
                schema = {**answer["schema"], "components": whole["components"]}
                Draft202012Validator(schema).validate(example["value"])
            assert f'id="answer-{operation["operationId"]}"' in html


def test_the_landing_page_and_every_problem_lead_here() -> None:
    client = Client()
    here = reverse("api-reference")
    assert f'href="{here}"' in client.get(reverse("landing")).content.decode()
    address, code = client.post(reverse("api:verification-create")).json()["type"].split("#")
    assert address.endswith(here)
    assert f' id="{code}"' in page("en")


def test_no_script_and_no_style_stands_in_the_page() -> None:
    html = page("ja")
    assert "style=" not in html
    assert "<script>" not in html
    assert html.count("<h1") == 1
