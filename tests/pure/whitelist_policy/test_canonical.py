import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.pure.whitelist_policy.return_urls import MATCHES, url_like
from whitelist.policy.canonical import CanonicalRefused, canonical, matches
from whitelist.policy.difference import COMPONENTS, EXPLAINED_BYTES, KINDS, differences, explain, nearest

near_bytes = st.lists(
    st.sampled_from(
        [
            *b"https http :// / Bank bank . example.jp :443 ? # %2f %2F %252f @ [ ] www. a A".split(),
            *(b" ", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xe6\x97\xa5"),
        ]
    ),
    max_size=12,
).map(b"".join)


@pytest.mark.parametrize("row", MATCHES, ids=lambda row: row["name"])
def test_match_vector(row):
    asked, stored = row["asked"].encode("utf-8"), row["stored"].encode("ascii")

    first = explain(asked, stored)

    if row["position"] is None:
        assert first is None
        assert matches(asked, stored)
        return
    assert not matches(asked, stored)
    assert (first.position, first.kind) == (row["position"], row["kind"])
    assert [difference.kind for difference in differences(asked, stored)] == row.get("kinds", [row["kind"]])


def test_every_kind_has_a_vector():
    seen = {kind for row in MATCHES for kind in row.get("kinds", [row["kind"]])}
    assert seen - {None} == set(KINDS)


@given(st.one_of(near_bytes, st.binary(max_size=40)), st.one_of(near_bytes, st.binary(max_size=40)))
@example(b"", b"")
def test_explain_is_none_exactly_when_equal_and_points_at_the_first_byte(asked, stored):
    first = explain(asked, stored)

    assert (first is None) == (asked == stored)
    if first is not None:
        place = first.position - 1
        assert asked[:place] == stored[:place]
        assert first.asked_byte == (asked[place] if place < len(asked) else None)
        assert first.stored_byte == (stored[place] if place < len(stored) else None)
        assert first.asked_byte != first.stored_byte
        assert first.kind in KINDS


@given(near_bytes, near_bytes)
def test_differences_come_in_order_and_every_kind_is_known(asked, stored):
    found = differences(asked, stored)
    assert [difference.position for difference in found] == sorted(difference.position for difference in found)
    assert {difference.kind for difference in found} <= set(KINDS)


def test_a_monstrous_text_gets_its_first_difference_only():
    stored = b"https://bank.example.jp/"
    (only,) = differences(stored + b"%2f" * EXPLAINED_BYTES, stored)
    assert (only.position, only.kind, only.asked_byte, only.stored_byte) == (25, "url.length", 0x25, None)


def test_runs_are_what_stands_in_the_two_urls():
    first, second = differences(b"https://bank.example.jp/jpki/Return/", b"https://bank.example.jp/jpki/return")
    assert (first.asked_run, first.stored_run, second.asked_run, second.stored_run) == (b"R", b"r", b"/", b"")
    assert (second.position, second.asked_byte, second.stored_byte) == (36, 0x2F, None)


def test_nearest_prefers_equality_then_the_same_host():
    stored = [
        b"https://old.example.jp/jpki/return",
        b"https://bank.example.jp/login/return",
        b"https://bank.example.jp/jpki/return",
        b"https://other.example.com/x",
    ]
    candidates = nearest(b"https://bank.example.jp/jpki/Return/", stored)
    assert [candidate.index for candidate in candidates] == [2, 1, 0]
    assert nearest(stored[1], stored)[0].differences == ()
    assert nearest(b"x", []) == ()


@given(url_like)
@example("https://日本語.jp.:443")
@example("https://[2001:DB8::1]:0443?")
def test_canonical_is_idempotent_and_ascii(text):
    try:
        once = canonical(text)
    except CanonicalRefused:
        return
    assert once.isascii()
    assert canonical(once.decode("ascii")) == once


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("bank", "url.parse"),
        ("ftp://bank.example.jp/", "url.scheme.https"),
        ("https://*.example.jp/", "url.wildcard"),
        ("https://a@bank.example.jp/", "url.userinfo"),
        ("https://bank.example.jp/#", "url.fragment"),
        ("https://127.1/", "url.host.ip"),
        ("https://bank.example.jp:0/", "url.port"),
    ],
)
def test_canonical_is_refused_by_name(url, code):
    with pytest.raises(CanonicalRefused) as refusal:
        canonical(url)
    assert refusal.value.code == code


def test_path_and_query_are_kept_byte_for_byte():
    assert canonical("HTTPS://BANK.example.jp/%61/A/?B=%2f") == b"https://bank.example.jp/%61/A/?B=%2f"


def test_components_are_named_once():
    assert len(set(COMPONENTS)) == len(COMPONENTS)
