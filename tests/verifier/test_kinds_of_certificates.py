"""Every kind in every world against every declared medium; and how answers say what they rest on."""

import itertools
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.pure.pki.forge import NOW, Authority, an_authority
from tests.verifier.bench import LIFE, a_bench, a_provider
from tests.verifier.test_worlds_never_mix import confirmed
from verifier import kind_words
from verifier.messages import verdict_words
from verifier.models import Verification
from verifier.pki import certificate as certificate_format
from verifier.pki import kind_data
from verifier.pki.profiles import KINDS, KINDS_VERSION, CertificateKind, Medium, Purpose, World, kind
from verifier.validation import signature
from verifier.validation.classification import classify
from verifier.validation.crl_index import CrlIndex
from verifier.validation.trust import TrustStore

OTHER_WORLD = {World.SANDBOX: "env.sandbox_certificate", World.PRODUCTION: "env.production_certificate"}
JPKI_TEST_POLICY = "1.2.392.200149.8.5.1.0.20"


def ca(purpose: Purpose, world: World) -> Authority:
    return an_authority(f"kinds-{purpose}-{world}", purpose, world)


def asked(der: bytes, world: World, purpose: Purpose | None, declared: Medium | None) -> tuple[str, Any]:
    """The code, and the kind if there is one."""
    parsed = certificate_format.parse(der)
    answer = classify(parsed, world=world, purpose=purpose, declared_medium=declared)
    return answer.refusal.code if answer.refusal else "ok", answer.kind


def told(kind: CertificateKind, world: World, declared: Medium | None) -> tuple[str, Any]:
    der = ca(kind.purpose, kind.world).issue(Medium.CARD, policies=(kind.policy_oid,))
    return asked(der, world, kind.purpose, declared)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.world}-{kind.purpose}-{kind.medium}")
def test_a_kind_is_told_in_its_own_world_by_its_own_medium(kind: CertificateKind) -> None:
    for world, declared in itertools.product(World, (None, *Medium)):
        if kind.world is not world:
            expected: tuple[str, Any] = (OTHER_WORLD[kind.world], None)
        elif declared not in {None, kind.medium}:
            expected = ("cert.medium_contradiction", None)
        else:
            expected = ("ok", kind)
        assert told(kind, world, declared) == expected, (world, declared)


@pytest.mark.parametrize("policy", [JPKI_TEST_POLICY, "1.2.392.200149.8.5.1.3.40", "2.25.1.1.1", "2.5.29.32.0"])
def test_what_the_table_does_not_know_is_refused_in_both_worlds(policy: str) -> None:
    for purpose, world in itertools.product(Purpose, World):
        der = ca(purpose, world).issue(Medium.CARD, policies=(policy,))
        for declared in (None, *Medium):
            assert asked(der, world, purpose, declared) == ("cert.unknown_kind", None)


def test_two_worlds_in_one_certificate_are_named_by_the_foreign_one() -> None:
    real, ours = (next(k for k in KINDS if k.world is world) for world in (World.PRODUCTION, World.SANDBOX))
    for policies in ((real.policy_oid,), (ours.policy_oid, real.policy_oid)):
        der = ca(Purpose.SIGNATURE, World.SANDBOX).issue(Medium.CARD, policies=policies)
        assert asked(der, World.SANDBOX, None, None) == ("env.production_certificate", None)
        assert asked(der, World.PRODUCTION, None, None) == ("env.sandbox_certificate", None)


def test_the_verdict_says_what_told_and_by_which_table() -> None:
    sandbox = ca(Purpose.SIGNATURE, World.SANDBOX)
    verdict = signature.inspect(
        sandbox.issue(Medium.PHONE_IPHONE),
        trust=TrustStore((sandbox.anchor,)),
        crls=CrlIndex(()),
        world=World.SANDBOX,
        at=NOW,
    )
    assert verdict.certificate is not None
    assert verdict.kinds_version == KINDS_VERSION
    assert verdict.certificate.told_by["policy_oid"] == f"{KINDS[2].policy_oid}"
    assert "O=JPKI-SANDBOX" in str(verdict.certificate.told_by["issuer"])


