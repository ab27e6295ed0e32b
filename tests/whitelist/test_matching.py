"""Bytes match, nothing else: one vector file for look-up, simulator and preflight, and no normaliser near them."""

import ast
import base64
import json
import sys
import uuid
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from portal.providers import services as providers
from testenv import simulator
from tests.pure.whitelist_policy.return_urls import MATCHES
from tests.servers import ROOT
from verifier.pki.profiles import Purpose
from whitelist import consumers, preflight, register, services, snapshot
from whitelist.models import Entry
from whitelist.policy import asked_url, canonical, difference, host_name, url_rules

LOOKUP, PREFLIGHT = "/api/v1/whitelist/lookup", "/api/v1/whitelist/preflight"
URL = "https://bank.example.jp/jpki/return"


@pytest.fixture
def caller(cast, sandbox, keys):
    _, key = providers.issue_client(cast.bank, environment=sandbox, name="server", by=cast.hanako)
    return Client(headers={"Authorization": f"Bearer {key}"})


def enter(environment, stored: bytes, by) -> Entry:
    """An entry of exactly these bytes, whatever the rules would say about such a URL."""
    made = register.create(
        environment, url=stored, kind="browser", purposes=register.PURPOSES, ways_in=register.WAYS_IN, by=by, rules="1"
    )
    register.mark_changed(environment)
    snapshot._kept.clear()
    return made


