"""Every operation of the OpenAPI document, sent what the document allows and what it forbids (schemathesis).

Its checks: no server error; status, content type, headers and body as declared; what is forbidden is refused and what
is allowed is not; a key is really looked at; an undeclared method is 405.
"""

from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

from portal.api.document import document
from portal.signing import services as signing
from portal.wsgi import application
from tests import cast
from tests.fuzz.budget import examples
from tests.verifier.bench import a_bench
from tests.verifier.conftest import forgetful_process  # noqa: F401  the same clean process
from whitelist import consumers
from whitelist import services as whitelist

pytestmark = pytest.mark.django_db

schema = schemathesis.openapi.from_dict(document("en"))
schema.app = application


@pytest.fixture
def scene(django_capture_on_commit_callbacks: Any) -> None:
    """A sandbox with one listed return server, a key of its organisation and a key of a TSM."""
    signing.rotate()
    bench = a_bench()
    with django_capture_on_commit_callbacks(execute=True):
        whitelist.enter_in_sandbox(
            bench.environment,
            url="https://login.example.jp/jpki/return",
            purposes=["user_authentication"],
            ways_in=["app_link"],
            by=cast.hanako(),
        )
    _, tsm_key = consumers.enter(bench.environment, name="TSM", by=cast.osamu(), at=datetime.now(UTC))
    Keys.of_provider, Keys.of_tsm = bench.key, tsm_key


@schemathesis.serializer("application/pdf", "application/cms", "application/pkcs7-mime")
def a_file(_context: Any, value: Any) -> bytes:
    """A file is sent as it is; what stands in it is the fuzz of documents' part."""
    return bytes(getattr(value, "data", value))


# Refusals that no schema can state: they depend on another member, on what is published, or on the clock.
BEYOND_A_SCHEMA = {
    "field.no_such_version",
    "field.no_such_entry",
    "field.beyond_the_log",
    "field.not_in_the_log",
    "field.index_or_entry",
    "field.moment",
    "field.future",
    "field.whole_hour",
    # To JSON schema 1.0 is an integer.
    "field.number",
    "field.counts",
}


# A query string has two members of which one is needed; parameters cannot say so.
ONE_OF_TWO = {"field.required", "field.one_of_two"}


@schemathesis.check
def what_is_allowed_is_taken(_context: Any, response: Any, case: Any) -> None:
    """In the place of the tool's own check, which knows nothing of `BEYOND_A_SCHEMA`."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    codes = {error["code"] for error in response.json()["errors"]}
    beyond = BEYOND_A_SCHEMA | (ONE_OF_TWO if case.method == "GET" else set())
    assert codes <= beyond, f"the document allows it, the answer says {codes}"


class Keys:
    """Sends each operation its key, so that the tool knows when it left one out."""

    of_provider = of_tsm = ""

    def get(self, case: Any, _context: Any) -> str:
        return self.of_tsm if case.path.startswith("/api/v1/tsm/") else self.of_provider

    def set(self, case: Any, key: str, _context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {key}"


@schema.auth(Keys)
@schema.parametrize()
@examples(15)
def test_operation(case: Any, scene: None) -> None:
    case.call_and_validate(additional_checks=[what_is_allowed_is_taken], excluded_checks=[positive_data_acceptance])


@schema.parametrize()
@examples(2)
def test_operation_without_a_key(case: Any, scene: None) -> None:
    case.headers.pop("Authorization", None)
    response = case.call()
    case.validate_response(response, excluded_checks=[positive_data_acceptance])
    is_open = any(not operation.get("security") for operation in document("en")["paths"][case.path].values())
    assert is_open or response.status_code in {401, 405}