@pytest.mark.django_db
def test_the_answer_names_the_values_it_rests_on_that_are_not_public() -> None:
    bench = a_bench()
    answer = bench.post().json()
    assert answer["kinds_version"] == Verification.objects.get().kinds_version == KINDS_VERSION
    assert answer["certificate"]["basis"] == "assumed"
    assert answer["certificate"]["unconfirmed_values"] == [
        {"value": "policy_oid", "basis": "assumed"},
        {"value": "issuer", "basis": "assumed"},
    ]
    assert bench.get(f"verifications/{answer['id']}").json() == answer
    refused = bench.post(body=bench.body(der=bench.ca.issue(Medium.CARD, policies=(JPKI_TEST_POLICY,), **LIFE))).json()
    assert (refused["code"], refused["certificate"]["unconfirmed_values"]) == ("cert.unknown_kind", [])
    assert bench.post("certificates/inspect", {"certificate": bench.body()["certificate"]}).json()["kinds_version"]


@pytest.mark.django_db
def test_what_a_ca_signed_by_is_answered_by_the_row_it_stands_in() -> None:
    jiro = confirmed(a_provider("Jiro's shop", "2000012010019"))
    sandbox, production = a_bench(), a_bench(jiro, production=True)
    longer = {"digest": hashes.SHA384(), **LIFE}
    answer = sandbox.post(body=sandbox.body(der=sandbox.ca.issue(Medium.PHONE_ANDROID, **longer))).json()
    assert answer["code"] == "ok"
    assert {"value": "further_ca_signatures", "basis": "assumed"} in answer["certificate"]["unconfirmed_values"]
    (step,) = (each for each in answer["steps"] if each["id"] == "certificate_signature")
    assert step["looked_at"]["scheme"] == "rsa_pkcs1_sha384"

    row = kind(Purpose.USER_AUTHENTICATION, Medium.CARD, World.PRODUCTION)
    refused = production.ca.issue(Medium.CARD, policies=(row.policy_oid,), **longer)
    for language in ("ja", "en"):
        answer = production.post(body=production.body(der=refused), **{"Accept-Language": language}).json()
        with translation.override(language):
            assert (answer["code"], answer["title"]) == (
                "cert.algorithm",
                verdict_words.VERDICTS["cert.algorithm"].title,
            )
    assert answer["steps"][3]["looked_at"]["rule"] == "signature_algorithm_is_accepted"


@pytest.mark.django_db
def test_the_table_is_public_and_says_all_of_it_in_both_languages() -> None:
    page, api = reverse("documents:certificate-kinds"), reverse("api:certificate-kinds")
    table = Client().get(api, headers={"Accept-Language": "en"}).json()
    assert table["version"] == KINDS_VERSION
    assert len(table["kinds"]) == len(KINDS)
    assert len(table["kinds"]) + len(table["not_published"]) == 12
    for language in ("ja", "en"):
        shown = Client().get(page, headers={"Accept-Language": language}).content.decode()
        assert all(kind.policy_oid in shown for kind in KINDS)
        assert KINDS_VERSION in shown
        assert shown.count('data-basis="reported"') == 3  # the legend, the comparing table, the kind in full
        assert shown.count("cert.unknown_kind") == len(table["not_published"])
    ours = Client().get(api, headers={"Accept-Language": "ja"}).json()
    assert ours["kinds"][0]["values"]["policy_oid"]["source"] != table["kinds"][0]["values"]["policy_oid"]["source"]


def as_list(value: str | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_every_value_and_source_has_words() -> None:
    assert set(kind_words.VALUES) == set(kind_data.Row._fields)
    assert set(kind_words.SOURCES) == {value.source for row in kind_data.ROWS.values() for value in row}
    assert set(kind_words.BASES_EXPLAINED) == set(kind_words.BASES)
    compared = [name for names in kind_words.COLUMNS for name in names]
    assert sorted(compared) == sorted(set(kind_data.Row._fields) - {"issuer"})
    told = {item for row in kind_data.ROWS.values() for name in compared for item in as_list(getattr(row, name).value)}
    assert {item for item in told if "." not in item} == set(kind_words.SHOWN)
    assert set(kind_words.NOT_PUBLISHED) == set(kind_data.NOT_PUBLISHED.values())
    with translation.override("en"):
        assert all(str(words) == source for source, words in kind_words.SOURCES.items())