@contextmanager
def undone():
    """What happens inside is rolled back: each vector has the list for itself."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        snapshot._kept.clear()


def post(client, path, asked: bytes) -> dict:
    body = {"asked": base64.urlsafe_b64encode(asked).rstrip(b"=").decode()}
    answer = client.post(path, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def simulated(environment, asked: bytes):
    request = simulator.Asked(
        request_id=f"request-{uuid.uuid4().hex[:12]}",
        purpose=Purpose.USER_AUTHENTICATION,
        message=b"challenge",
        return_url=asked,
        way="app_link",
    )
    return simulator.receive(environment, request)


def test_there_are_enough_vectors():
    assert len(MATCHES) >= 60
    assert len({(row["asked"], row["stored"]) for row in MATCHES}) == len(MATCHES)


def test_vectors_against_the_lookup(cast, sandbox, caller):
    for row in MATCHES:
        with undone():
            enter(sandbox, row["stored"].encode("ascii"), cast.hanako)
            listed = post(caller, LOOKUP, row["asked"].encode())["listed"]
        assert listed is (row["position"] is None), row["name"]


def test_vectors_against_preflight(cast, sandbox, caller):
    for row in MATCHES:
        with undone():
            enter(sandbox, row["stored"].encode("ascii"), cast.hanako)
            answer = post(caller, PREFLIGHT, row["asked"].encode())
        if row["position"] is None:
            assert (answer["match"], answer["state"], answer["nearest"]) == (True, "match", []), row["name"]
            continue
        assert answer["match"] is False, row["name"]
        found = answer["nearest"][0]["differences"]
        asked, stored, place = row["asked"].encode(), row["stored"].encode(), row["position"] - 1
        assert (found[0]["position"], found[0]["offset"]) == (row["position"], place), row["name"]
        assert found[0]["asked_byte"] == (f"{asked[place]:02x}" if place < len(asked) else None), row["name"]
        assert found[0]["listed_byte"] == (f"{stored[place]:02x}" if place < len(stored) else None), row["name"]
        assert [each["kind"] for each in found] == row.get("kinds", [row["kind"]]), row["name"]
        assert all(each[words][language] for each in found for words in ("title", "mend") for language in ("ja", "en"))


def test_vectors_against_the_simulator(cast, sandbox, keys):
    for row in MATCHES:
        with undone():
            enter(sandbox, row["stored"].encode("ascii"), cast.hanako)
            refusal = simulated(sandbox, row["asked"].encode()).refusal
        assert refusal == ("" if row["position"] is None else "list.no_match"), row["name"]


NORMALISERS = (canonical.canonical, canonical.canonical_of, asked_url.parse, host_name.read, url_rules.check)
EXPLAINERS = (difference.explain, difference.differences, difference.nearest)


@contextmanager
def forbidden(monkeypatch, functions):
    """Whoever calls one of these functions, under whatever name, is found out."""

    def refuse(*_arguments, **_named):
        raise AssertionError("a normaliser was called")

    with monkeypatch.context() as patched:
        for module in [m for name, m in sys.modules.items() if name.partition(".")[0] in {"whitelist", "testenv"}]:
            for name, value in list(vars(module).items()):
                if any(value is function for function in functions):
                    patched.setattr(module, name, refuse)
        yield


def test_lookup_simulator_and_list_call_no_normaliser(cast, sandbox, caller, commit, monkeypatch):
    with commit():
        services.enter_in_sandbox(sandbox, url=URL, purposes=["signature"], ways_in=["qr"], by=cast.hanako)
    snapshot._kept.clear()
    with forbidden(monkeypatch, (*NORMALISERS, *EXPLAINERS)):
        assert post(caller, LOOKUP, URL.encode())["listed"]
        assert not post(caller, LOOKUP, b"HTTPS://BANK.example.jp:443/jpki/../jpki/return")["listed"]
        assert simulated(sandbox, URL.encode() + b"/").refusal == "list.no_match"
        listed = caller.get("/api/v1/whitelist/list").json()
        assert URL in json.dumps(listed)
        assert post(caller, PREFLIGHT, URL.encode())["match"]
    with forbidden(monkeypatch, NORMALISERS), pytest.raises(AssertionError, match="normaliser"):
        services.enter_in_sandbox(sandbox, url=URL + "/2", purposes=["signature"], ways_in=["qr"], by=cast.hanako)


@pytest.mark.parametrize(
    "file",
    ["whitelist/snapshot.py", "whitelist/lists.py", "whitelist/ledger.py", "whitelist/signing.py",
     "whitelist/api/views.py", "whitelist/api/question.py", "testenv/simulator.py"],
)  # fmt: skip
def test_what_answers_does_not_even_import_one(file):
    tree = ast.parse((ROOT / file).read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    rooms = {f"whitelist.policy.{name}" for name in ("canonical", "asked_url", "url_rules", "host_name", "difference")}
    assert not imported & rooms


def test_an_entry_names_the_version_that_made_its_bytes_for_good(cast, sandbox):
    entry = enter(sandbox, URL.encode(), cast.hanako)
    assert Entry.objects.get(pk=entry.pk).canonicaliser == canonical.VERSION
    with pytest.raises(DatabaseError, match="made once"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(canonicaliser=2)


# --- states beside match and near ---


def state_of(environment, asked, provider):
    snapshot._kept.clear()
    return preflight.preflight(environment, asked, provider=provider, at=timezone.now()).state


def test_suspended_and_removed_entries_are_told_apart(cast, sandbox):
    entry = enter(sandbox, URL.encode(), cast.hanako)
    Entry.objects.filter(pk=entry.pk).update(state="suspended")
    register.mark_changed(sandbox)
    assert state_of(sandbox, URL.encode(), cast.bank) == "suspended"
    Entry.objects.filter(pk=entry.pk).update(state="removed", ended_at=timezone.now())
    register.mark_changed(sandbox)
    assert state_of(sandbox, URL.encode(), cast.bank) == "removed"


def test_listed_only_in_test(cast, sandbox):
    from portal.environments import services as environments

    enter(sandbox, URL.encode(), cast.hanako)
    assert state_of(environments.production(), URL.encode(), cast.bank) == "only_in_sandbox"
    # Another organisation does not learn what is in somebody's test environment.
    assert state_of(environments.production(), URL.encode(), cast.other) == "nothing_listed"


def test_listed_and_not_yet_taken_over_by_every_tsm(cast, published):
    """A TSM of production that has said nothing about the version with the entry."""
    from portal.environments import services as environments

    production, at = environments.production(), timezone.now()
    snapshot._kept.clear()
    before = preflight.preflight(production, URL.encode(), provider=cast.bank, at=at)
    tsm, _ = consumers.enter(production, name="TSM-Z", by=cast.osamu, at=at)
    consumers.Consumer.objects.filter(pk=tsm.pk).update(confirmed_at=at)
    found = preflight.preflight(production, URL.encode(), provider=cast.bank, at=at)
    assert (found.state, found.is_match) == ("not_yet_at_tsm", True)
    assert set(found.waiting_at) == {*before.waiting_at, "TSM-Z"}
    version = published.published_in
    consumers.acknowledge(
        tsm, number=version.number, tree_size=version.tree_size, root=version.tree_root, since=at, at=at
    )
    after = preflight.preflight(production, URL.encode(), provider=cast.bank, at=at)
    assert after.waiting_at == before.waiting_at


def test_nothing_near_and_nothing_at_all(cast, sandbox):
    assert state_of(sandbox, URL.encode(), cast.bank) == "nothing_listed"
    enter(sandbox, URL.encode(), cast.hanako)
    assert state_of(sandbox, b"https://elsewhere.example.com/x", cast.bank) == "nothing_near"
    assert state_of(sandbox, URL.encode() + b"/", cast.bank) == "near"


def test_a_key_explains_only_its_own_organisations_entries(cast, sandbox, caller):
    from portal.environments import services as environments

    others, _ = environments.request_sandbox(cast.other)
    enter(others, URL.encode(), cast.jiro)
    assert post(caller, PREFLIGHT, URL.encode() + b"/")["nearest"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"url": "a", "asked": "YQ"}, 422), ({"url": 1}, 422), ({"asked": "a b"}, 422),
     ({"url": "x" * 9000}, 422), ({"url": "a", "nonce": "12345678"}, 422), ([], 422)],
)  # fmt: skip
def test_bad_questions_are_told_as_problems(caller, body, status):
    answer = caller.post(PREFLIGHT, json.dumps(body), content_type="application/json")
    assert answer.status_code in {400, status}
    assert answer["Content-Type"].startswith("application/problem+json")


def test_without_a_key_nothing_is_answered(db):
    assert Client().post(PREFLIGHT, {"url": URL}, content_type="application/json").status_code == 401


# --- the page ---

PASTES = [
    (URL + "/", "36バイト目"),
    ("https://bank.example.jp/jpki/Return/", "30バイト目"),
    (
        "/test-environment/app?return_url=https%3A%2F%2Fbank.example.jp%2Fjpki%2Freturn%2F&way=qr",
        "36バイト目",
    ),
    (f'{{"request_id": "r", "return_url": "{URL}/"}}', "36バイト目"),
    (f'2026-11-23T12:00:00Z INFO sent to "{URL}/" in 12 ms', "36バイト目"),
    (URL, "すべてのバイトが同じ"),
    ("\ufeff" + URL, "1バイト目"),
    ("https://nowhere.example.com/x", "近い登録もありません"),
    ("\x00\x01", "一致しません"),
    ("x" * 5000, "一致しません"),
]


@pytest.mark.parametrize(("text", "told"), PASTES)
def test_the_page_tells_the_byte_whatever_is_pasted(cast, sandbox, text, told):
    from tests import cast as everybody

    enter(sandbox, URL.encode(), cast.hanako)
    answer = everybody.browser_of(cast.hanako).get("/whitelist/match/", {"url": text})
    assert answer.status_code == 200
    assert told in answer.content.decode()
