"""The change log for anybody: head, leaves, inclusion and consistency, verified with the pure functions."""

import json

import jwt
import pytest
from django.test import Client

from portal import merkle
from portal.environments import services as environments
from portal.providers import services as providers
from tests.whitelist.test_change_log import enter, publish, verified
from whitelist.models import Entry

LOG = "/api/v1/whitelist/log"


@pytest.fixture
def anybody(published):
    return Client(headers={"Accept-Language": "en"})


def test_the_head_verifies_and_names_the_list(anybody):
    head = anybody.get(f"{LOG}/head").json()
    assert head["environment"]["id"] == "env_production"
    assert verified(head["statement"], "jpki-whitelist-log+jwt")["tree"] == head["tree"]
    listed = verified(head["list"]["statement"], "jpki-whitelist+jwt")
    assert (listed["version"], listed["tree"]) == (head["list"]["version"], head["tree"])


def test_the_leaves_make_the_root(anybody):
    head = anybody.get(f"{LOG}/head").json()
    told = anybody.get(f"{LOG}/leaves").json()
    hashes = [merkle.leaf_hash(leaf.encode()) for leaf in told["leaves"]]
    assert merkle.root(hashes).hex() == head["tree"]["root"]
    assert [json.loads(leaf)["index"] for leaf in told["leaves"]] == list(range(told["size"]))
    part = anybody.get(f"{LOG}/leaves?start=1&end=2").json()
    assert (part["start"], part["end"], part["leaves"]) == (1, 2, told["leaves"][1:2])


def test_an_entry_s_inclusion_is_proved(anybody):
    entry = Entry.objects.get()
    told = anybody.get(f"{LOG}/inclusion?entry={entry.public_id}").json()
    leaf = merkle.leaf_hash(told["leaf"].encode())
    path = [bytes.fromhex(step) for step in told["path"]]
    assert json.loads(told["leaf"])["entry"]["url"] == entry.url_text
    assert merkle.verify_inclusion(leaf, told["index"], told["tree"]["size"], path, bytes.fromhex(told["tree"]["root"]))
    assert anybody.get(f"{LOG}/inclusion?index={told['index']}").json() == told


def test_growth_is_proved(sandbox, cast, now, keys):
    roots = []
    for path in ("one", "two"):
        enter(sandbox, cast, path)
        roots.append(publish(sandbox, now))
    _, key = providers.issue_client(cast.bank, environment=sandbox, name="server", by=cast.hanako)
    client = Client(headers={"Authorization": f"Bearer {key}"})
    told = client.get(f"{LOG}/consistency?first={roots[0].tree_size}").json()
    old, new = (bytes.fromhex(version.tree_root) for version in roots)
    path = [bytes.fromhex(step) for step in told["path"]]
    assert merkle.verify_consistency(told["first"], old, told["second"], new, path)


def test_a_key_shows_its_own_environment_s_log(sandbox, cast, published, now):
    enter(sandbox, cast)
    publish(sandbox, now)
    _, key = providers.issue_client(cast.bank, environment=sandbox, name="server", by=cast.hanako)
    own = Client(headers={"Authorization": f"Bearer {key}"}).get(f"{LOG}/head").json()
    assert own["environment"]["id"] == sandbox.public_id
    assert Client().get(f"{LOG}/head").json()["environment"]["id"] == "env_production"
    assert Client(headers={"Authorization": "Bearer spk_test_x"}).get(f"{LOG}/head").status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "leaves?start=99",
        "leaves?start=2&end=1",
        "leaves?start=x",
        "leaves?other=1",
        "inclusion",
        "inclusion?index=1&entry=E-00001",
        "inclusion?index=99",
        "inclusion?index=1&size=99",
        "inclusion?entry=E-99999",
        "inclusion?entry=E-00001&size=1",
        "inclusion?index=1&size=1",
        "consistency",
        "consistency?first=9",
        "consistency?first=2&second=1",
        "consistency?first=0&second=99",
    ],
)
def test_what_cannot_be_proved_is_said(anybody, query):
    answer = anybody.get(f"{LOG}/{query}")
    assert answer.status_code == 422, answer.content
    assert answer.json()["code"] == "request.invalid"


def test_before_the_first_version_there_is_no_head(db):
    environments.production()
    assert Client().get(f"{LOG}/head").status_code == 404
    assert Client().get(f"{LOG}/leaves").json() == {"start": 0, "end": 0, "size": 0, "leaves": []}


def test_the_head_is_not_a_list_head(anybody):
    head = anybody.get(f"{LOG}/head").json()
    assert jwt.get_unverified_header(head["statement"])["kid"].startswith("log_")
    assert jwt.get_unverified_header(head["list"]["statement"])["kid"].startswith("list_")
