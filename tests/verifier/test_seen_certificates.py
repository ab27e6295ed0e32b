"""What a process remembers of certificates goes with the anchors of the environment it was proven in."""

import json
from dataclasses import replace

import pytest
from cryptography import x509

from tests.pure.validation.test_each_step_fails_alone import Case
from tests.verifier.bench import Bench, a_bench, a_provider, crl
from verifier import anchors, evidence, verdict_facts
from verifier.models import EvidenceVersion, TrustAnchor, Verification, as_json
from verifier.validation.signature import STEP_IDS
from verifier.validation.steps import path

pytestmark = pytest.mark.django_db

REMEMBERED = {"format", "kind", "issuer", "certificate_signature", "usage_and_policy"}


def codes(bench: Bench, times: int) -> list[str]:
    return [bench.post().json()["code"] for _ in range(times)]


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each signature of a CA that is checked."""
    checked: list[object] = []
    check = path.is_made_by
    monkeypatch.setattr(path, "is_made_by", lambda *asked: bool(checked.append(asked)) or check(*asked))
    return checked


def seen_from_afar(bench: Bench) -> None:
    """The token is looked at again, as by a process that another one told."""
    due, kept = evidence._kept[bench.environment.pk]
    evidence._kept[bench.environment.pk] = (0.0, kept)
    assert due > 0


def test_one_proof_for_many_signatures(proofs: list[object]) -> None:
    assert codes(a_bench(), 4) == ["ok"] * 4
    assert len(proofs) == 1


def test_distrust_takes_effect_at_once() -> None:
    bench = a_bench()
    assert codes(bench, 2) == ["ok"] * 2
    anchors.distrust(TrustAnchor.objects.get(environment=bench.environment), by="test")
    assert codes(bench, 2) == ["cert.issuer_unknown"] * 2


def test_distrust_by_another_process_takes_effect_when_the_token_is_read() -> None:
    bench = a_bench()
    assert codes(bench, 2) == ["ok"] * 2
    kept = dict(evidence._kept)
    anchors.distrust(TrustAnchor.objects.get(environment=bench.environment), by="test")
    evidence._kept.update(kept)
    seen_from_afar(bench)
    assert codes(bench, 2) == ["cert.issuer_unknown"] * 2


def test_a_new_list_forgets_no_proof_and_is_obeyed(proofs: list[object]) -> None:
    bench = a_bench()
    assert codes(bench, 2) == ["ok"] * 2
    kept = dict(evidence._kept)
    bench.take_in(crl(bench.ca, (1001, x509.ReasonFlags.key_compromise), number=8))
    evidence._kept.update(kept)
    seen_from_afar(bench)
    assert codes(bench, 1) == ["cert.revoked"]
    assert len(proofs) == 1
    assert EvidenceVersion.objects.filter(pk=bench.environment.pk).exists()


def test_environments_with_the_same_ca_share_nothing(proofs: list[object]) -> None:
    first = a_bench()
    second = a_bench(a_provider("Jiro's shop", "2000012010019"))
    assert codes(first, 2) + codes(second, 2) == ["ok"] * 4
    assert len(proofs) == 2

    anchors.distrust(TrustAnchor.objects.get(environment=first.environment), by="test")
    assert codes(first, 1) + codes(second, 1) == ["cert.issuer_unknown", "ok"]


def test_the_answer_and_the_record_tell_the_same_steps_however_often() -> None:
    bench = a_bench()
    answers = [bench.post().json() for _ in range(3)]

    for answer in answers:
        record = Verification.objects.get(public_id=answer["id"])
        assert record.steps == answer["steps"]
        assert [step["id"] for step in record.steps] == list(STEP_IDS)
    assert [step for step in answers[0]["steps"] if step["id"] in REMEMBERED] == [
        step for step in answers[2]["steps"] if step["id"] in REMEMBERED
    ]


def test_steps_as_text_are_the_steps() -> None:
    case = Case()
    for question in (case, replace(case, signature=b"\0" * 256), replace(case, der=b"\0")):
        verdict = question.judged()
        for _ in range(2):
            assert json.loads(verdict_facts.steps_as_json(verdict)) == verdict_facts.of_steps(verdict)
            assert verdict_facts.steps_as_json(verdict) == as_json(verdict_facts.of_steps(verdict))
