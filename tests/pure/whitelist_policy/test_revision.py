import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy.revision import NotCanonical, binding, canonical_json, digest
from whitelist.policy.url_rules import check

json_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | json_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(json_text, inner, max_size=4),
    max_leaves=12,
)


def test_members_are_sorted_by_utf16_as_in_rfc_8785_section_3_2_3():
    members = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert canonical_json(members) == (
        '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'.encode()
    )


def test_strings_are_escaped_as_in_rfc_8785_section_3_2_2():
    text = '\u20ac$\x0f\nA\'B"\\\\"/'
    assert canonical_json(text) == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


@given(json_values)
def test_reading_gives_the_value_back_and_writing_again_the_same_bytes(value):
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), {1: 2}, b"a", {"a": {1, 2}}, "\ud800", {"\ud800": 1}]
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_digest_is_the_sha256_of_the_bytes():
    assert digest({"b": 1, "a": [True, None]}) == hashlib.sha256(b'{"a":[true,null],"b":1}').hexdigest()


@given(st.tuples(json_text, json_text, json_text), st.tuples(json_text, json_text, json_text))
def test_bindings_are_equal_exactly_when_all_three_parts_are(one, other):
    assert (binding(*one) == binding(*other)) == (one == other)


def test_a_flipped_check_changes_the_binding():
    reports = [digest(check("https://bank.example.jp/r", world=world).as_json()) for world in ("sandbox", "production")]
    assert binding("r", reports[0], "v") != binding("r", reports[1], "v")


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60))
def test_every_report_has_a_digest(text):
    assert len(digest(check(text, world="production").as_json())) == 64
