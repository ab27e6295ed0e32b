"""What a TSM's copy believes. The publisher here is written by hand, so that it can lie."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from portal import merkle
from testenv.tsm.whitelist_copy import CopyRefused, WhitelistCopy, look_up, take

AT = datetime(2026, 11, 23, 0, 0, 0, tzinfo=UTC)
TYP = "jpki-whitelist+jwt"


def entry(number, purposes=("signature",), ways=("qr",)):
    url = f"https://sp{number}.example.jp/return"
    return {"id": f"E-{number}", "url": url, "kind": "browser", "purposes": list(purposes), "ways_in": list(ways),
            "since": "2026-11-23T00:00:00Z"}  # fmt: skip


class Publisher:
    """Signs what it is told to; keeps its leaves, so that it can prove, or fail to."""

    def __init__(self, leaves=()):
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        self.keys = [{**public, "kid": "list_1", "alg": "ES256", "purpose": "list"}]
        self.leaves, self.versions, self.entries = list(leaves), {}, {}

    def publish(self, version, entries, **lies):
        for one in entries:
            if one["id"] not in self.entries:
                self.leaves.append(json.dumps({"change": "entered", "entry": one}))
        for gone in self.entries.keys() - {one["id"] for one in entries}:
            self.leaves.append(json.dumps({"change": "removed", "entry_id": gone}))
        self.leaves.append(json.dumps({"change": "version", "version": version}))
        self.entries = {one["id"]: one for one in entries}
        self.versions[version] = len(self.leaves)
        return self.answer(version, **lies)

    @property
    def tree(self):
        return merkle.Tree(merkle.leaf_hash(leaf.encode()) for leaf in self.leaves)

    def answer(self, version, *, at=AT, since=None, typ=TYP, key=None, **lies):
        size = self.versions[version]
        document = {"environment": "env_1", "version": version, "previous": None, "published_at": "t",
                    "entries": sorted(self.entries.values(), key=lambda one: one["url"])}  # fmt: skip
        text = json.dumps(document, sort_keys=True, separators=(",", ":"))
        claims = {
            "iat": int(at.timestamp()), "exp": int(at.timestamp()) + 600, "environment": "env_1", "version": version,
            "digest": hashlib.sha256(text.encode()).hexdigest(), "previous": None,
            "tree": {"size": size, "root": self.tree.root(size).hex()},
        }  # fmt: skip
        jws = jwt.encode(claims | lies, key or self.key, algorithm="ES256", headers={"kid": "list_1", "typ": typ})
        told = {"statement": jws, "published_at": "t", "since": since}
        if since is None:
            return told | {"entries": list(self.entries.values())}
        start = self.versions[since]
        proof = [step.hex() for step in self.tree.consistency_proof(start, size)]
        return told | {"leaves": self.leaves[start:size], "consistency": proof}


@pytest.fixture
def publisher():
    return Publisher()


def taken(publisher, held, answer, at=AT, **changes):
    return take(held, answer, **({"environment": "env_1", "keys": publisher.keys, "at": at} | changes))


def refused(publisher, held, answer, **changes):
    with pytest.raises(CopyRefused) as why:
        taken(publisher, held, answer, **changes)
    return why.value.code


def test_a_whole_list_then_a_delta(publisher):
    first = taken(publisher, None, publisher.publish(1, [entry(1), entry(2)]))
    second = taken(publisher, first, publisher.publish(2, [entry(2), entry(3)], since=1))
    assert (second.version, sorted(second.entries)) == (2, ["E-2", "E-3"])
    assert WhitelistCopy.from_json(json.loads(json.dumps(second.as_json()))) == second


def test_a_renewed_head_lengthens_the_copy_s_life(publisher):
    first = taken(publisher, None, publisher.publish(1, [entry(1)]))
    later = AT + timedelta(minutes=5)
    renewed = taken(publisher, first, publisher.answer(1, at=later, since=1), at=later)
    assert renewed.valid_until == first.valid_until + 300


def test_a_lower_version_is_refused(publisher):
    """Rollback: an old list, truly signed and still in its time."""
    old = publisher.publish(1, [entry(1)])
    held = taken(publisher, None, publisher.publish(2, []))
    assert refused(publisher, held, old) == "copy.rollback"


def test_an_old_head_cannot_be_shown_for_ever(publisher):
    """Freeze: nothing new arrives. The old head is refused once it has ended, and the copy stops answering."""
    answer = publisher.publish(1, [entry(1)])
    held = taken(publisher, None, answer)
    assert refused(publisher, held, answer, at=AT + timedelta(seconds=600)) == "copy.ended"
    url = b"https://sp1.example.jp/return"
    assert look_up(held, url, purpose="signature", way_in="qr", at=AT + timedelta(seconds=599)).code == "ok"
    assert look_up(held, url, purpose="signature", way_in="qr", at=AT + timedelta(seconds=600)).code == "copy.ended"


def test_two_trees_of_one_size_are_a_split_view(publisher):
    held = taken(publisher, None, publisher.publish(1, [entry(1)]))
    other = Publisher()
    other.key, other.keys = publisher.key, publisher.keys
    assert refused(publisher, held, other.publish(1, [entry(9)])) == "copy.split_view"
    assert refused(publisher, held, other.publish(2, [entry(9)])) != "ok"


def test_a_rewritten_history_is_refused(publisher):
    held = taken(publisher, None, publisher.publish(1, [entry(1)]))
    other = Publisher()
    other.key, other.keys = publisher.key, publisher.keys
    other.publish(1, [entry(9)])
    answer = other.publish(2, [entry(9), entry(1)])
    proof = [step.hex() for step in other.tree.consistency_proof(held.tree_size)]
    assert refused(publisher, held, answer, consistency=proof) == "copy.history_rewritten"
    assert refused(publisher, held, answer) == "copy.history_rewritten"
    assert refused(publisher, held, answer, consistency=["zz"]) == "copy.history_rewritten"


def test_a_cut_off_tail_is_a_rollback(publisher):
    held = taken(publisher, None, publisher.publish(1, [entry(1), entry(2)]))
    assert refused(publisher, held, publisher.answer(1, tree={"size": 2, "root": "00" * 32})) == "copy.rollback"


def test_a_tampered_row_has_another_digest(publisher):
    answer = publisher.publish(1, [entry(1)])
    answer["entries"][0] = {**answer["entries"][0], "url": "https://attacker.example/"}
    assert refused(publisher, None, answer) == "copy.digest_differs"


@pytest.mark.parametrize(
    ("lies", "code"),
    [
        ({"typ": "jpki-whitelist-lookup+jwt"}, "copy.bad_signature"),
        ({"key": ec.generate_private_key(ec.SECP256R1())}, "copy.bad_signature"),
        ({"environment": "env_2"}, "copy.other_environment"),
        ({"digest": "00" * 32}, "copy.digest_differs"),
        ({"at": AT + timedelta(hours=1)}, "copy.not_begun"),
        ({"at": AT - timedelta(hours=1)}, "copy.ended"),
    ],
)
def test_lies_of_the_head(publisher, lies, code):
    assert refused(publisher, None, publisher.publish(1, [entry(1)], **lies)) == code


def test_a_key_of_another_purpose_signs_no_list(publisher):
    answer = publisher.publish(1, [entry(1)])
    keys = [{**publisher.keys[0], "purpose": "lookup"}]
    assert refused(publisher, None, answer, keys=keys) == "copy.bad_signature"
    assert refused(publisher, None, {"statement": "not.a.jws"}) == "copy.bad_signature"


def test_a_delta_from_another_version_is_refused(publisher):
    held = taken(publisher, None, publisher.publish(1, [entry(1)]))
    publisher.publish(2, [entry(2)])
    publisher.publish(3, [entry(3)])
    answer = publisher.answer(3, since=2)
    proof = [step.hex() for step in publisher.tree.consistency_proof(held.tree_size)]
    assert refused(publisher, held, answer | {"consistency": proof}) == "copy.other_base"


@pytest.mark.parametrize(
    ("url", "purpose", "way", "code"),
    [
        (b"https://sp1.example.jp/return", "signature", "qr", "ok"),
        (b"https://sp1.example.jp/return", "user_authentication", "qr", "list.purpose_not_granted"),
        (b"https://sp1.example.jp/return", "signature", "app_link", "list.way_not_granted"),
        (b"https://sp1.example.jp/return/", "signature", "qr", "list.no_match"),
        (b"\xff", "signature", "qr", "list.no_match"),
    ],
)
def test_look_ups(publisher, url, purpose, way, code):
    held = taken(publisher, None, publisher.publish(1, [entry(1)]))
    assert look_up(held, url, purpose=purpose, way_in=way, at=AT).code == code


def test_without_a_copy_nothing_is_listed():
    assert look_up(None, b"x", purpose="signature", way_in="qr", at=AT).code == "copy.none"
