"""The log is the history of the list: replaying it gives the list, whatever happened in between."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy.change_log import Change, Standing, changes, leaf_content


def entry(identity, purposes=("signature",)):
    return {"id": identity, "url": f"https://{identity.lower()}.example.jp/", "purposes": list(purposes)}


def kinds(found):
    return [(change["change"], change.get("entry_id") or change.get("entry", {}).get("id")) for change in found]


def replayed(*rows):
    standing = Standing()
    for leaf in rows:
        standing.apply(leaf)
    return standing


def test_what_was_not_there_is_entered_and_the_key_is_named_first():
    found = changes(Standing(), [entry("E-2"), entry("E-1")], ended={}, kid="list_1")
    assert kinds(found) == [("key_changed", None), ("entered", "E-1"), ("entered", "E-2")]
    assert (found[0]["before"], found[0]["kid"]) == (None, "list_1")


def test_ends_come_before_what_takes_their_place():
    before = replayed(*changes(Standing(), [entry("E-1"), entry("E-2")], ended={}, kid="k"))
    found = changes(before, [entry("E-3")], ended={"E-1": True, "E-2": False}, kid="k")
    assert kinds(found) == [("removed", "E-1"), ("suspended", "E-2"), ("entered", "E-3")]


def test_a_suspended_entry_comes_back_or_ends():
    before = replayed(*changes(Standing(), [entry("E-1"), entry("E-2")], ended={}, kid="k"))
    for leaf in changes(before, [], ended={"E-1": False, "E-2": False}, kid="k"):
        before.apply(leaf)
    assert (before.listed, before.suspended) == ({}, {"E-1", "E-2"})
    assert changes(before, [], ended={"E-1": False, "E-2": False}, kid="k") == []
    found = changes(before, [entry("E-1")], ended={"E-2": True}, kid="k")
    assert kinds(found) == [("removed", "E-2"), ("reinstated", "E-1")]


def test_another_content_under_the_same_id_is_a_change():
    before = replayed(*changes(Standing(), [entry("E-1")], ended={}, kid="k"))
    assert kinds(changes(before, [entry("E-1", ["user_authentication"])], ended={}, kid="k")) == [("changed", "E-1")]
    assert changes(before, [entry("E-1")], ended={}, kid="k") == []


def test_a_new_key_alone_is_a_change():
    before = replayed({"change": "key_changed", "kid": "old", "before": None})
    assert changes(before, [], ended={}, kid="new") == [
        {"change": Change.KEY_CHANGED, "purpose": "list", "kid": "new", "before": "old"}
    ]


@pytest.mark.parametrize(
    "leaf",
    [
        {"change": "entered", "entry": entry("E-1")},
        {"change": "changed", "entry": entry("E-2")},
        {"change": "reinstated", "entry": entry("E-2")},
        {"change": "removed", "entry_id": "E-2"},
        {"change": "suspended", "entry_id": "E-2"},
        {"change": "renamed", "entry_id": "E-1"},
    ],
)
def test_a_leaf_that_cannot_follow_is_refused(leaf):
    with pytest.raises(ValueError):
        replayed({"change": "entered", "entry": entry("E-1")}, leaf)


lists_of_ids = st.lists(st.lists(st.integers(1, 9), unique=True), max_size=8)


@given(lists_of_ids, st.booleans())
def test_replaying_the_log_gives_the_list(rounds, end_for_good):
    standing, gone = Standing(), set()
    for round_ in rounds:
        now = [entry(f"E-{n}") for n in round_ if f"E-{n}" not in gone]
        absent = {f"E-{n}" for n in range(1, 10)} - {e["id"] for e in now}
        found = changes(standing, now, ended=dict.fromkeys(absent, end_for_good), kid="k")
        for leaf in found:
            standing.apply(json.loads(leaf_content(leaf, environment_id="env", index=0, at="t")))
        gone |= {leaf["entry_id"] for leaf in found if leaf["change"] == "removed"}
        assert standing.listed == {e["id"]: e for e in now}


def test_a_leaf_has_one_byte_form_and_its_place_in_it():
    leaf = {"entry_id": "E-1", "change": Change.REMOVED}
    assert leaf_content(leaf, environment_id="env_1", index=4, at="2026-11-23T00:00:00Z") == (
        b'{"at":"2026-11-23T00:00:00Z","change":"removed","entry_id":"E-1","environment":"env_1","index":4}'
    )
