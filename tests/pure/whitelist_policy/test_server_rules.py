from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.whitelist_policy.return_servers import AT, VECTORS, context, facts
from whitelist.messages import finding_words, server_words
from whitelist.policy.finding import Severity
from whitelist.policy.revision import canonical_json
from whitelist.policy.rule_set import RULE_SET
from whitelist.policy.server_facts import AppLinkFacts, DnsFacts, ServerFacts, TlsFacts, WebFacts
from whitelist.policy.server_rules import SERVER_RULES, judge

# Rules that say only "passed" or "not run yet": nothing to be grave about.
WITHOUT_SEVERITY = {"http.file_proof", "list.conformance"}


def judged(vector):
    return judge(facts(vector["facts"]), context(vector["context"]), rules=RULE_SET, world=vector["world"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector):
    judgement = judged(vector)

    found = {
        f"{finding.code}/{finding.variant}".rstrip("/"): finding.severity.value
        for finding in judgement.findings
        if not finding.is_passed
    }
    assert found == vector["findings"]
    assert sorted(judgement.not_run) == vector.get("not_run", [])


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_every_finding_can_be_worded(vector, language):
    with translation.override(language):
        for finding in judged(vector).findings:
            words = finding_words.words(finding)
            assert words.title
            assert "%(" not in words.title + words.expected + words.mend
            assert finding.is_passed or (words.expected and words.mend)


def test_every_rule_and_variant_has_a_vector_a_severity_and_words():
    seen = {key for vector in VECTORS for key in vector["findings"]}
    server_keys = {key for key in RULE_SET.severities if key.split("/")[0] in SERVER_RULES}
    assert server_keys <= seen
    assert {key.split("/")[0] for key in server_keys} == set(SERVER_RULES) - WITHOUT_SEVERITY
    assert {tuple(f"{key}/".split("/")[:2]) for key in server_keys} == set(server_words.FINDINGS)
    assert set(server_words.PASSED) == set(server_words.SUBJECTS) == set(SERVER_RULES)
    variants = {
        key.split("/")[1]
        for v in VECTORS
        for key, grave in v["findings"].items()
        if grave in ("inconclusive", "not_run")
    }
    assert variants == set(server_words.UNANSWERED)
    assert all(rule.source for rule in SERVER_RULES.values())


def test_without_a_look_the_server_waits_and_the_rest_is_judged():
    judgement = judge(None, context({"proof": "none"}), rules=RULE_SET, world="production")
    answered = {finding.code for finding in judgement.findings}
    assert answered == {"dom.lookalike", "dom.duplicate", "dns.txt_proof", "list.conformance", "list.contact"}
    assert "tls.chain" in judgement.waiting
    assert not answered & set(judgement.waiting)


def test_every_rule_of_a_look_is_told_once():
    for vector in VECTORS:
        judgement = judged(vector)
        told = [finding.code for finding in judgement.findings] + list(judgement.not_run)
        assert len(told) == len(set(told))
        assert set(told) <= set(SERVER_RULES)


def test_silence_never_fails_and_never_passes():
    for vector in VECTORS:
        looked = facts(vector["facts"])
        if looked.is_inconclusive:
            answers = judge(looked, context({}), rules=RULE_SET, world="production").findings
            silent = [finding for finding in answers if finding.code.startswith(("http.", "tls."))]
            assert not [finding for finding in silent if finding.severity is Severity.BLOCK]


def test_the_same_server_seen_again_gives_the_same_bytes():
    """Decisions are bound to the report: what moves by itself (times, rests of a TTL) must not stand in it."""
    first = judge(facts({"dns.ttl": 20}), context({}), rules=RULE_SET, world="production")
    later = replace(facts({"dns.ttl": 7}), looked_at=AT.replace(hour=9))
    second = judge(later, replace(context({}), at=AT.replace(hour=9)), rules=RULE_SET, world="production")
    assert _bytes(first) == _bytes(second)


def _bytes(judgement):
    return canonical_json([finding.as_json() for finding in judgement.findings])


_text = st.none() | st.text(max_size=40)
_any_facts = st.builds(
    ServerFacts,
    url=st.just("https://bank.example.jp/return"),
    host=st.just("bank.example.jp"),
    looked_at=st.just(AT),
    dns=st.builds(DnsFacts, host=st.just("bank.example.jp"), ttl=st.none() | st.integers(0, 2**31)),
    tls=st.none() | st.builds(TlsFacts, not_before=st.none() | st.just(AT), not_after=st.none() | st.just(AT)),
    web=st.none() | st.builds(WebFacts, hsts=_text, location=_text, cache_control=_text, referrer_policy=_text),
    app_links=st.lists(st.builds(AppLinkFacts, platform=st.sampled_from(["android", "ios"])), max_size=2).map(tuple),
)


@given(_any_facts, st.sampled_from(["sandbox", "production"]))
def test_whatever_a_probe_saw_is_judged_without_an_error(looked, world):
    judgement = judge(looked, context({}), rules=RULE_SET, world=world)
    canonical_json([finding.as_json() for finding in judgement.findings])
    for finding in judgement.findings:
        finding_words.words(finding)
