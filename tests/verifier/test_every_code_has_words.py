"""Every code that can be answered has its sentence, in both languages."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from portal import problems
from portal.trail.messages import ACTIONS
from tests.pure.validation.test_each_step_fails_alone import TABLE, Case
from verifier import reason_words
from verifier.messages import anchor_words, source_words, step_words, verdict_words
from verifier.pki.reasons import RevocationReason
from verifier.validation.question import STEP_IDS_BEFORE
from verifier.validation.signature import STEP_IDS

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"(cert|sig|cms|document|challenge|revocation|env|crl|ocsp|anchor|fetch)\.[a-z_0-9]*[a-z0-9]")


def codes_in(*folders: str) -> set[str]:
    """Every text in the code that has the form of a code."""
    found: set[str] = set()
    for folder in folders:
        path = ROOT / folder
        for file in [path] if path.is_file() else path.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                    found.add(node.value)
    return found


def test_every_verdict_code_of_the_judgement_has_a_sentence_and_the_other_way_round() -> None:
    found = codes_in("verifier/pki", "verifier/validation", "verifier/challenges.py")
    found |= codes_in("verifier/readers") - set(problems.KINDS)
    said = {code for code in found if not code.startswith(("crl.", "ocsp."))}
    assert {code for code in verdict_words.VERDICTS if not code.startswith("path.")} == said | {"ok"}
    assert set(verdict_words.SHORT) == set(verdict_words.VERDICTS)


def test_what_keeps_a_document_from_being_judged_is_a_problem_and_no_verdict() -> None:
    said = codes_in("verifier/readers", "verifier/document_reading.py", "verifier/api/views.py")
    problem_codes = {code for code in problems.KINDS if code.startswith("document.")}
    assert {code for code in said if code.startswith("document.")} - set(verdict_words.VERDICTS) == problem_codes
    assert not problem_codes & set(verdict_words.VERDICTS)


def test_a_code_of_paths_has_a_sentence_if_the_api_can_answer_it_and_only_then() -> None:
    # Chains of one link reach no rule about intermediates, and the anchor's own faults are told as an unknown issuer.
    reached = {code for _, code, _, _ in TABLE}
    assert {code for code in verdict_words.VERDICTS if code.startswith("path.")} == {
        code for code in reached if code.startswith("path.")
    }
    assert reached <= set(verdict_words.VERDICTS)


@pytest.mark.parametrize("case", [pytest.param(row[3], id=f"{row[0]}: {row[2]}") for row in TABLE])
def test_whatever_a_step_looked_at_has_a_name(case: Callable[[], Case]) -> None:
    for step in case().judged().steps:
        assert set(step.looked_at) <= set(step_words.LOOKED_AT)


def test_every_reason_why_a_list_could_not_be_had_has_a_sentence() -> None:
    said = codes_in("verifier/pki", "verifier/validation/revocation.py", "verifier/validation/list_signer.py")
    said |= codes_in(
        "verifier/intake.py",
        "verifier/lists.py",
        "verifier/tasks.py",
        "verifier/fetch.py",
        "portal/http.py",
        "portal/egress",
    )
    wanted = {code for code in said if code.startswith(("crl.", "fetch."))}
    assert wanted == set(source_words.REFRESH_ERRORS)


def test_every_reason_why_a_responder_gave_no_answer_has_a_sentence() -> None:
    said = codes_in("verifier/pki", "verifier/validation/ocsp_answers.py", "verifier/ocsp_client.py")
    said |= codes_in("verifier/breaker.py", "portal/http.py", "portal/egress")
    wanted = {code for code in said if code.startswith(("ocsp.", "fetch."))}
    assert wanted - {"fetch.no_room"} == set(source_words.OCSP_ERRORS)  # an answer is not written into a file


def test_every_reason_has_a_meaning_and_advice_for_card_and_phone() -> None:
    assert set(reason_words.MEANINGS) == set(RevocationReason) - {RevocationReason.REMOVE_FROM_CRL}
    for reason in reason_words.MEANINGS:
        for group in ("card", "phone"):
            assert JAPANESE.search(reason_words.told(reason.code, group, "ja")["advice"])
    assert reason_words.told("no_such_reason", "card", "ja") == reason_words.told("superseded", "", "ja") == {}


def test_every_refusal_of_an_anchor_has_a_sentence() -> None:
    said = {
        code for code in codes_in("verifier/anchors.py", "verifier/anchor_proposals.py") if code.startswith("anchor.")
    }
    in_the_trail = {action for action in ACTIONS if action.startswith("anchor.")}
    assert said - in_the_trail == set(anchor_words.ANCHOR_REFUSALS)


def test_every_step_has_a_name() -> None:
    assert set(step_words.STEPS) == set(step_words.IN_SHORT) == {*STEP_IDS, *STEP_IDS_BEFORE}


TABLES = {
    "verdicts": [words for row in verdict_words.VERDICTS.values() for words in row],
    "short": [words for words in verdict_words.SHORT.values() if words],
    "steps": list(step_words.STEPS.values()),
    "looked at": list(step_words.LOOKED_AT.values()),
    "lists": list(source_words.REFRESH_ERRORS.values()),
    "responders": list(source_words.OCSP_ERRORS.values()),
    "reasons": list(reason_words.MEANINGS.values()),
    "anchors": list(anchor_words.ANCHOR_REFUSALS.values()),
    "problems": [words for kind in problems.KINDS.values() for words in (kind.title, kind.detail)],
    "fields": list(problems.FIELD_SENTENCES.values()),
}
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


@pytest.mark.parametrize("table", TABLES)
def test_every_sentence_is_in_japanese_too(table: str) -> None:
    with translation.override("ja"):
        missing = [str(words) for words in TABLES[table] if not JAPANESE.search(str(words))]
    assert missing == []
