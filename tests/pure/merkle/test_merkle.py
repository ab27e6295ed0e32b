"""Against the known answers of the Certificate Transparency reference tree, and by properties."""

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import merkle

# The eight leaves and roots that implementations of RFC 6962 (whose tree RFC 9162 keeps) are tested with.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf, size) -> proof, (old size, size) -> proof, from the same source.
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def hashes(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def plain_root(leaves: list[bytes]) -> bytes:
    """MTH as section 2.1.1 writes it, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:split]) + plain_root(leaves[split:])).digest()


def test_known_roots():
    tree = merkle.Tree()
    assert tree.root().hex() == ROOTS[0]
    for size, content in enumerate(LEAVES, start=1):
        tree.append(merkle.leaf_hash(content))
        assert tree.root().hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "proof"), INCLUSION.items())
def test_known_inclusion_proofs(place, proof):
    index, size = place
    leaves = [merkle.leaf_hash(content) for content in LEAVES[:size]]
    assert [step.hex() for step in merkle.inclusion_proof(index, leaves)] == proof
    steps = [bytes.fromhex(step) for step in proof]
    assert merkle.verify_inclusion(leaves[index], index, size, steps, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("sizes", "proof"), CONSISTENCY.items())
def test_known_consistency_proofs(sizes, proof):
    old, new = sizes
    leaves = [merkle.leaf_hash(content) for content in LEAVES[:new]]
    assert [step.hex() for step in merkle.consistency_proof(old, leaves)] == proof
    steps = [bytes.fromhex(step) for step in proof]
    assert merkle.verify_consistency(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), steps)


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_is_what_the_definition_says(contents):
    leaves = [merkle.leaf_hash(content) for content in contents]
    assert merkle.root(leaves) == plain_root(leaves)


sizes = st.integers(1, 130)


@given(sizes, st.data())
def test_every_leaf_proves_its_place_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    leaves = hashes(size)
    proof, root = merkle.inclusion_proof(index, leaves), merkle.root(leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
    other = data.draw(st.integers(-1, size))
    assert other == index or not merkle.verify_inclusion(leaves[index], other, size, proof, root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, root], root)
    assert not proof or not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root)


@given(sizes, st.data())
def test_appending_is_proved_and_rewriting_is_not(size, data):
    old = data.draw(st.integers(0, size))
    leaves = hashes(size)
    tree = merkle.Tree(leaves)
    proof = tree.consistency_proof(old)
    assert merkle.verify_consistency(old, tree.root(old), size, tree.root(), proof)
    if 0 < old:
        rewritten = [*leaves[: old - 1], merkle.leaf_hash(b"another"), *leaves[old:]]
        assert not merkle.verify_consistency(old, merkle.root(rewritten[:old]), size, tree.root(), proof)
        assert not merkle.verify_consistency(
            old, tree.root(old), size, merkle.root(rewritten), merkle.consistency_proof(old, rewritten)
        )
        assert not merkle.verify_consistency(old, tree.root(old), size, tree.root(), [*proof, tree.root()])


@given(sizes, st.data())
def test_a_grown_tree_still_answers_for_its_past(size, data):
    past = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, past - 1))
    tree, leaves = merkle.Tree(hashes(size)), hashes(size)
    assert tree.root(past) == merkle.root(leaves[:past])
    assert tree.inclusion_proof(index, past) == merkle.inclusion_proof(index, leaves[:past])


def test_two_trees_of_one_size_are_not_consistent():
    one, two = merkle.root(hashes(5)), merkle.root([*hashes(4), merkle.leaf_hash(b"x")])
    assert merkle.verify_consistency(5, one, 5, one, [])
    assert not merkle.verify_consistency(5, one, 5, two, [])
    assert not merkle.verify_consistency(6, one, 5, one, [])


@pytest.mark.parametrize("ask", [lambda t: t.root(9), lambda t: t.inclusion_proof(8), lambda t: t.inclusion_proof(-1),
                                 lambda t: t.consistency_proof(9), lambda t: t.consistency_proof(-1)])  # fmt: skip
def test_what_a_tree_cannot_prove_is_an_error(ask):
    with pytest.raises(ValueError):
        ask(merkle.Tree(hashes(8)))


def test_a_leaf_more_costs_little():
    tree = merkle.Tree(hashes(100_000))
    started = time.perf_counter()
    for number in range(100):
        tree.append(merkle.leaf_hash(b"%d" % number))
        tree.root()
    assert (time.perf_counter() - started) / 100 < 0.001
