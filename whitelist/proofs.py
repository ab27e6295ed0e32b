"""What anybody may ask of a change log: its head, its leaves, and the proofs over them (RFC 9162 section 2.1)."""

from dataclasses import dataclass
from typing import Any

from whitelist import ledger
from whitelist.models import ListVersion, LogLeaf

MOST_LEAVES = 1000


@dataclass(frozen=True)
class Inclusion:
    """That a leaf stands at `index` in the tree of `size` with `root`; hashes are hexadecimal, leaf upwards."""

    index: int
    content: str
    leaf_hash: str
    size: int
    root: str
    path: tuple[str, ...]

    @property
    def steps(self) -> list[tuple[str, bool]]:
        """(hash, whether it stands at the left) from the leaf up: RFC 9162 section 2.1.3.2 as a ladder."""
        place, last, found = self.index, self.size - 1, []
        for sibling in self.path:
            is_left = bool(place & 1) or place == last
            found.append((sibling, is_left))
            while is_left and not place & 1 and place:
                place, last = place >> 1, last >> 1
            place, last = place >> 1, last >> 1
        return found


def size_of(environment: Any) -> int:
    return ledger.of(environment.pk).size


def inclusion(environment: Any, *, index: int, size: int) -> Inclusion | None:
    """The proof for the leaf at `index` in the tree of `size`; None when there is no such leaf or tree."""
    book = ledger.of(environment.pk)
    if not 0 <= index < size <= book.size:
        return None
    path = tuple(step.hex() for step in book.tree.inclusion_proof(index, size))
    content = ledger.leaves(environment.pk, index, index + 1)[0]
    return Inclusion(index, content, book.tree.leaf(index).hex(), size, book.root(size), path)


def leaf_of_entry(environment: Any, entry_id: str, *, size: int) -> int | None:
    """The last leaf below `size` that says something about the entry: what is so now, or was so then."""
    rows = LogLeaf.objects.filter(environment=environment, entry_public_id=entry_id, index__lt=size)
    return rows.order_by("-index").values_list("index", flat=True).first()


def consistency(environment: Any, *, first: int, second: int) -> list[str] | None:
    """The proof that the tree of `second` begins with that of `first`; None when there are no such trees."""
    book = ledger.of(environment.pk)
    if not 0 <= first <= second <= book.size:
        return None
    return [step.hex() for step in book.tree.consistency_proof(first, second)]


def leaves(environment: Any, *, start: int, end: int) -> list[str]:
    """Contents of the leaves from `start` to before `end`, at most MOST_LEAVES of them."""
    return ledger.leaves(environment.pk, start, min(end, start + MOST_LEAVES))


def versions_of(environment: Any) -> Any:
    return ListVersion.objects.filter(environment=environment).order_by("-number")
