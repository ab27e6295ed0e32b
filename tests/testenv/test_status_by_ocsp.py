"""A whole sandbox asked by OCSP over the API: its own responders answer, each for its medium, in the sandbox's time."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from django.test import Client

from portal import http
from portal.environments.models import Environment
from portal.providers import services as providers
from testenv import addresses, personas, services, tasks
from testenv.models import OcspResponderKey
from testenv.personas import PERSONAS
from testenv.steps import provisioning, publishing
from testenv.tsm.secure_element import SecureElement, TestCard
from tests import cast
from tests.testenv.conftest import persona, phone, posted_to_responders
from verifier import evidence, ocsp_responders
from verifier.models import OcspResponder
from verifier.ocsp_responders import OcspProfile
from verifier.pki.profiles import MediumGroup, Purpose

pytestmark = pytest.mark.django_db
MESSAGE = b"challenge of the service"
LOG_IN, SIGN = Purpose.USER_AUTHENTICATION, Purpose.SIGNATURE
Ask = Callable[..., dict[str, Any]]


THREE = ("P01", "P02", "P03")  # whose phone is in order, on hold, replaced by another


@pytest.fixture
def few_personas(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    names = getattr(request, "param", ("P01",))
    few = {name: personas.PERSONAS[name] for name in names}
    monkeypatch.setattr(provisioning, "PERSONAS", MappingProxyType(few))


@pytest.fixture
def ask(sandbox: Environment, bank: Any) -> Ask:
    """What POST /api/v1/verifications says of a signature made now on the persona's phone or card."""
    _, key = providers.issue_client(bank, environment=sandbox, name="service", by=cast.hanako())

    def verification(name: str = "P01", purpose: Purpose = LOG_IN, *, source: str = "ocsp", **on: bool) -> Any:
        return (
            Client()
            .post(
                "/api/v1/verifications",
                {**signed(sandbox, name, purpose, **on), "revocation": source},
                content_type="application/json",
                headers={"Authorization": f"Bearer {key}"},
            )
            .json()
        )

    return verification


def signed(environment: Environment, name: str, purpose: Purpose, *, card: bool = False) -> dict[str, str]:
    holder = persona(environment, name)
    carrier: Any = TestCard if card else SecureElement
    state = holder.card.state if card else phone(environment, name).state
    outcome, element = carrier.from_state(bytes(state)).verify_pin(purpose, PERSONAS[name].pins.of(purpose))
    assert outcome.is_accepted
    parts = {
        "certificate": element.read_certificate(purpose),
        "signature": element.sign(purpose, MESSAGE),
        "message": MESSAGE,
    }
    return {"purpose": purpose.value} | {field: base64.b64encode(value).decode() for field, value in parts.items()}


def told(answer: dict[str, Any]) -> tuple[str, str]:
    return answer["verdict"], answer["code"]


def everybody(environment: Environment) -> list[OcspResponder]:
    return ocsp_responders.of_environment(environment)


def responder(environment: Environment, purpose: Purpose, group: MediumGroup) -> OcspResponder:
    return next(
        row for row in everybody(environment) if (row.anchor.purpose, row.medium_group) == (purpose.value, group)
    )


@pytest.mark.parametrize("few_personas", [THREE], indirect=True)
def test_what_the_register_knows_is_told(sandbox: Environment, ask: Ask) -> None:
    for purpose in Purpose:
        assert told(ask("P01", purpose)) == ("valid", "ok")
        assert told(ask("P02", purpose)) == ("invalid", "cert.on_hold")
        assert told(ask("P03", purpose)) == ("invalid", "cert.revoked")
        assert told(ask("P03", purpose, card=True)) == ("valid", "ok")
    facts = ask("P02")["revocation"]
    assert (facts["source"], facts["nonce_matched"], facts["cached"]) == ("ocsp", True, False)
    for profile in ({"cert_id_hash": "sha256"}, {"method": "get"}, {"nonce": "never"}):
        row = responder(sandbox, LOG_IN, "phone")
        ocsp_responders.set_responder(
            sandbox, anchor=row.anchor, group="phone", url=row.url, by="test", profile=OcspProfile(**profile)
        )
        assert told(ask("P01")) == ("valid", "ok")
        held = ask("P02")
        assert told(held) == ("invalid", "cert.on_hold")
        assert held["revocation"]["nonce_matched"] is (None if "nonce" in profile else True)


