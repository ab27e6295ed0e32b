import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whitelist.policy.statement import (
    LIST_TYP,
    LOG_TYP,
    LOOKUP_TYP,
    ListedEntry,
    list_document,
    list_head_claims,
    lookup_claims,
    nonce_refusal,
    tree_head_claims,
    utc_text,
)

AT = datetime(2026, 11, 23, 9, 0, 7, tzinfo=UTC)


def claims(**changed):
    arguments = {
        "issuer": "https://portal.example.jp",
        "asked": b"https://bank.example.jp/jpki/return",
        "entry_id": "ent_1",
        "purposes": {"signature", "user_authentication"},
        "list_version": 7,
        "environment_id": "env_1",
        "nonce": "nonce-123",
        "at": AT,
    }
    return lookup_claims(**(arguments | changed))


def test_a_listed_answer():
    answer = claims()
    assert answer == {
        "iss": "https://portal.example.jp",
        "iat": 1795424407,
        "exp": 1795424467,
        "environment": "env_1",
        "list_version": 7,
        "asked": "aHR0cHM6Ly9iYW5rLmV4YW1wbGUuanAvanBraS9yZXR1cm4",
        "listed": True,
        "entry": "ent_1",
        "purposes": ["signature", "user_authentication"],
        "nonce": "nonce-123",
    }


def test_an_answer_about_something_unlisted_names_no_entry():
    answer = claims(entry_id=None, purposes=(), nonce=None)
    assert answer["listed"] is False
    assert answer["purposes"] == []
    assert not {"entry", "nonce"} & set(answer)


@given(st.binary(max_size=100))
def test_the_asked_bytes_come_back_unchanged(asked):
    text = claims(asked=asked)["asked"]
    assert "=" not in text
    assert base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == asked


@pytest.mark.parametrize(
    "changed",
    [
        {"lifetime": timedelta(seconds=61)},
        {"lifetime": timedelta(0)},
        {"at": AT.replace(tzinfo=None)},
        {"entry_id": None},
        {"nonce": "short"},
        {"nonce": "a" * 129},
        {"nonce": "nonce 123"},
    ],
)
def test_broken_promises_raise(changed):
    with pytest.raises(ValueError):
        claims(**changed)


@pytest.mark.parametrize(
    ("nonce", "code"), [("a" * 8, None), ("a" * 128, None), ("a" * 7, "lookup.nonce"), ("a" * 8 + "\n", "lookup.nonce")]
)
def test_nonce(nonce, code):
    assert nonce_refusal(nonce) == code


def entry(number, url):
    tokyo = timezone(timedelta(hours=9))
    purposes, ways_in = ("user_authentication", "signature"), ("qr", "app_link")
    return ListedEntry(f"ent_{number}", url, "browser", purposes, ways_in, AT.astimezone(tokyo)).as_json()


def document(entries, **changed):
    arguments = {
        "environment_id": "env_1",
        "number": 1,
        "previous_digest": None,
        "published_at": utc_text(AT),
    }
    return list_document(entries=entries, **(arguments | changed))


def test_a_list_has_one_byte_form():
    one, two = entry(1, b"https://b.example.jp/"), entry(2, b"https://a.example.jp/")
    listed = document([one, two])
    assert listed == document([two, one])
    assert listed.digest == hashlib.sha256(listed.payload).hexdigest()
    assert json.loads(listed.payload) == {
        "environment": "env_1",
        "version": 1,
        "previous": None,
        "published_at": "2026-11-23T09:00:07Z",
        "entries": [
            {
                "id": "ent_2",
                "url": "https://a.example.jp/",
                "kind": "browser",
                "purposes": ["signature", "user_authentication"],
                "ways_in": ["app_link", "qr"],
                "since": "2026-11-23T09:00:07Z",
            },
            {
                "id": "ent_1",
                "url": "https://b.example.jp/",
                "kind": "browser",
                "purposes": ["signature", "user_authentication"],
                "ways_in": ["app_link", "qr"],
                "since": "2026-11-23T09:00:07Z",
            },
        ],
    }


def test_each_version_names_the_one_before():
    first = document([])
    second = document([], number=2, previous_digest=first.digest)
    assert json.loads(second.payload)["previous"] == first.digest
    assert second.digest != first.digest


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 2},
        {"number": 0},
        {"previous_digest": "00"},
        {"entries": [entry(1, b"https://a.example.jp/"), entry(2, b"https://a.example.jp/")]},
    ],
)
def test_a_list_that_breaks_a_rule_is_not_made(changed):
    with pytest.raises(ValueError):
        document(changed.pop("entries", []), **changed)


def head(**changed):
    arguments = {
        "issuer": "https://portal.example.jp",
        "environment_id": "env_1",
        "number": 3,
        "digest": "ab" * 32,
        "previous_digest": "cd" * 32,
        "entry_count": 2,
        "tree_size": 9,
        "tree_root": "ef" * 32,
        "at": AT,
        "lifetime": timedelta(minutes=10),
    }
    return list_head_claims(**(arguments | changed))


def test_a_list_head_ends():
    assert head() == {
        "iss": "https://portal.example.jp",
        "iat": 1795424407,
        "exp": 1795425007,
        "environment": "env_1",
        "version": 3,
        "digest": "ab" * 32,
        "previous": "cd" * 32,
        "entries": 2,
        "tree": {"size": 9, "root": "ef" * 32},
    }


@pytest.mark.parametrize("changed", [{"at": AT.replace(tzinfo=None)}, {"lifetime": timedelta(0)}])
def test_a_head_without_a_moment_or_an_end_is_not_made(changed):
    with pytest.raises(ValueError):
        head(**changed)


def test_a_tree_head_does_not_end():
    told = tree_head_claims(issuer="https://p.example.jp", environment_id="env_1", tree_size=9, tree_root="00", at=AT)
    assert told == {
        "iss": "https://p.example.jp",
        "iat": 1795424407,
        "environment": "env_1",
        "tree": {"size": 9, "root": "00"},
    }
    with pytest.raises(ValueError):
        tree_head_claims(issuer="", environment_id="env_1", tree_size=9, tree_root="00", at=AT.replace(tzinfo=None))


def test_moments_without_a_zone_have_no_text():
    assert utc_text(AT.astimezone(timezone(timedelta(hours=9)))) == "2026-11-23T09:00:07Z"
    with pytest.raises(ValueError):
        utc_text(AT.replace(tzinfo=None))


def test_no_statement_can_be_taken_for_another():
    assert len({LIST_TYP, LOG_TYP, LOOKUP_TYP}) == 3
