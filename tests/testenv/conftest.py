import urllib.parse
from collections.abc import Callable
from types import MappingProxyType
from typing import IO, Any

import pytest
from django.test import RequestFactory
from django.urls import resolve

from portal import http
from portal.environments.models import Environment
from portal.providers import services as providers
from testenv import personas, services
from testenv.steps import provisioning
from tests import cast
from verifier import evidence, ocsp_client, sources
from whitelist import services as whitelist
from whitelist import snapshot

RETURN_URL = "http://localhost:8002/return"


def ask_responders(path: str, method: str = "get", **extra: Any) -> Any:
    """What the responders' process answers."""
    request = getattr(RequestFactory(), method)(path, **extra)
    found = resolve(urllib.parse.urlsplit(path).path, urlconf="testenv.responder_urls")
    return found.func(request, *found.args, **found.kwargs)


def fetched_from_responders(url: str, *, into: IO[bytes] | None = None, **limits: Any) -> http.Answer:
    """`portal.http.get` without a socket between the verifier and the responders' views."""
    response = ask_responders(urllib.parse.urlsplit(url).path)
    if into is not None:
        into.write(response.content)
    return http.Answer(response.status_code, dict(response.headers), b"" if into else response.content)


def posted_to_responders(url: str, body: bytes, *, content_type: str, **limits: Any) -> http.Answer:
    """`portal.http.post` without a socket between the verifier and the responders' views."""
    response = ask_responders(urllib.parse.urlsplit(url).path, "post", data=body, content_type=content_type)
    return http.Answer(response.status_code, dict(response.headers), response.content)


@pytest.fixture(autouse=True)
def responders_are_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "get", fetched_from_responders)
    monkeypatch.setattr(http, "post", posted_to_responders)


@pytest.fixture(autouse=True)
def forgetful_process() -> None:
    """What a process keeps must not pass from one test's database to the next."""
    evidence.forget()
    sources._nudged.clear()
    snapshot._kept.clear()
    providers._principals.clear()
    ocsp_client.waiting_room.forget()


@pytest.fixture
def few_personas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key making takes time: a sandbox with the two that most tests need."""
    few = {name: personas.PERSONAS[name] for name in ("P01", "P21")}
    monkeypatch.setattr(provisioning, "PERSONAS", MappingProxyType(few))


@pytest.fixture
def bank(db: None) -> Any:
    return a_provider("Sample Bank", "9234567890123", cast.hanako())


def a_provider(name: str, number: str, owner: Any) -> Any:
    return providers.register(name=name, corporate_number=number, legal_basis="administrative_body", by=owner)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], Any]:
    """`with commit():` runs what the block left for after its commit: in tests, the jobs."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def sandbox(few_personas: None, bank: Any, commit: Callable[[], Any]) -> Environment:
    """Hanako's sandbox, made by the jobs themselves, with one return server listed."""
    with commit():
        environment = services.request_environment(bank, by=cast.hanako())
    environment.refresh_from_db()
    assert environment.state == Environment.State.READY
    purposes = ["user_authentication", "signature"]
    whitelist.enter_in_sandbox(environment, url=RETURN_URL, purposes=purposes, ways_in=["app_link"], by=cast.hanako())
    return environment


def persona(environment: Environment, name: str = "P01") -> Any:
    return next(p for p in services.persona_list(environment) if p.persona_id == name)


def phone(environment: Environment, name: str = "P01") -> Any:
    device = services.current_device(persona(environment, name))
    assert device is not None
    return device