def test_a_found_phone_is_in_order_again(sandbox: Environment, ask: Ask, commit: Any) -> None:
    with commit():
        services.hold(phone(sandbox), by=cast.hanako())
    assert told(ask()) == ("invalid", "cert.on_hold")
    with commit():
        services.release(phone(sandbox), by=cast.hanako())
    assert told(ask()) == ("valid", "ok")
    assert told(ask(purpose=SIGN)) == ("valid", "ok")  # the one that was issued anew


def test_a_hold_is_told_before_the_next_list(sandbox: Environment, ask: Ask) -> None:
    """No job runs in here: the list that tells of the hold is not signed yet."""
    before = signed(sandbox, "P01", SIGN)
    services.hold(phone(sandbox), by=cast.hanako())
    assert told(ask(source="crl")) == ("valid", "ok")
    assert told(ask(source="ocsp")) == ("invalid", "cert.on_hold")
    assert told(ask(source="automatic")) == ("valid", "ok")  # there is a fresh list
    services.release(phone(sandbox), by=cast.hanako())
    assert told(ask(source="ocsp")) == ("valid", "ok")
    assert signed(sandbox, "P01", SIGN)["certificate"] == before["certificate"]
    revoked = ask(purpose=SIGN)
    assert told(revoked) == ("invalid", "cert.revoked")
    assert revoked["revocation"]["reason"]
    # Final, and known from now on to those who ask lists only.
    assert told(ask(purpose=SIGN, source="crl")) == ("invalid", "cert.revoked")


def test_each_medium_has_its_own_responder(sandbox: Environment, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def post(url: str, body: bytes, **limits: Any) -> http.Answer:
        asked.append(url.rpartition("/")[2])
        return posted_to_responders(url, body, **limits)

    monkeypatch.setattr(http, "post", post)
    for purpose in Purpose:
        for group in ("phone", "card"):
            assert told(ask(purpose=purpose, card=group == "card")) == ("valid", "ok")
            assert asked.pop() == f"{purpose.value}-{group}"
    assert asked == []
    for group, other in (("phone", "card"), ("card", "phone")):
        own, url = responder(sandbox, LOG_IN, group), addresses.ocsp_url(sandbox, LOG_IN, other)
        ocsp_responders.set_responder(sandbox, anchor=own.anchor, group=group, url=url, by="test")
        answer = ask(card=group == "card")
        assert told(answer) == ("indeterminate", "revocation.unknown")
        assert answer["revocation"]["detail"] == "ocsp.unauthorized"


def test_answers_are_of_the_sandboxs_time(sandbox: Environment, ask: Ask, commit: Any) -> None:
    for hours, code in ((1, "ok"), (25, "revocation.source_unavailable")):
        Environment.objects.filter(pk=sandbox.pk).update(clock_offset=hours * 3600)
        sandbox.refresh_from_db()
        evidence.forget()
        answer = ask()
        assert answer["code"] == code
    # A day on, the responder's certificate has run out: it says so until a worker has renewed it.
    assert (answer["retryable"], answer["revocation"]["detail"]) == (True, "ocsp.try_later")
    with commit():
        tasks.keep_lists_fresh()
    answer = ask()
    assert told(answer) == ("valid", "ok")
    ahead = datetime.fromisoformat(answer["revocation"]["produced_at"]) - datetime.now(UTC)
    assert timedelta(hours=24, minutes=55) < ahead < timedelta(hours=25, minutes=5)


def test_a_sandbox_of_before_there_was_ocsp_gets_its_responders(sandbox: Environment, ask: Ask, commit: Any) -> None:
    """Its database has neither whom to ask nor, where it is older still, responders' keys."""
    OcspResponder.objects.all().delete()
    OcspResponderKey.objects.all().delete()
    evidence.touch(sandbox.pk)
    assert told(ask()) == ("indeterminate", "revocation.source_missing")
    assert told(ask(source="crl")) == ("valid", "ok")
    assert publishing.is_due(sandbox)
    with commit():
        tasks.keep_lists_fresh()
    assert not publishing.is_due(sandbox)
    asked = {(row.anchor.purpose, row.medium_group, row.url.rpartition("/")[2]) for row in everybody(sandbox)}
    assert asked == {(p.value, g, f"{p.value}-{g}") for p in Purpose for g in ("card", "phone")}
    assert told(ask()) == ("valid", "ok")
    before = [row.pk for row in everybody(sandbox)]
    with commit():
        services.request_publication(sandbox)
    assert [row.pk for row in everybody(sandbox)] == before
