"""Every code of the room has its words, and every English sentence its Japanese one."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from tests.catalogue import compile_module
from tests.pure.whitelist_policy.return_urls import VECTORS
from whitelist.messages import case_words, difference_words, finding_words
from whitelist.policy.asked_url import Unreadable, parse
from whitelist.policy.criteria import CRITERIA, NOTICE_CODE, criterion
from whitelist.policy.difference import KINDS
from whitelist.policy.rule_set import RULE_SET
from whitelist.policy.url_rules import RULES, check
from whitelist.policy.workflow import WAITS_FOR, ApplicationEvent, ApplicationState, EntryEvent, EntryState

ROOT = Path(__file__).parents[3]
PART = ROOT / "portal" / "locale" / "ja" / "parts" / "whitelist-policy.po"


def english():
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "whitelist" / "messages").glob("*.py"))]
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if node.func.id == "_":
                yield "", texts[0]
            elif node.func.id == "pgettext_lazy":
                yield texts[0], texts[1]


def test_every_sentence_has_a_japanese_one_with_the_same_placeholders():
    catalogue = compile_module().catalogue("ja")
    for key in english():
        assert catalogue.get(key), key
        placeholder = r"%\(\w+\)s"
        assert sorted(re.findall(placeholder, key[1])) == sorted(re.findall(placeholder, catalogue[key])), key
    assert set(compile_module().read(PART)) - set(english()) == {("", "")}


def test_every_rule_and_variant_has_title_expected_and_mend():
    assert set(finding_words.PASSED) == set(RULES)
    keys = [key for key in RULE_SET.severities if key.startswith("url.")]
    wanted = {(code, variant) for code, _, variant in (key.partition("/") for key in keys)}
    wanted |= {tuple(key.split("/")) for vector in VECTORS for key in vector["findings"] if "/" in key}
    assert set(finding_words.FINDINGS) == wanted
    with translation.override("en"):
        assert all(str(part) for words in finding_words.FINDINGS.values() for part in vars(words).values())


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_every_finding_can_be_worded(vector, language):
    with translation.override(language):
        for finding in check(vector["url"], world=vector["world"]).findings:
            words = finding_words.words(finding)
            assert words.title
            assert "%(" not in words.title + words.expected + words.mend
            assert finding.is_passed or (words.expected and words.mend)


def test_every_reason_why_a_text_is_unreadable_has_words():
    variants = {parse(vector["url"]).variant for vector in VECTORS if isinstance(parse(vector["url"]), Unreadable)}
    assert {("url.parse", variant) for variant in variants} <= set(finding_words.FINDINGS)


def test_the_other_codes_have_words():
    assert set(difference_words.DIFFERENCES) == set(KINDS)
    assert set(case_words.APPLICATION_STATES) == set(ApplicationState)
    assert set(case_words.APPLICATION_EVENTS) == set(ApplicationEvent)
    assert set(case_words.ENTRY_STATES) == set(EntryState)
    assert set(case_words.ENTRY_EVENTS) == set(EntryEvent)
    assert set(case_words.WAITS_FOR) == {whose for whose in WAITS_FOR.values() if whose}
    assert set(case_words.CRITERIA) == {criterion.code for criterion in CRITERIA} | {NOTICE_CODE}


def test_every_refusal_code_in_the_room_has_words():
    source = "".join(path.read_text("utf-8") for path in (ROOT / "whitelist" / "policy").glob("*.py"))
    codes = set(re.findall(r'"((?:review|lookup)\.[a-z_]+)"', source))
    assert codes <= set(case_words.REFUSALS)
    assert codes


def test_criteria_are_numbered_once_and_speak_of_known_findings():
    assert len({c.number for c in CRITERIA}) == len({c.code for c in CRITERIA}) == len(CRITERIA)
    assert {code for c in CRITERIA for code in c.findings} <= set(RULES)
    assert criterion("2-2").code == "criteria.url_as_sent"
    assert criterion("9-9") is None
