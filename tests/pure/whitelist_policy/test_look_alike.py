import pytest
from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy.look_alike import distance, is_look_alike, skeleton


@pytest.mark.parametrize(
    ("host", "other"),
    [
        ("mihonbank.jp", "rnihonbank.jp"),
        ("sample-bank.jp", "samplebank.jp"),
        ("sample0bank.jp", "sampleobank.jp"),
        ("mihonbank.jp", "mihonbamk.jp"),
        ("mihonbank.jp", "mihonbnak.jp"),
        ("mihonbank.jp", "mihonbank.com"),
        ("return.mihonbank.jp", "return.mihonbank1.jp"),
        ("apply.bank.example.jp", "aply.bank.example.jp"),
    ],
)
def test_looks_alike_either_way(host, other):
    assert is_look_alike(host, other)
    assert is_look_alike(other, host)


@pytest.mark.parametrize(
    ("host", "other"),
    [
        ("bank.example.jp", "bank.example.jp"),
        ("bank.example.jp", "town.example.jp"),
        ("app1.mihonbank.jp", "app2.mihonbank.jp"),
        ("service1.example.jp", "service2.example.jp"),
        ("mihonbank.jp", "return.mihonbank.jp"),
        ("abc.jp", "abd.jp"),
        ("mihonbank.jp", "saitamabank.jp"),
    ],
)
def test_honest_neighbours_do_not(host, other):
    assert not is_look_alike(host, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("スーパー", "ス一パ一"),
        ("ニッポン", "二ッポン"),
        ("カード", "力ード"),
        ("paypal", "раураl"),
        ("ｊｐｋｉ", "jpki"),
    ],
)
def test_skeletons_of_what_prints_alike_are_equal(one, other):
    assert skeleton(one) == skeleton(other)


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(0, 8))
def test_distance_is_symmetric_and_bounded(one, other, limit):
    found = distance(one, other, limit=limit)
    assert found == distance(other, one, limit=limit)
    assert (found == 0) == (one == other)
    assert abs(len(one) - len(other)) <= found or found == limit + 1


@given(st.text("abc", min_size=1, max_size=8), st.data())
def test_one_slip_is_one_apart(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    for slipped in (
        word[:place] + word[place + 1 :],
        word[:place] + "x" + word[place + 1 :],
        word[:place] + "x" + word[place:],
    ):
        assert distance(word, slipped, limit=2) == 1
