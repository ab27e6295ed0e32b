"""A sandbox never trusts a real CA nor production a sandbox's, whoever writes the row; real verdicts need a right."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from portal.environments import services as environments
from portal.environments.models import Environment
from portal.providers.models import Accreditation, ServiceProvider
from tests.pure.pki.forge import an_authority
from tests.verifier.bench import HOUR, LIFE, NOW, a_bench, a_provider, authority
from verifier import anchors, services
from verifier.messages import anchor_words
from verifier.models import TrustAnchor
from verifier.pki.profiles import Medium, Purpose, World

pytestmark = pytest.mark.django_db


def test_the_database_refuses_an_anchor_of_the_other_world() -> None:
    bench = a_bench()
    anchor = TrustAnchor.objects.get()
    with pytest.raises(DatabaseError, match="world of its environment"), transaction.atomic():
        TrustAnchor.objects.update(world="production")
    anchor.pk, anchor.public_id, anchor.fingerprint, anchor.world = None, "anc_x", "x", "production"
    with pytest.raises(DatabaseError, match="world of its environment"), transaction.atomic():
        anchor.save(force_insert=True)
    with pytest.raises(DatabaseError, match="world of its environment"), transaction.atomic():
        Environment.objects.filter(pk=bench.environment.pk).update(kind="production", provider=None)


def refusal(environment: Any, der: bytes, purpose: str = "user_authentication") -> str:
    with pytest.raises(anchors.AnchorRefused) as caught, transaction.atomic():
        anchors.trust(environment, purpose=purpose, certificate_der=der, by="test")
    assert caught.value.code in anchor_words.ANCHOR_REFUSALS
    return caught.value.code


def test_a_certificate_that_must_not_be_an_anchor() -> None:
    sandbox = environments.request_sandbox(a_provider())[0]
    ca = authority()
    assert refusal(sandbox, authority(world=World.PRODUCTION).certificate_der) == "anchor.wrong_name"
    assert refusal(environments.production(), ca.certificate_der) == "anchor.wrong_name"
    assert refusal(sandbox, ca.certificate_der, "signature") == "anchor.wrong_name"
    assert refusal(sandbox, ca.issue(Medium.CARD)) == "anchor.wrong_name"
    assert refusal(sandbox, b"PEM") == "anchor.malformed"
    leaf = an_authority("bench-leaf", Purpose.USER_AUTHENTICATION, ca=False)
    assert refusal(sandbox, leaf.certificate_der) == "anchor.unfit"
    forged = ca.certificate_der[:-1] + bytes((ca.certificate_der[-1] ^ 1,))
    assert refusal(sandbox, forged) == "anchor.not_self_signed"
    assert not TrustAnchor.objects.exists()


def test_trusting_twice_is_trusting_once_and_takes_back_a_distrust() -> None:
    bench = a_bench()
    anchors.distrust(bench.point.anchor, by="test")
    again = anchors.trust(
        bench.environment, purpose="user_authentication", certificate_der=bench.ca.certificate_der, by="test"
    )
    assert again == bench.point.anchor
    assert bench.post().json()["code"] == "ok"


def test_a_sandbox_certificate_is_named_as_such_in_production() -> None:
    hanako = confirmed(a_provider())
    bench = a_bench(hanako, production=True)
    sandbox_certificate = authority().issue(Medium.PHONE_ANDROID, **LIFE)
    answer = bench.post(body=bench.body(der=sandbox_certificate)).json()
    assert (answer["code"], answer["environment"]["kind"]) == ("env.sandbox_certificate", "production")


def confirmed(provider: ServiceProvider) -> ServiceProvider:
    provider.basis_confirmed_at = timezone.now()
    provider.save()
    return provider


def is_refused(bench: Any, reason: str) -> None:
    for response in (bench.post(), bench.post("certificates/inspect", {"certificate": bench.body()["certificate"]})):
        problem = response.json()
        assert (response.status_code, problem["code"], problem["reason"]) == (403, "provider.not_entitled", reason)


def stand(provider: ServiceProvider, **changes: Any) -> None:
    ServiceProvider.objects.filter(pk=provider.pk).update(**changes)
    services.permissions.forget()


def test_production_answers_an_administrative_body_while_it_is_confirmed() -> None:
    hanako = confirmed(a_provider())
    bench = a_bench(hanako, production=True)
    assert bench.post().status_code == 200
    stand(hanako, basis_confirmed_at=None)
    is_refused(bench, "provider.not_confirmed")


def test_production_answers_a_certified_operator_on_the_days_of_its_certification() -> None:
    hanako = confirmed(a_provider())
    bench = a_bench(hanako, production=True)
    stand(hanako, legal_basis="certified_operator")
    is_refused(bench, "provider.no_accreditation")
    day = timedelta(days=1)
    today = timezone.localdate()
    row = Accreditation.objects.create(
        provider=hanako, number="1", valid_from=today, valid_until=today, confirmed_at=timezone.now()
    )
    services.permissions.forget()
    assert bench.post().status_code == 200
    row.valid_from, row.valid_until = today - 2 * day, today - day
    row.save()
    services.permissions.forget()
    is_refused(bench, "provider.accreditation_over")


def test_a_standing_that_ended_is_noticed_within_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    hanako = confirmed(a_provider())
    bench = a_bench(hanako, production=True)
    assert bench.post().status_code == 200
    ServiceProvider.objects.update(basis_confirmed_at=None)
    later = services.permissions.time.monotonic() + 5.1
    monkeypatch.setattr("verifier.permissions.time.monotonic", lambda: later)
    is_refused(bench, "provider.not_confirmed")


def test_a_sandbox_asks_for_no_entitlement() -> None:
    assert a_bench().post().json()["verdict"] == "valid"


def test_an_anchor_not_valid_yet_is_not_believed() -> None:
    bench = a_bench()
    late = an_authority("bench-late", Purpose.USER_AUTHENTICATION, not_before=NOW + HOUR)
    anchors.trust(bench.environment, purpose="user_authentication", certificate_der=late.certificate_der, by="test")
    assert bench.post(body=bench.body(der=late.issue(Medium.PHONE_ANDROID, **LIFE))).json()["code"] == (
        "cert.issuer_unknown"
    )
