"""Which lane a case stands in, and why."""

import re
from pathlib import Path

import pytest

from whitelist.messages import lane_words
from whitelist.policy import lanes
from whitelist.policy.content import read, replaced

LIVE = read({"url": "https://apply.bank.example.jp/return", "purposes": ["signature"], "ways_in": ["qr"]})


def chosen(after, before=LIVE, findings=(), is_first=False, is_domain_proven=True):
    choice = lanes.choose(after, before=before, findings=findings, is_first=is_first, is_domain_proven=is_domain_proven)
    return str(choice.lane), choice.reasons


@pytest.mark.parametrize(
    ("key", "new", "lane", "reason"),
    [
        ("url", "https://apply.bank.example.jp/v2/return", "fast", "lane.path_only"),
        ("contacts.security", {"email": "new@example.jp", "phone": ""}, "fast", "lane.contacts_only"),
        ("measures.tls", {"status": "met", "by": None, "reason": "", "evidence": []}, "fast", "lane.measures_only"),
        ("note", "A word", "fast", "lane.unchanged"),
        ("url", "https://other.bank.example.jp/return", "normal", "lane.new_host"),
        ("url", "https://apply.bank.example.jp:8443/return", "normal", "lane.new_host"),
        ("purposes", ["signature", "user_authentication"], "normal", "lane.other_change"),
        ("purpose_of_use", "Something else", "normal", "lane.other_change"),
        ("url", "https://apply.shop.test/return", "careful", "lane.new_domain"),
        ("url", "https://apply.bank.example.jp.shop.test/return", "careful", "lane.new_domain"),
    ],
)
def test_one_change_chooses_the_lane(key, new, lane, reason):
    assert chosen(replaced(LIVE, key, new)) == (lane, (reason,))


def test_the_heaviest_change_decides():
    both = replaced(replaced(LIVE, "url", "https://apply.bank.example.jp/v2"), "ways_in", ["qr", "app_link"])
    assert chosen(both) == ("normal", ("lane.other_change",))


def test_the_first_entry_an_unproven_domain_and_look_alikes_are_looked_at_with_care():
    after = replaced(LIVE, "url", "https://apply.bank.example.jp/v2")
    assert chosen(after, is_first=True) == ("careful", ("lane.first_application",))
    assert chosen(after, is_domain_proven=False) == ("careful", ("lane.domain_unproven",))
    assert chosen(after, findings={"dom.lookalike", "url.brand"}) == ("careful", ("lane.look_alike",))
    assert chosen(after, findings={"url.shared_hosting"})[0] == "careful"
    assert chosen(after, before=None) == ("normal", ("lane.new_entry",))


def test_every_reason_has_words_and_every_word_is_used():
    source = Path(lanes.__file__).read_text("utf-8")
    assert set(re.findall(r'"(lane\.[a-z_]+)"', source)) == set(lane_words.REASONS)
    assert set(lane_words.LANES) == {str(lane) for lane in lanes.Lane}


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://a.b.bank.co.jp/x", "bank.co.jp"),
        ("https://bank.co.jp:8443/x", "bank.co.jp"),
        ("https://co.jp/x", "co.jp"),
        ("https://192.0.2.1/x", "192.0.2.1"),
        ("not a url", None),
        ("", None),
    ],
)
def test_registrable_domain(url, domain):
    assert lanes.registrable_domain(url) == domain


def test_a_change_asks_for_something():
    assert not lanes.is_changed(LIVE, LIVE)
    assert lanes.is_changed(LIVE, replaced(LIVE, "note", "x"))
