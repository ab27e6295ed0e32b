"""Every rule that a step can name as broken has its sentence, and no sentence is left without a rule."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

from tests.verifier.test_every_code_has_words import JAPANESE, codes_in
from verifier.rule_words import RULES
from verifier.validation import profile_checks
from verifier.validation.paths import refusal

ROOT = Path(__file__).resolve().parents[2] / "verifier" / "validation"
IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


def calls() -> Iterator[ast.Call]:
    for file in ROOT.rglob("*.py"):
        yield from (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))


def literals() -> set[str]:
    """Rules that are written where they are broken: ``rule="..."``, and ``_no(code, "...")`` of the classification."""
    found = {word.value for call in calls() for word in call.keywords if word.arg == "rule"}
    found |= {each for call in calls() if getattr(call.func, "id", "") == "_no" for each in call.args[1:2]}
    return {each.value for each in found if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def of_attributes() -> set[str]:
    """Those of a CMS signer's attributes go by their code, but for the first."""
    codes = {code.removeprefix("cms.") for code in codes_in("verifier/validation/cms_attributes.py")}
    return codes - {"no_signed_attributes"} | {"signed_attributes_present"}


def test_every_rule_has_a_sentence_and_the_other_way_round() -> None:
    of_the_profile = {rule.__name__ for rule in profile_checks.RULES}
    said = set(refusal.RULES.values()) | of_the_profile | literals() | of_attributes()
    assert len(literals()) >= 7
    assert set(RULES) == said


def test_every_sentence_is_in_both_languages() -> None:
    with translation.override("ja"):
        assert [rule for rule, words in RULES.items() if not JAPANESE.search(str(words))] == []
    with translation.override("en"):
        assert all(str(words).endswith(".") and not IDENTIFIER.search(str(words)) for words in RULES.values())
