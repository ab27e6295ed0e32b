"""Two people edit one draft."""

from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy.merging import Conflict, merge

BASE = {"note": "", "url": "https://a.example.jp/", "purposes": ["signature"]}
values = st.fixed_dictionaries({key: st.integers(0, 2) for key in ("a", "b", "c")})


def test_what_each_changed_alone_is_kept():
    merged = merge(base=BASE, theirs={**BASE, "note": "Taro"}, mine={**BASE, "url": "https://b.example.jp/"})
    assert merged.said == {**BASE, "note": "Taro", "url": "https://b.example.jp/"}
    assert merged.conflicts == ()


def test_what_both_changed_otherwise_is_asked_and_the_standing_value_stays():
    merged = merge(base=BASE, theirs={**BASE, "note": "Taro"}, mine={**BASE, "note": "Hanako"})
    assert merged.conflicts == (Conflict("note", "Taro", "Hanako"),)
    assert merged.said["note"] == "Taro"


def test_both_changing_to_the_same_is_no_conflict():
    assert merge(base=BASE, theirs={**BASE, "note": "x"}, mine={"note": "x"}).conflicts == ()


def test_without_a_base_every_difference_is_asked():
    assert [c.key for c in merge(base=None, theirs=BASE, mine={**BASE, "note": "x"}).conflicts] == ["note"]


@given(values, values, values)
def test_nothing_is_lost_in_silence(base, theirs, mine):
    merged = merge(base=base, theirs=theirs, mine=mine)
    asked = {conflict.key for conflict in merged.conflicts}
    for key in mine:
        assert merged.said[key] == theirs[key] or (merged.said[key] == mine[key] and theirs[key] == base[key])
        assert merged.said[key] == mine[key] or key in asked or mine[key] == base[key]
