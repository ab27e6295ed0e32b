from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.pure.whitelist_policy.return_urls import VECTORS, any_text, url_like
from whitelist.policy.finding import Severity
from whitelist.policy.rule_set import RULE_SET
from whitelist.policy.url_rules import RULES, check

WORLDS = ("sandbox", "production")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector):
    report = check(vector["url"], world=vector["world"])

    found = {
        f"{finding.code}/{finding.variant}".rstrip("/"): finding.severity.value
        for finding in report.findings
        if not finding.is_passed
    }
    assert found == vector["findings"]
    canonical = None if report.canonical is None else report.canonical.decode("ascii")
    assert canonical == vector["canonical"]


def url_keys():
    return [key for key in RULE_SET.severities if key.startswith("url.")]


def test_every_rule_has_two_vectors_and_every_variant_one():
    keys = [key for vector in VECTORS for key in vector["findings"]]
    by_rule = Counter(key.split("/")[0] for key in keys)
    assert {code: by_rule[code] for code in RULES if by_rule[code] < 2} == {}
    # A variant that only changes the severity in the other world may be seen in either.
    assert {key for key in url_keys() if "/" in key} <= set(keys)


def test_every_rule_has_a_severity_and_a_source():
    assert {key.split("/")[0] for key in url_keys()} == set(RULES)
    assert all(rule.source for rule in RULES.values())
    assert all((rule.on_text or rule.on_url or rule.on_host).__doc__ or rule.source for rule in RULES.values())


def test_production_is_never_milder_than_the_sandbox():
    order = [Severity.PASSED, Severity.INFO, Severity.WARN, Severity.BLOCK]
    for sandbox, production in RULE_SET.severities.values():
        assert order.index(production) >= order.index(sandbox)


def test_a_good_url_passes_every_rule():
    report = check("https://bank.example.jp/jpki/return", world="production")
    assert {finding.code for finding in report.of(Severity.PASSED)} == set(RULES)
    assert not report.is_blocked
    assert not report.needs_acceptance


def test_findings_come_gravest_first_and_mark_their_place():
    url = "https://Apply.bank.example.jp:443/jpki/return/?v=1"
    report = check(url, world="production")
    assert [finding.code for finding in report.findings[:2]] == ["url.query", "url.canonical"]
    start, end = report.findings[0].span
    assert url[start:end] == "?v=1"
    assert report.findings[0].mend == "https://Apply.bank.example.jp:443/jpki/return/"
    assert report.needs_acceptance


@pytest.mark.parametrize(
    ("asked", "code", "mended"),
    [
        ("\ufeffhttps://bank.example.jp/ ", "url.parse", "https://bank.example.jp/"),
        ("https:\\\\bank.example.jp\\return", "url.parse", "https://bank.example.jp/return"),
        ("bank.example.jp/return", "url.parse", "https://bank.example.jp/return"),
        ("localhost:8000/return", "url.parse", "http://localhost:8000/return"),
        ("https://bank.example.jp/戻", "url.parse", "https://bank.example.jp/%E6%88%BB"),
        ("https://bank.example.jp/%zz", "url.parse", None),
        ("http://bank.example.jp:80/a", "url.scheme.https", "https://bank.example.jp/a"),
        ("https://a:b@bank.example.jp/", "url.userinfo", "https://bank.example.jp/"),
        ("https://bank.example.jp/a#b", "url.fragment", "https://bank.example.jp/a"),
        ("https://bank.example.jp//a//b", "url.path.traversal", "https://bank.example.jp/a/b"),
        ("https://bank.example.jp/A%2FB", "url.case", "https://bank.example.jp/a%2Fb"),
    ],
)
def test_mend(asked, code, mended):
    (finding,) = (finding for finding in check(asked, world="production").findings if finding.code == code)
    assert finding.mend == mended


def test_a_password_is_not_repeated():
    report = check("https://sp:secret@bank.example.jp/", world="production")
    assert "secret" not in "".join(finding.observed for finding in report.findings)


@given(st.one_of(any_text, url_like), st.sampled_from(WORLDS))
@example("https://" + "1" * 5000 + "/", "sandbox")
@example("https://[::1", "sandbox")
@example("https://xn--/", "production")
@example("https://.", "production")
@example("\ud800", "sandbox")
def test_check_never_raises_and_answers_for_every_rule(text, world):
    report = check(text, world=world)

    answered = [finding.code for finding in report.findings] + list(report.not_run)
    assert sorted(answered) == sorted(RULES)
    assert all("\ud800" > c or c > "\udfff" for finding in report.findings for c in finding.observed)
    for finding in report.findings:
        if finding.span is not None:
            assert 0 <= finding.span[0] <= finding.span[1] <= len(text)


@given(url_like)
def test_what_is_accepted_in_production_is_accepted_in_the_sandbox(text):
    if not check(text, world="production").is_blocked:
        assert not check(text, world="sandbox").is_blocked


@given(url_like)
def test_a_text_without_a_canonical_form_is_always_blocked_by_a_rule(text):
    for world in WORLDS:
        report = check(text, world=world)
        if report.canonical is None:
            assert report.of(Severity.BLOCK)
