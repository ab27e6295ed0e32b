"""Hop 6 is the verifier's own record under the service's request id."""

import base64
from typing import Any

import pytest

from portal.environments.models import Environment
from portal.providers import services as providers
from testenv.personas import PERSONAS
from tests import cast
from tests.testenv.test_app_hands_answers_over import MESSAGE, asked
from verifier import services as verifier

pytestmark = pytest.mark.django_db


def test_all_six_hops(sandbox: Environment, bank: Any) -> None:
    browser = cast.browser_of(cast.hanako())
    browser.get(asked(sandbox))
    pin = PERSONAS["P01"].pins.user_authentication
    answer = browser.post("/test-environment/app/request-0001/pin/", {"pin": pin}, follow=True)
    fields = answer.context["delivery"].fields
    waiting = browser.get("/test-environment/app/request-0001/")
    assert "data-live" in waiting.content.decode()
    _, key = providers.issue_client(bank, environment=sandbox, name="service", by=cast.hanako())
    body = {name: fields[name] for name in ("purpose", "certificate", "signature", "medium", "request_id")}
    question = verifier.question_from_json({**body, "message": base64.b64encode(MESSAGE).decode()})
    verifier.verify(providers.authenticate(key), question, request_id=fields["request_id"])
    page = browser.get("/test-environment/app/request-0001/")
    assert [hop.state for hop in page.context["journey"].hops] == ["done"] * 6
    assert [result for result, _ in page.context["step_marks"]] == ["passed"] * 8
    assert "6／6 完了" in page.content.decode()
    assert 'data-live="' not in page.content.decode()


@pytest.mark.parametrize(
    "path",
    ["", "personas/", "personas/P01/", "personas/P01/apply/", "app/"],
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_answer_in_both_languages(sandbox: Environment, path: str, language: str) -> None:
    browser = cast.browser_of(cast.hanako())
    browser.cookies["django_language"] = language
    page = browser.get(f"/test-environment/{path}")
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


@pytest.mark.parametrize(
    "path",
    ["personas/P99/", "personas/P99/apply/", "orders/ord_X/", "phones/dev_X/", "phones/dev_X/hold/", "app/none/"],
)
def test_what_is_not_there_is_not_found(sandbox: Environment, path: str) -> None:
    assert cast.browser_of(cast.hanako()).get(f"/test-environment/{path}").status_code == 404
