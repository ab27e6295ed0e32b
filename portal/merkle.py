"""Merkle trees of transparency logs (RFC 9162 section 2.1), with SHA-256: roots, proofs, and their verification.

Pure. A leaf hash and a node hash have different prefixes, so that no inner node can be passed off as a leaf. A `Tree`
keeps the hash of every complete subtree: appending a leaf costs about one hash, a proof a logarithm of the size. The
functions beside it take all leaf hashes at once. Proofs are lists of hashes from the leaf's level up to the root's.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """HASH(0x00 || content)."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """HASH(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree over leaf hashes. Every past size keeps its root and its proofs."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        # _levels[k][i] is the hash of the complete subtree over leaves i * 2**k to (i + 1) * 2**k.
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def copy(self) -> "Tree":
        """A tree of its own with the same leaves."""
        twin = Tree()
        twin._levels = [list(level) for level in self._levels]
        return twin

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash at the end."""
        level, hashed = 0, leaf
        self._levels[0].append(hashed)
        while len(self._levels[level]) % 2 == 0:
            left, right = self._levels[level][-2:]
            hashed = node_hash(left, right)
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(hashed)

    def leaf(self, index: int) -> bytes:
        """The leaf hash at `index`. Raises IndexError."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._levels[0][index]

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves (all of them when None). Raises ValueError beyond the tree."""
        size = self._checked(size)
        return self._over(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """PATH(index, D[size]) of section 2.1.3.1. Raises ValueError when `index` is not below `size`."""
        size = self._checked(size)
        if not 0 <= index < size:
            raise ValueError("no such leaf at this size")
        return self._path(index, 0, size)

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """PROOF(old_size, D[size]) of section 2.1.4.1; empty when the sizes are equal or the old tree was empty.

        Raises ValueError when `old_size` is above `size`.
        """
        size = self._checked(size)
        if not 0 <= old_size <= size:
            raise ValueError("the older tree is not larger")
        return self._subproof(old_size, 0, size, True) if 0 < old_size < size else []

    def _checked(self, size: int | None) -> int:
        size = len(self) if size is None else size
        if not 0 <= size <= len(self):
            raise ValueError("the tree has not been that large")
        return size

    def _over(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]); `start` is a multiple of the power of two that covers the range."""
        count = end - start
        if count & (count - 1) == 0:
            return self._levels[count.bit_length() - 1][start // count]
        middle = start + _split(count)
        return node_hash(self._over(start, middle), self._over(middle, end))

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if index < middle:
            return [*self._path(index, start, middle), self._over(middle, end)]
        return [*self._path(index, middle, end), self._over(start, middle)]

    def _subproof(self, old_end: int, start: int, end: int, is_known: bool) -> list[bytes]:
        """SUBPROOF; `is_known`: the verifier knows the hash of the older tree's part as the old root."""
        if old_end == end:
            return [] if is_known else [self._over(start, end)]
        middle = start + _split(end - start)
        if old_end <= middle:
            return [*self._subproof(old_end, start, middle, is_known), self._over(middle, end)]
        return [*self._subproof(old_end, middle, end, False), self._over(start, middle)]


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; of none, the hash of the empty string."""
    return Tree(leaves).root()


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof that leaf hash number `index` is among `leaves`. Raises ValueError when there is none."""
    return Tree(leaves).inclusion_proof(index)


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The proof that the tree over the first `old_size` leaf hashes was only appended to."""
    return Tree(leaves).consistency_proof(old_size)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether `proof` shows the leaf hash at `index` in the tree of `size` with that root (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, hashed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            hashed = node_hash(sibling, hashed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and hashed == expected_root


def verify_consistency(old_size: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` begins with that of `old_size` (section 2.1.4.2).

    Two trees of one size are consistent exactly when their roots are equal; every tree begins with the empty one.
    """
    if not 0 <= old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return bool(path) and _is_consistent(old_size - 1, size - 1, path, old_root, new_root)


def _is_consistent(place: int, last: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)
